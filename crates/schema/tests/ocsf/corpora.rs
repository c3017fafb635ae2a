//! Real events.

#[path = "../../../event/tests/real/events.rs"]
mod events;

use crate::{encoders, line, required};
pub(crate) use events::folder;
use events::real_events;
use serde_json::Value;
use trail_event::Reader;
use trail_schema::Scratch;

#[test]
fn real_events_have_what_is_required_and_are_always_the_same() {
    let (mut reader, mut scratch) = (Reader::new(), Scratch::default());
    let records = real_events();
    for encoder in encoders() {
        for record in &records {
            let first = line(&encoder, record);
            required::check(&serde_json::from_str(&first).expect(&first), record);
            assert!(!first.contains('\n'));
            let mut again = Vec::new();
            encoder.encode(&reader.read(7, record), &mut scratch, &mut again);
            assert_eq!(first.as_bytes(), again);
        }
    }
}

/// Members of which the output says another form.
const CONVERTED: [&str; 3] = ["eventTime", "creationDate", "mfaAuthenticated"];

/// Checks that every string and number of a value is in the output.
fn check_told(key: &str, value: &Value, output: &str, record: &str) {
    let found = match value {
        _ if CONVERTED.contains(&key) => true,
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| check_told(key, value, output, record));
            true
        }
        Value::Array(elements) => {
            elements.iter().for_each(|value| check_told("", value, output, record));
            true
        }
        Value::String(text) if key == "MFAUsed" => {
            output.contains("\"is_mfa\":") || output.contains(text.as_str())
        }
        Value::String(text) => output.contains(text.as_str()),
        Value::Number(number) => output.contains(&number.to_string()),
        Value::Bool(_) | Value::Null => true,
    };
    assert!(found, "{key} {value} of {record}\n{output}");
}

/// All that a line says, without escapes, of which there are two layers where JSON is in a string.
fn said(value: &Value, to: &mut String) {
    match value {
        Value::String(text) => {
            to.push_str(text);
            if let Ok(inner @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
                said(&inner, to);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|value| said(value, to)),
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            to.push_str(&format!("\"{key}\":"));
            said(value, to);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => to.push_str(&value.to_string()),
    }
    to.push(' ');
}

#[test]
fn nothing_that_real_events_say_is_lost() {
    let records = real_events();
    for encoder in encoders() {
        for record in &records {
            let mut output = String::new();
            said(&serde_json::from_str(&line(&encoder, record)).unwrap(), &mut output);
            check_told("", &serde_json::from_str(record).unwrap(), &output, record);
        }
    }
}
