//! Real events.

use crate::{encoders, line, required};
use serde_json::Value;
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use trail_event::Reader;
use trail_logfile::Limits;
use trail_schema::Scratch;

/// A folder of the public corpora, or none, having said why.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "where the corpora lie is no configuration")]
    let set = std::env::var_os("TRAILD_CORPORA").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let folder = set.unwrap_or_else(beside).join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    {
        eprintln!("skipped: no corpora ({} is not a folder)", folder.display());
    }
    None
}

fn records() -> Vec<String> {
    let (Some(trail), Some(events)) = (folder("trail"), folder("events")) else {
        return Vec::new();
    };
    let mut records = Vec::new();
    for file in fs::read_dir(trail).unwrap() {
        let object = fs::read(file.unwrap().path()).unwrap();
        let read = trail_logfile::read(&object, &Limits::default(), |record| {
            records.push(record.json.to_owned());
            ControlFlow::Continue(())
        });
        assert!(!read.unwrap().stopped);
    }
    let object = fs::read(events.join("visible-events.ndjson.gz")).unwrap();
    let claim = trail_logfile::claimed_size(&object).unwrap().try_into().unwrap();
    let lines = String::from_utf8(trail_logfile::inflate_whole(&object, claim).unwrap()).unwrap();
    for line in lines.lines() {
        records.push(trail_event::Value::new(line).member("event").unwrap().json().to_owned());
    }
    records
}

#[test]
fn real_events_have_what_is_required_and_are_always_the_same() {
    let (mut reader, mut scratch) = (Reader::new(), Scratch::default());
    let records = records();
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
    let records = records();
    for encoder in encoders() {
        for record in &records {
            let mut output = String::new();
            said(&serde_json::from_str(&line(&encoder, record)).unwrap(), &mut output);
            check_told("", &serde_json::from_str(record).unwrap(), &output, record);
        }
    }
}
