//! A table of the tree becomes a struct, with every fault in it found at once.
//!
//! The JSON Schema of the struct says which keys there are, which are needed, and an example of
//! each; serde reads the values. It stops at the first that is wrong, so that one is told and
//! taken out, and the rest read again.

use super::bounds::FLAW;
use super::document::{Document, Span, Table, Value};
use super::fault::{listed, nearest, shown};
use super::keys::Keys;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use toml::Spanned;
use toml::de::{DeArray, DeValue};

/// After so many wrong values in one table the rest is not looked at.
const MOST_FAULTS: usize = 100;

/// A table and where it stands.
pub(super) struct Section<'t> {
    /// `source`, or `sink.0`: what its keys are called in full.
    pub(super) path: String,
    /// Nowhere, if it is not in the file.
    pub(super) span: Option<Span>,
    pub(super) table: Table<'t>,
    /// Keys of the same table that another struct has taken.
    pub(super) beside: Vec<String>,
}

impl<'t> Section<'t> {
    /// The struct, or `None` if a key it needs is missing or wrong. What is wrong with other keys
    /// is told, and the default stands in for them.
    pub(super) fn read<T: DeserializeOwned + JsonSchema>(
        mut self,
        document: &mut Document<'t>,
    ) -> Option<T> {
        let keys = Keys::of::<T>();
        self.refuse_unknown(&keys, document);
        self.name_missing(&keys, document);
        self.give_types(&keys, document);
        for _ in 0..MOST_FAULTS {
            let span = self.span.clone().unwrap_or_default();
            let table = Spanned::new(span, self.table.clone());
            let error = match T::deserialize(toml::de::Deserializer::from(table)) {
                Ok(read) => return Some(read),
                Err(error) => error,
            };
            if error.message().starts_with("missing field") {
                return None; // It has been named, or was wrong and taken out.
            }
            let (key, value) = take_out(&mut self.table, &error.span()?)?;
            let is_secret = keys.is_secret(&key);
            self.refuse_value(&key, &value, is_secret, error.message(), document);
        }
        None
    }

    fn refuse_unknown(&mut self, keys: &Keys, document: &mut Document<'_>) {
        let mut known = keys.names();
        known.extend(self.beside.iter().map(String::as_str));
        let title = title(&self.path);
        for (key, _) in self.table.iter().filter(|(key, _)| !keys.has(key.get_ref())) {
            let unknown = format!("unknown key `{}` in {title}", shown(key.get_ref()));
            let message = match nearest(key.get_ref(), &known) {
                Some(meant) => format!("{unknown}: did you mean `{meant}`?"),
                None if known.is_empty() => format!("{unknown}: it has no keys, take this one out"),
                None => format!("{unknown}: its keys are {}", listed(&known)),
            };
            document.fault(&key.span(), message);
        }
        let table = std::mem::take(&mut self.table).into_iter();
        self.table = table.filter(|(key, _)| keys.has(key.get_ref())).collect();
    }

    fn name_missing(&self, keys: &Keys, document: &mut Document<'_>) {
        for name in &keys.required {
            if self.table.contains_key(name.as_str()) {
                continue;
            }
            let (title, example) = (title(&self.path), keys.example(name));
            let variable =
                format!("TRAILD_{}__{name}", self.path.replace('.', "__")).to_uppercase();
            let message =
                format!("{title} has no `{name}`: add {name} = {example}, or set {variable}");
            match &self.span {
                Some(span) => document.fault(span, message),
                None => document.fault_of_all(message),
            }
        }
    }

    fn give_types(&mut self, keys: &Keys, document: &Document<'t>) {
        for (key, value) in self.table.iter_mut() {
            let span = value.span();
            // Of the text of the environment nothing was escaped: it is borrowed.
            if document.is_from_environment(&span)
                && let DeValue::String(Cow::Borrowed(text)) = value.get_ref()
                && let Some(typed) = keys.typed(key.get_ref(), text, &span)
            {
                *value = typed;
            }
        }
    }

    fn refuse_value(
        &self,
        key: &str,
        value: &Value<'_>,
        is_secret: bool,
        reason: &str,
        document: &mut Document<'_>,
    ) {
        let span = value.span();
        if !document.tell_once(&span) {
            return;
        }
        let is_substituted = document.is_substituted(&span);
        let received = match is_secret && !is_substituted {
            true => "not shown, being a secret".to_owned(),
            false => document.received(value),
        };
        // Of an enum in a table serde says something else.
        let is_table = value.get_ref().is_table();
        let mut wanted = if is_table { "a single value".into() } else { wanted(reason) };
        if let Some((noun, _flaw)) = wanted.split_once(FLAW).filter(|_| is_substituted) {
            wanted = noun.to_owned().into();
        }
        let is_entry = self.table.contains_key(key);
        let subject = if is_entry { "an entry of " } else { "" };
        let path = &self.path;
        let message = format!("{subject}{path}.{key} is {received}: it must be {wanted}");
        document.fault(&span, message);
    }
}

/// `[source]` or `sink.0`.
fn title(path: &str) -> String {
    if path.contains('.') { path.to_owned() } else { format!("[{path}]") }
}

/// The noun that ends serde's sentence, without the value before it, which may be a secret.
fn wanted(reason: &str) -> Cow<'_, str> {
    let is_serdes = ["invalid type: ", "invalid value: ", "unknown variant "];
    let noun = match reason.rsplit_once(", expected ") {
        Some((_, noun)) if is_serdes.iter().any(|start| reason.starts_with(start)) => noun,
        _ => reason,
    };
    match noun {
        "a boolean" => "true or false".into(),
        "a sequence" => "a list, in square brackets".into(),
        "a string" => "text, in double quotes".into(),
        _ => noun.into(),
    }
}

/// Takes the value at `span` out of the table, or out of a list in it, and tells of which key it is.
fn take_out<'t>(table: &mut Table<'t>, span: &Span) -> Option<(String, Value<'t>)> {
    let holds =
        |value: &Value<'_>| value.span().start <= span.start && span.end <= value.span().end;
    let (key, value) = table.iter_mut().find(|(_, value)| holds(value))?;
    let key = key.get_ref().clone().into_owned();
    if let DeValue::Array(list) = value.get_mut()
        && let Some(index) = list.iter().position(holds)
    {
        let mut elements: Vec<Value<'t>> =
            std::mem::replace(list, DeArray::new()).into_iter().collect();
        let element = elements.remove(index);
        *list = elements.into_iter().collect();
        return Some((key, element));
    }
    let value = table.remove(key.as_str())?;
    Some((key, value))
}
