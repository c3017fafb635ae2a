//! The ways in which a record is encoded: every schema, with every choice that it leaves.

use super::json;
use anyhow::Context as _;
use serde_json::Value;
use trail_event::Reader;
use trail_schema::ecs::{self, Dialect, Original};
use trail_schema::ocsf::{self, Detail, Unmapped};
use trail_schema::{Encoder, Format, Redaction, Schema, Scratch};

/// One way.
#[derive(Debug)]
pub(crate) struct Form {
    /// For people.
    pub(crate) name: String,
    pub(crate) encoder: Encoder,
    unmapped: Unmapped,
}

impl Form {
    fn new(format: &Format, options: &str) -> Self {
        let name = format!("{}{options}", format.schema.name());
        Self { name, encoder: Encoder::new(format), unmapped: format.ocsf.unmapped }
    }

    /// Whether what has no place is objects within objects, as in the record.
    pub(crate) fn is_nested(&self) -> bool {
        self.unmapped == Unmapped::Nested
    }

    /// What becomes of a record, with memory that has met no other.
    pub(crate) fn line(&self, record: &str) -> anyhow::Result<String> {
        let mut line = Vec::new();
        let mut reader = Reader::new();
        self.encoder.encode(&reader.read(0, record), &mut Scratch::default(), &mut line);
        String::from_utf8(line).with_context(|| self.name.clone())
    }

    /// The same, read.
    pub(crate) fn document(&self, record: &str) -> anyhow::Result<Value> {
        self.read(&self.line(record)?)
    }

    /// What such a line says.
    pub(crate) fn read(&self, line: &str) -> anyhow::Result<Value> {
        json::parse(line).with_context(|| format!("{}: {line}", self.name))
    }
}

/// All of them, with nothing hidden.
pub(crate) fn all() -> Vec<Form> {
    let others = [Schema::CloudTrail, Schema::Flat].map(plain);
    let forms = others.into_iter().chain(ocsf());
    forms.chain(ecs(Dialect::Strict)).chain(ecs(Dialect::Integration)).collect()
}

/// Some of them in which each choice is made either way, for many records.
pub(crate) fn some() -> Vec<Form> {
    let mut forms = all();
    let is_either = |form: &Form| {
        let made =
            ["Extended", "Nested", "Integration", "Keep"].map(|choice| form.name.contains(choice));
        made[0] == made[1] && made[2] == made[3]
    };
    forms.retain(is_either);
    forms
}

/// Both versions of OCSF.
pub(crate) fn ocsf() -> Vec<Form> {
    let mut forms = Vec::new();
    for schema in [Schema::Ocsf11, Schema::Ocsf18] {
        for detail in [Detail::SecurityLake, Detail::Extended] {
            for unmapped in [Unmapped::Flat, Unmapped::Nested] {
                let ocsf = ocsf::Options { detail, unmapped };
                let format = Format { schema, ocsf, ..Format::default() };
                forms.push(Form::new(&format, &format!(", {detail:?}, {unmapped:?}")));
            }
        }
    }
    forms
}

/// ECS as it is, or as Elastic's integration has it.
pub(crate) fn ecs(dialect: Dialect) -> Vec<Form> {
    let form = |original| {
        let ecs = ecs::Options { dialect, original };
        let format = Format { schema: Schema::Ecs, ecs, ..Format::default() };
        Form::new(&format, &format!(", {dialect:?}, {original:?}"))
    };
    [Original::Omit, Original::Keep].map(form).into()
}

/// The default of a schema, with nothing hidden.
pub(crate) fn plain(schema: Schema) -> Form {
    Form::new(&Format { schema, ..Format::default() }, "")
}

/// Every schema that hides credentials unless told otherwise, hiding them.
pub(crate) fn hiding() -> Vec<Form> {
    let hides = |schema: &Schema| *schema != Schema::CloudTrail;
    let form = |schema| {
        let redaction = Redaction::session_credentials();
        Form::new(&Format { schema, redaction, ..Format::default() }, ", hiding credentials")
    };
    Schema::ALL.into_iter().filter(hides).map(form).collect()
}
