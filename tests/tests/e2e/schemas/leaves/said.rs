//! What an output holds, in its values and in the texts that are JSON.

use super::renderings::{canonical, renderings};
use super::scalars::{Scalar, name};
use crate::schemas::json::parse;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// Fewer characters than this say too little by themselves.
const TELLING: usize = 4;
/// Fewer characters than this are no name to end another one with.
const NAMING: usize = 4;

/// Each text, with the keys under which it stands.
#[derive(Debug, Default)]
pub(super) struct Said(HashMap<String, BTreeSet<String>>);

impl Said {
    pub(super) fn in_output(output: &Value) -> Self {
        let mut said = Self::default();
        said.add_all(output, "");
        said
    }

    /// Whether it is there in one of the ways to write it.
    pub(super) fn holds(&self, scalar: &Scalar) -> bool {
        let mut renderings = renderings(scalar).into_iter();
        renderings.any(|parts| parts.iter().all(|(text, key)| self.holds_text(text, key)))
    }

    /// Whether this text is there, and under this key unless it speaks for itself.
    pub(super) fn holds_text(&self, text: &str, key: &str) -> bool {
        let Some(keys) = self.0.get(&canonical(text)) else {
            return false;
        };
        let is_of = |found: &String| found == key || (key.len() >= NAMING && found.ends_with(key));
        is_telling(text) || keys.iter().any(is_of)
    }

    fn add_all(&mut self, value: &Value, key: &str) {
        match value {
            Value::Null => {}
            Value::Object(members) => {
                members.iter().for_each(|(key, value)| self.add_all(value, key));
            }
            Value::Array(elements) => {
                elements.iter().for_each(|element| self.add_all(element, key));
            }
            Value::String(text) => self.add_text(text, key),
            Value::Bool(_) | Value::Number(_) => self.add(&value.to_string(), &name(key)),
        }
    }

    fn add_text(&mut self, text: &str, key: &str) {
        if let Some(value) = as_json(text) {
            self.add_all(&value, key);
        }
        let key = name(key);
        if text.contains(',') {
            text.split(',').for_each(|part| self.add(part, &key));
        }
        self.add(text, &key);
    }

    fn add(&mut self, text: &str, key: &str) {
        self.0.entry(canonical(text)).or_default().insert(key.to_owned());
    }
}

/// An object, an array or a string; other JSON would be there as text anyway.
fn as_json(text: &str) -> Option<Value> {
    text.starts_with(['{', '[', '"']).then(|| parse(text).ok()).flatten()
}

/// Booleans are everywhere, and so are small numbers.
fn is_telling(text: &str) -> bool {
    text.chars().count() >= TELLING && !["true", "false"].contains(&text)
}
