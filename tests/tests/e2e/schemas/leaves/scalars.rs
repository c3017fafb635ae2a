//! A document taken apart.

use crate::schemas::json::as_written;
use serde_json::Value;

/// A string, a number or a boolean, and where it is.
#[derive(Clone, Debug)]
pub(super) struct Scalar {
    /// As `resources[0].ARN`.
    pub(super) path: String,
    /// The same of all elements of an array, and of all members with one key: `resources[].ARN`.
    pub(super) column: String,
    /// The last name in the path, as [`name`] has it.
    pub(super) key: String,
    /// A string as it is, anything else as JSON writes it.
    pub(super) text: String,
}

/// All of a document. Null, `{}` and `[]` say nothing.
pub(super) fn scalars(document: &Value) -> Vec<Scalar> {
    let mut found = Vec::new();
    collect(document, String::new(), String::new(), "", &mut found);
    found
}

fn collect(value: &Value, path: String, column: String, key: &str, found: &mut Vec<Scalar>) {
    let text = match value {
        Value::Null => return,
        Value::Object(object) => {
            let below = |path: &str, key: &str| match path {
                "" => key.to_owned(),
                path => format!("{path}.{key}"),
            };
            for (key, value) in object {
                collect(value, below(&path, key), below(&column, as_written(key)), key, found);
            }
            return;
        }
        Value::Array(values) => {
            for (number, value) in values.iter().enumerate() {
                collect(value, format!("{path}[{number}]"), format!("{column}[]"), key, found);
            }
            return;
        }
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    };
    found.push(Scalar { path, column, key: name(key), text });
}

/// A key without what schemas change in it: the path before it, its case, and what is neither
/// letter nor digit.
pub(super) fn name(key: &str) -> String {
    let last = key.rsplit('.').next().unwrap_or(key);
    let plain = last.chars().filter(|character| character.is_alphanumeric());
    plain.flat_map(char::to_lowercase).collect()
}

#[test]
fn document_is_taken_apart_into_its_scalars() {
    let document = serde_json::json!({
        "a": {"b": [{"c": 1}, {"c": "x", "d": null}], "e": {}},
        "f": [[true, false]],
        "g.h": 1.5,
    });
    let scalars = scalars(&document);
    let told: Vec<String> = scalars
        .iter()
        .map(|Scalar { path, column, key, text }| format!("{path} {column} {key} {text}"))
        .collect();
    let expected = [
        "a.b[0].c a.b[].c c 1",
        "a.b[1].c a.b[].c c x",
        "f[0][0] f[][] f true",
        "f[0][1] f[][] f false",
        "g.h g.h h 1.5",
    ];
    assert_eq!(told, expected);
}

#[test]
fn names_that_differ_in_style_only_are_the_same() {
    for key in ["readOnly", "read_only", "unmapped.readOnly", "read-only[]", "READONLY"] {
        assert_eq!(name(key), "readonly");
    }
}
