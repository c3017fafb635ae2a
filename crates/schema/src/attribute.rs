//! The attributes of the schemas, for who documents them: read off the tables that the encoder
//! runs.

use crate::ecs::{self, Entry};
use crate::flat;
use crate::ocsf::{self, Class, Version};
use crate::schema::Schema;
use crate::table::{As, Form, Row, Source};
use trail_event::Field;

/// An attribute of a schema. Several may have one path: at most one of them is in an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its path in the output, with dots.
    pub path: &'static str,
    /// The fields of a record it is written from. One that only decides what is written is not
    /// among them.
    pub from: Vec<Field>,
    /// How it is written, or of what it is made.
    pub says: String,
    /// Where it is found, if not in every event that has what it is written from: classes of OCSF,
    /// options of ECS.
    pub only: Vec<String>,
}

impl Schema {
    /// The attributes of this schema, in the order of the output; none for `cloudtrail`, which is
    /// the record. With default options but for what [`Attribute::only`] names.
    #[must_use]
    pub fn attributes(self) -> Vec<Attribute> {
        match self {
            Self::CloudTrail => Vec::new(),
            Self::Ocsf18 => of_ocsf(Version::V1_8),
            Self::Ocsf11 => of_ocsf(Version::V1_1),
            Self::Ecs => ecs::entries().map(of_ecs).collect(),
            Self::Flat => flat::rows().map(|row| Attribute::of(&row)).collect(),
        }
    }
}

fn of_ocsf(version: Version) -> Vec<Attribute> {
    let is_in = |class: &Class, attribute: &ocsf::Attribute| attribute.is_in(version, *class);
    let attributes = ocsf::attributes().filter_map(|attribute| {
        let classes: Vec<Class> =
            Class::ALL.into_iter().filter(|class| is_in(class, attribute)).collect();
        let is_all = classes.len() == Class::ALL.len();
        let names = classes.iter().filter(|_| !is_all).map(|class| class.caption().to_owned());
        let only = names.collect();
        (!classes.is_empty()).then(|| Attribute { only, ..Attribute::of(&attribute.row) })
    });
    let rest: Row<()> = Row::remaining("unmapped", Form::FlatMap);
    attributes.chain([Attribute::of(&rest)]).collect()
}

fn of_ecs(entry: &Entry) -> Attribute {
    let only = entry.only().map(str::to_owned).into_iter().collect();
    Attribute { only, ..Attribute::of(entry.row()) }
}

impl Attribute {
    fn of<F>(row: &Row<F>) -> Self {
        let (from, says) = match &row.source {
            Source::Constant(json) => (Vec::new(), format!("always `{json}`")),
            Source::Field(field, convert) => (vec![*field], convert.says().to_owned()),
            Source::First(fields, convert) => (fields.to_vec(), joined("", *convert)),
            Source::Chosen(chosen, convert) => {
                (chosen.among.to_vec(), joined(chosen.says, *convert))
            }
            Source::Derived(derived) => (derived.takes.to_vec(), derived.says.to_owned()),
            Source::Remaining(form) => (Vec::new(), form.says().to_owned()),
        };
        Self { path: row.path, from, says, only: Vec::new() }
    }
}

fn joined(says: &str, convert: As) -> String {
    let parts = [says, convert.says()].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("; ")
}

impl Form {
    fn says(self) -> &'static str {
        match self {
            Self::FlatMap => "all else, as one object of strings, keyed by path",
            Self::Nested => "all else, as it stands in the record",
            Self::FlatMapText => {
                "all else, as one object of strings, keyed by path, as JSON in a string"
            }
        }
    }
}
