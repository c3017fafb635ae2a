//! What the JSON Schema of a struct says about its keys: the one list of names, needs, types and
//! examples, which the faults are made of.

use super::document::{Span, Value};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value as Json;
use std::borrow::Cow;
use toml::Spanned;
use toml::de::{DeArray, DeValue};

/// What the JSON Schema of a struct says about its keys.
pub(super) struct Keys {
    properties: serde_json::Map<String, Json>,
    pub(super) required: Vec<String>,
}

impl Keys {
    pub(super) fn of<T: JsonSchema>() -> Self {
        let mut settings = SchemaSettings::draft2020_12();
        settings.inline_subschemas = true;
        let mut schema = settings.into_generator().into_root_schema_for::<T>();
        let properties = match schema.remove("properties") {
            Some(Json::Object(properties)) => properties,
            _ => serde_json::Map::new(),
        };
        let required = schema.get("required").and_then(Json::as_array).into_iter().flatten();
        let required = required.filter_map(Json::as_str).map(str::to_owned).collect();
        Self { properties, required }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.properties.contains_key(key)
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.properties.keys().map(String::as_str).collect()
    }

    /// Whether its value must never be shown, as `writeOnly` says.
    pub(super) fn is_secret(&self, key: &str) -> bool {
        self.properties.get(key).is_some_and(|property| property.get("writeOnly").is_some())
    }

    /// A value for the key, as it would be written.
    pub(super) fn example(&self, key: &str) -> String {
        let example =
            self.properties.get(key).and_then(|property| property.get("examples")?.get(0));
        example.map_or_else(|| "...".to_owned(), Json::to_string)
    }

    /// A value of the environment, which has only text, as what the key is: text stays text, a
    /// list may be written with commas, all else is read as TOML if it can be.
    pub(super) fn typed<'t>(&self, key: &str, text: &'t str, span: &Span) -> Option<Value<'t>> {
        let kinds = self.properties.get(key)?.get("type")?;
        let may_be = |kind: &str| {
            kinds == kind || kinds.as_array().is_some_and(|kinds| kinds.iter().any(|k| k == kind))
        };
        if may_be("string") && !may_be("integer") {
            return None;
        }
        let literal = DeValue::parse(text).ok().map(|value| moved(value, span));
        let literal = literal.filter(|value| !value.get_ref().is_table());
        let is_list = literal.as_ref().is_some_and(|value| value.get_ref().is_array());
        if may_be("array") && !is_list {
            return Some(split_at_commas(text, span));
        }
        literal
    }
}

/// The value with its spans, which count from its own beginning, moved into `home`.
fn moved<'t>(value: Value<'t>, home: &Span) -> Value<'t> {
    let inside = |offset: usize| home.start.saturating_add(offset).min(home.end);
    let span = inside(value.span().start)..inside(value.span().end);
    let mut value = value.into_inner();
    if let DeValue::Array(list) = &mut value {
        let elements = std::mem::replace(list, DeArray::new()).into_iter();
        *list = elements.map(|element| moved(element, home)).collect();
    }
    Spanned::new(span, value)
}

fn split_at_commas<'t>(text: &'t str, span: &Span) -> Value<'t> {
    let mut list = DeArray::new();
    let mut start = span.start;
    for element in text.split(',') {
        let end = start + element.len();
        if !element.trim().is_empty() {
            let element = DeValue::String(Cow::Borrowed(element.trim()));
            list.push(Spanned::new(start..end, element));
        }
        start = end + 1;
    }
    Spanned::new(span.clone(), DeValue::Array(list))
}
