//! The tree is taken apart: a section each, and the list of sinks.

use super::document::{Document, Span, Table, Value};
use super::fault::{Faults, listed, nearest, shown};
use super::format::{Ecs, Ocsf, Redact, Schema};
use super::keys::Keys;
use super::section::Section;
use super::sinks::{Common, Sink, SinkKind, SinkType};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use toml::de::DeValue;

/// What has not been read yet, and what was found wrong.
pub(super) struct Sections<'t> {
    document: Document<'t>,
    root: Table<'t>,
}

impl<'t> Sections<'t> {
    pub(super) fn new(document: Document<'t>, root: Table<'t>) -> Self {
        Self { document, root }
    }

    /// The section, or its defaults where it is not there.
    pub(super) fn read<T: DeserializeOwned + JsonSchema>(&mut self, name: &str) -> Option<T> {
        let (span, table) = match self.root.remove(name) {
            None => (None, Table::new()),
            Some(value) => (Some(value.span()), self.table(name, value, &format!("[{name}]"))?),
        };
        let section = Section { path: name.to_owned(), span, table, beside: Vec::new() };
        section.read(&mut self.document)
    }

    /// All sinks that can be read, at least one if nothing is wrong.
    pub(super) fn read_sinks(&mut self) -> Option<Vec<Sink>> {
        let tables: Vec<Value<'t>> = match self.root.remove("sink") {
            None => Vec::new(),
            Some(value) => self.list(value)?,
        };
        if tables.is_empty() {
            let message = "there is no [[sink]], and events must go somewhere: add one, such as \
                           [[sink]] with type = \"file\" and path = \"data\"";
            self.document.fault_of_all(message.to_owned());
        }
        let mut taken = BTreeMap::new();
        let mut sinks = Vec::new();
        for (index, value) in tables.into_iter().enumerate() {
            sinks.extend(self.read_sink(index, value, &mut taken));
        }
        Some(sinks)
    }

    fn read_sink(
        &mut self,
        index: usize,
        value: Value<'t>,
        taken: &mut BTreeMap<String, usize>,
    ) -> Option<Sink> {
        let span = value.span();
        let path = format!("sink.{index}");
        let table = self.table(&path, value, "[[sink]]")?;
        let common_keys = Keys::of::<Common>();
        let (mut common, own): (Table<'t>, Table<'t>) =
            table.into_iter().partition(|(key, _)| common_keys.has(key.get_ref()));
        let options = ["ocsf", "ecs"].map(|key| common.get(key).map(Value::span));
        let redact = self.read_redact(&path, common.remove("redact"));
        let ocsf: Option<Ocsf> = self.read_within(&path, "ocsf", common.remove("ocsf"));
        let ecs: Option<Ecs> = self.read_within(&path, "ecs", common.remove("ecs"));
        let name_span = common.get("name").map_or_else(|| span.clone(), |name| name.span());

        let section =
            |table, beside| Section { path: path.clone(), span: Some(span.clone()), table, beside };
        let common: Common = section(common, Vec::new()).read(&mut self.document)?;
        let beside = common_keys.names().into_iter().map(str::to_owned).collect();
        let own = section(own, beside);
        let kind = match common.sink_type {
            SinkType::File => SinkKind::File(own.read(&mut self.document)?),
            SinkType::Stdout => SinkKind::Stdout(own.read(&mut self.document)?),
        };
        let common = Common { redact: redact?, ocsf: ocsf?, ecs: ecs?, ..common };
        let Common { sink_type, name, schema, select, exclude, redact, ocsf, ecs } = common;
        let name = name.unwrap_or_else(|| sink_type.to_string());
        self.claim(&name, index, &name_span, taken);
        self.refuse_foreign(&path, schema, options);
        Some(Sink { name, schema, select, exclude, redact, ocsf, ecs, kind })
    }

    /// A table within a sink's, or its defaults where it is not there.
    fn read_within<T: DeserializeOwned + JsonSchema>(
        &mut self,
        sink: &str,
        key: &str,
        value: Option<Value<'t>>,
    ) -> Option<T> {
        let path = format!("{sink}.{key}");
        let (span, table) = match value {
            None => (None, Table::new()),
            Some(value) => {
                let header = format!("[sink.{key}] below its [[sink]]");
                (Some(value.span()), self.table(&path, value, &header)?)
            }
        };
        Section { path, span, table, beside: Vec::new() }.read(&mut self.document)
    }

    /// What is hidden. A hash without a key hides nothing that can be guessed.
    fn read_redact(&mut self, sink: &str, value: Option<Value<'t>>) -> Option<Redact> {
        let table = value.as_ref().and_then(|value| value.get_ref().as_table());
        let hash =
            table.filter(|table| !table.contains_key("hash_key")).and_then(|t| t.get("hash"));
        let hash = hash.map(Value::span);
        let redact: Redact = self.read_within(sink, "redact", value)?;
        if let Some(span) = hash.filter(|_| !redact.hash.is_empty()) {
            let variable = format!("TRAILD_{}__REDACT__HASH_KEY", sink.replace('.', "__"));
            let message = format!(
                "{sink}.redact has `hash` and no `hash_key`: add hash_key = \"${{TRAILD_HASH_KEY}}\" \
                 and set that variable, or set {}",
                variable.to_uppercase()
            );
            self.document.fault(&span, message);
        }
        Some(redact)
    }

    /// Options of a schema that is not the sink's would do nothing.
    fn refuse_foreign(&mut self, sink: &str, schema: Schema, options: [Option<Span>; 2]) {
        let [ocsf, ecs] = options;
        let foreign = [
            ("ocsf", "`ocsf-1.8` and `ocsf-1.1`", ocsf.filter(|_| !schema.is_ocsf())),
            ("ecs", "`ecs`", ecs.filter(|_| schema != Schema::Ecs)),
        ];
        for (key, schemas, span) in foreign {
            let Some(span) = span else { continue };
            let message = format!(
                "{sink}.{key} is for schema {schemas}, and this sink's is `{schema}`: take it out, \
                 or change `schema`"
            );
            self.document.fault(&span, message);
        }
    }

    fn claim(
        &mut self,
        name: &str,
        index: usize,
        span: &Span,
        taken: &mut BTreeMap<String, usize>,
    ) {
        if let Some(first) = taken.get(name) {
            let message = format!(
                "sink.{index} has the same name as sink.{first}: give each a `name` of its own"
            );
            self.document.fault(span, message);
        } else {
            taken.insert(name.to_owned(), index);
        }
    }

    fn table(&mut self, path: &str, value: Value<'t>, header: &str) -> Option<Table<'t>> {
        let (span, received) = (value.span(), self.document.received(&value));
        if let DeValue::Table(table) = value.into_inner() {
            return Some(table);
        }
        let message = format!("{path} is {received}: it must be a table, begun by {header}");
        self.document.fault(&span, message);
        None
    }

    fn list(&mut self, value: Value<'t>) -> Option<Vec<Value<'t>>> {
        let (span, received) = (value.span(), self.document.received(&value));
        if let DeValue::Array(list) = value.into_inner() {
            return Some(list.into_iter().collect());
        }
        let message = format!("sink is {received}: it must be a list, each begun by [[sink]]");
        self.document.fault(&span, message);
        None
    }

    /// Everything that was wrong; what is left in the tree belongs to no section of `known`.
    pub(super) fn finish(mut self, known: &[&str]) -> Faults {
        for (key, _) in &self.root {
            let unknown = format!("unknown section [{}]", shown(key.get_ref()));
            let message = match nearest(key.get_ref(), known) {
                Some(meant) => format!("{unknown}: did you mean [{meant}]?"),
                None => format!("{unknown}: the sections are {}", listed(known)),
            };
            self.document.fault(&key.span(), message);
        }
        self.document.faults.sorted()
    }
}
