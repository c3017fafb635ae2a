//! The configuration as one tree: the file, what `${VAR}` stands for, and over it the environment.
//!
//! Each value keeps a span that says where it came from. A span within the file's text is a place
//! in the file; the values of the environment lie one after another behind its end.

use super::environment::{Override, is_ours};
use super::fault::{Faults, Place, shown};
use super::substitution::substitute;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(super) type Span = Range<usize>;
pub(super) type Table<'t> = DeTable<'t>;
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// The tree's origins, and what was found wrong on the way.
pub(super) struct Document<'t> {
    name: &'t str,
    text: &'t str,
    /// Spans behind the text, in order, with the variable each is of.
    variables: Vec<(Span, &'t str)>,
    /// Spans of values that hold what `${VAR}` stands for, with the name: perhaps a secret.
    substituted: Vec<(Span, String)>,
    /// Values of which a fault has been told: one is enough.
    told: Vec<Span>,
    pub(super) faults: Faults,
}

impl<'t> Document<'t> {
    /// The tree of `text` under `environment`, or why it is not TOML.
    pub(super) fn parse(
        name: &'t str,
        text: &'t str,
        environment: &'t BTreeMap<String, String>,
    ) -> Result<(Self, Table<'t>), Faults> {
        let mut document = Self {
            name,
            text,
            variables: Vec::new(),
            substituted: Vec::new(),
            told: Vec::new(),
            faults: Faults::default(),
        };
        let mut root = document.parse_text()?;
        for (_, value) in root.iter_mut() {
            document.substitute_in(value, environment);
        }
        document.lay_over(&mut root, environment);
        Ok((document, root))
    }

    /// One fault of syntax makes others behind it: only the first is told.
    fn parse_text(&self) -> Result<Table<'t>, Faults> {
        let (root, errors) = DeTable::parse_recoverable(self.text);
        let offset = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
        match errors.iter().min_by_key(|error| offset(error)) {
            None => Ok(root.into_inner()),
            Some(first) => {
                let place = self.place(offset(first));
                Err(Faults::one(place, format!("not valid TOML: {}", first.message())))
            }
        }
    }

    fn substitute_in(&mut self, value: &mut Value<'_>, environment: &BTreeMap<String, String>) {
        let span = value.span();
        match value.get_mut() {
            DeValue::String(text) => match substitute(text, environment) {
                Ok(None) => {}
                Ok(Some((replaced, names))) => {
                    *text = Cow::Owned(replaced);
                    if !names.is_empty() {
                        self.substituted.push((span, names));
                    }
                }
                Err(reason) => {
                    self.fault(&span, reason);
                    self.told.push(span);
                }
            },
            DeValue::Array(elements) => {
                for element in elements.iter_mut() {
                    self.substitute_in(element, environment);
                }
            }
            DeValue::Table(table) => {
                for (_, element) in table.iter_mut() {
                    self.substitute_in(element, environment);
                }
            }
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {}
        }
    }

    fn lay_over(&mut self, root: &mut Table<'t>, environment: &'t BTreeMap<String, String>) {
        let mut end = self.text.len() + 1;
        let mut overrides = Vec::new();
        for (name, value) in environment.iter().filter(|(name, value)| is_ours(name, value)) {
            if self.is_asked_for(name) {
                continue;
            }
            let span = end..end + value.len() + 1;
            end = span.end;
            self.variables.push((span.clone(), name));
            match Override::parse(name, value, span.clone()) {
                Ok(found) => overrides.push(found),
                Err(reason) => self.fault(&span, reason),
            }
        }
        // In the order of the path, so that `SINK__2` is there before `SINK__10`.
        overrides.sort_by(|a, b| a.path.cmp(&b.path));
        for found in overrides {
            let span = found.span.clone();
            if let Err(reason) = found.apply(root) {
                self.fault(&span, reason);
            }
        }
    }

    /// Adds a fault at the beginning of `span`.
    pub(super) fn fault(&mut self, span: &Span, message: String) {
        let place = self.place(span.start);
        self.faults.push(place, message);
    }

    /// Adds a fault of what is nowhere.
    pub(super) fn fault_of_all(&mut self, message: String) {
        let name = self.name.to_owned();
        self.faults.push(Place::Document { name }, message);
    }

    /// Notes that a fault of the value at `span` is told; false if one of it, or of a part of it,
    /// was told before.
    pub(super) fn tell_once(&mut self, span: &Span) -> bool {
        let told = self.told.iter().any(|told| span.start <= told.start && told.end <= span.end);
        self.told.push(span.clone());
        !told
    }

    /// A value as a fault shows it: not where it may be a secret, which `${VAR}` is for.
    pub(super) fn received(&self, value: &Value<'_>) -> String {
        match self.substituted_in(&value.span()) {
            Some(names) => format!("what {names} stands for"),
            None => value_shown(value.get_ref()),
        }
    }

    /// Whether the value at `span` holds what a variable stands for.
    pub(super) fn is_substituted(&self, span: &Span) -> bool {
        self.substituted_in(span).is_some()
    }

    fn substituted_in(&self, span: &Span) -> Option<&str> {
        let overlaps = |held: &Span| held.start < span.end && span.start < held.end;
        let found = self.substituted.iter().find(|(held, _)| overlaps(held));
        found.map(|(_, names)| names.as_str())
    }

    /// Whether the file asks for this variable by name, which is then no misspelt setting.
    fn is_asked_for(&self, name: &str) -> bool {
        let named = format!("${{{name}}}");
        !name.contains("__") && self.substituted.iter().any(|(_, names)| names.contains(&named))
    }

    /// Whether the value at `span` is a variable's, which is text for want of types.
    pub(super) fn is_from_environment(&self, span: &Span) -> bool {
        span.start > self.text.len()
    }

    fn place(&self, offset: usize) -> Place {
        let variable = self.variables.iter().find(|(span, _)| span.contains(&offset));
        if let Some((_, name)) = variable {
            return Place::Variable((*name).to_owned());
        }
        point(self.name, self.text, offset)
    }
}

fn value_shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("\"{}\"", shown(text)),
        DeValue::Integer(number) => shown(&number.to_string()),
        DeValue::Float(number) => shown(&number.to_string()),
        DeValue::Boolean(choice) => choice.to_string(),
        DeValue::Datetime(_) => "a date".to_owned(),
        DeValue::Array(list) if list.is_empty() => "an empty list".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// The line and column of a byte of `text`.
pub(super) fn point(name: &str, text: &str, offset: usize) -> Place {
    let before = text.get(..text.floor_char_boundary(offset)).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(line_start..).map_or(0, |line| line.chars().count());
    let line = before.bytes().filter(|byte| *byte == b'\n').count();
    Place::Point { name: name.to_owned(), line: line + 1, column: column + 1 }
}
