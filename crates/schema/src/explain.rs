//! What became of each leaf of an event, for those who want to see it.

#[cfg(test)]
mod tests;

use crate::encoder::{Encoder, Scratch};
use crate::program::{Observer, Taken};
use crate::schema::Schema;
use crate::table::Form;
use std::collections::HashMap;
use trail_event::{Event, Field, Kind, Reader, Value};

/// Where a leaf of a record went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Its path in the record: keys with dots between them, `[]` for the elements of arrays, and
    /// quotes around keys that hold dots. A path stands for all that the record has at it.
    pub from: String,
    /// Where it went in the output. Other than paths: `redacted` where it was hidden (followed by
    /// where what is left of it went), `as it is` where the output is the record, and `says
    /// nothing` for null, `{}` and `[]`.
    pub to: Vec<String>,
}

const REDACTED: &str = "redacted";
const AS_IT_IS: &str = "as it is";
const SAYS_NOTHING: &str = "says nothing";

impl Encoder {
    /// Tells where each leaf of `event` goes, in the order of the record.
    ///
    /// An attribute that is only derived from a field (as an outcome is from an error) is not where
    /// the field went.
    #[must_use]
    pub fn explain(&self, event: &Event<'_>, scratch: &mut Scratch) -> Vec<Trace> {
        let mut record = Record::default();
        self.observed(event, scratch, &mut record, &mut Vec::new());
        let mut redacted = String::new();
        let is_redacted = self.redaction().apply(event, &mut redacted);
        let shown = if is_redacted { redacted.as_str() } else { event.json() };
        let mut reader = Reader::new();
        let places = Places::new(self.schema(), &record, &reader.read(event.index(), shown));
        let shown = Leaves::of(shown);
        let whole = Leaves::of(event.json());
        let traces = whole.order.iter().filter_map(|path| {
            let (leaf, now) = (whole.leaves.get(path)?, shown.leaves.get(path));
            Some(Trace { from: path.clone(), to: leaf.to(now, &places) })
        });
        traces.collect()
    }
}

/// What the program told.
#[derive(Default)]
struct Record {
    wrote: Vec<(&'static str, Vec<Field>)>,
    left: Option<(&'static str, Form, Taken)>,
}

impl Observer for Record {
    fn wrote(&mut self, path: &'static str, fields: &[Field]) {
        self.wrote.push((path, fields.to_vec()));
    }

    fn left(&mut self, path: &'static str, form: Form, taken: &Taken) {
        self.left = Some((path, form, *taken));
    }
}

/// Where things of the record go.
struct Places {
    is_verbatim: bool,
    /// Paths of fields, and the attributes written from them.
    attributes: Vec<(String, &'static str)>,
    /// Where the rest goes, and how.
    rest: Option<(&'static str, Form)>,
    /// Paths of members that are part of the rest.
    left: Vec<String>,
}

impl Places {
    fn new(schema: Schema, record: &Record, event: &Event<'_>) -> Self {
        let attributes = record
            .wrote
            .iter()
            .flat_map(|(path, fields)| fields.iter().map(|field| (field.to_string(), *path)));
        let left = record.left.iter().flat_map(|(_, _, taken)| {
            let members = event.members_but(|field| taken.has(field));
            members.filter(|member| !member.is_taken_apart()).map(|member| {
                let parent = member.parent.map(|parent| format!("{parent}."));
                format!("{}{}", parent.unwrap_or_default(), member.key)
            })
        });
        Self {
            is_verbatim: schema == Schema::CloudTrail,
            attributes: attributes.collect(),
            rest: record.left.map(|(path, form, _)| (path, form)),
            left: left.collect(),
        }
    }

    /// Where a leaf goes: `path` is as a reader likes it, `plain` has no quotes.
    fn of(&self, path: &str, plain: &str) -> Vec<String> {
        if self.is_verbatim {
            return vec![AS_IT_IS.to_owned()];
        }
        let mut to: Vec<String> = Vec::new();
        for (field, attribute) in &self.attributes {
            if lies_in(plain, field) && !to.iter().any(|other| other == attribute) {
                to.push((*attribute).to_owned());
            }
        }
        if let Some((rest, form)) = self.rest
            && self.left.iter().any(|member| lies_in(plain, member))
        {
            to.push(match form {
                Form::FlatMap | Form::FlatMapText => format!("{rest}.\"{plain}\""),
                Form::Nested => format!("{rest}.{path}"),
            });
        }
        to
    }
}

/// Whether a path is another or one below it.
fn lies_in(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Leaves of a record.
#[derive(Default)]
struct Leaves<'r> {
    order: Vec<String>,
    leaves: HashMap<String, Leaf<'r>>,
}

/// What a record has at one path.
struct Leaf<'r> {
    path: String,
    /// The path as the flat map has it.
    plain: String,
    values: Vec<Value<'r>>,
}

impl<'r> Leaves<'r> {
    fn of(record: &'r str) -> Self {
        let mut leaves = Self::default();
        for (key, value) in Value::new(record).members() {
            leaves.visit(quoted(&key.unescaped()), key.unescaped().into_owned(), value);
        }
        leaves
    }

    fn visit(&mut self, path: String, plain: String, value: Value<'r>) {
        match value.kind() {
            Kind::Object if !value.is_empty() => {
                for (key, value) in value.members() {
                    let key = key.unescaped();
                    self.visit(format!("{path}.{}", quoted(&key)), format!("{plain}.{key}"), value);
                }
            }
            Kind::Array if !value.is_empty() => {
                for value in value.elements() {
                    self.visit(format!("{path}[]"), format!("{plain}[]"), value);
                }
            }
            Kind::Null
            | Kind::Boolean
            | Kind::Number
            | Kind::String
            | Kind::Array
            | Kind::Object => self.leaf(path, plain, value),
        }
    }

    fn leaf(&mut self, path: String, plain: String, value: Value<'r>) {
        if !self.leaves.contains_key(&path) {
            self.order.push(path.clone());
        }
        let leaf = Leaf { path: path.clone(), plain, values: Vec::new() };
        self.leaves.entry(path).or_insert(leaf).values.push(value);
    }
}

impl Leaf<'_> {
    /// Where it went; `now` is what redaction has left of it.
    fn to(&self, now: Option<&Leaf<'_>>, places: &Places) -> Vec<String> {
        if self.values.iter().all(|value| value.is_empty()) {
            return vec![SAYS_NOTHING.to_owned()];
        }
        let Some(now) = now else { return vec![REDACTED.to_owned()] };
        let mut to = places.of(&self.path, &self.plain);
        if now.values != self.values {
            to.insert(0, REDACTED.to_owned());
        }
        to
    }
}

/// A key of a path.
fn quoted(key: &str) -> String {
    if key.is_empty() || key.contains(['.', '"', '[', ' ']) {
        format!("\"{}\"", key.replace('"', "\\\""))
    } else {
        key.to_owned()
    }
}
