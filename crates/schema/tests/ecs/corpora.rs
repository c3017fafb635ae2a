//! Real events.

#![expect(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test says what it found or why it is skipped, and finds the corpora by the environment"
)]

use super::{document, format, strict};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::{env, fs, mem};
use trail_event::Reader;
use trail_logfile::Limits;
use trail_schema::ecs::{Dialect, Original};
use trail_schema::{Encoder, Scratch};

#[test]
fn every_field_has_one_type_over_all_events() {
    for dialect in [Dialect::Strict, Dialect::Integration] {
        let mut types: BTreeMap<String, mem::Discriminant<Value>> = BTreeMap::new();
        for event in real_events() {
            let document = document(&format(dialect, Original::Keep), &event);
            visit("", &document, &mut |path, value| {
                let kind = mem::discriminant(value);
                let known = *types.entry(path.to_owned()).or_insert(kind);
                assert_eq!(known, kind, "{path} of {document}");
            });
        }
        eprintln!("{dialect:?}: {} fields", types.len());
    }
}

#[test]
fn an_event_always_becomes_the_same_bytes() {
    let encoder = Encoder::new(&format(Dialect::Strict, Original::Keep));
    let (mut reader, mut scratch) = (Reader::new(), Scratch::default());
    for event in real_events() {
        let (mut line, mut again) = (Vec::new(), Vec::new());
        encoder.encode(&reader.read(0, &event), &mut scratch, &mut line);
        let mut other = Reader::new();
        encoder.encode(&other.read(7, &event), &mut Scratch::default(), &mut again);
        assert_eq!(line, again);
    }
}

#[test]
fn parameters_lose_nothing() {
    for event in real_events() {
        let (record, document) = (serde_json::from_str::<Value>(&event).unwrap(), strict(&event));
        let aws = &document["aws"]["cloudtrail"];
        for (from, to) in [
            ("requestParameters", "request_parameters"),
            ("responseElements", "response_elements"),
            ("additionalEventData", "additional_eventdata"),
            ("serviceEventDetails", "service_event_details"),
        ] {
            let value = &record[from];
            if value.is_object() {
                let text = aws[to].as_str().unwrap();
                assert_eq!(&serde_json::from_str::<Value>(text).unwrap(), value);
                let flattened = &aws["flattened"][to];
                assert!(flattened.is_null() || flattened == value);
            }
        }
    }
}

/// Shows `see` every value of a document but those of fields that have the type `flattened`.
fn visit(path: &str, value: &Value, see: &mut impl FnMut(&str, &Value)) {
    if !path.is_empty() {
        see(path, value);
    }
    if path.starts_with("aws.cloudtrail.flattened.") {
        return;
    }
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let dot = if path.is_empty() { "" } else { "." };
                visit(&format!("{path}{dot}{key}"), value, see);
            }
        }
        Value::Array(elements) => {
            elements.iter().for_each(|element| visit(&format!("{path}[]"), element, see));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn real_events() -> Vec<String> {
    let Some(folder) = corpora() else { return Vec::new() };
    let mut events = Vec::new();
    for file in fs::read_dir(folder.join("trail")).unwrap() {
        let object = fs::read(file.unwrap().path()).unwrap();
        let read = trail_logfile::read(&object, &Limits::default(), |record| {
            events.push(record.json.to_owned());
            ControlFlow::Continue(())
        });
        assert!(!read.unwrap().stopped);
    }
    let object = fs::read(folder.join("events/visible-events.ndjson.gz")).unwrap();
    let claim = trail_logfile::claimed_size(&object).unwrap().try_into().unwrap();
    let lines = String::from_utf8(trail_logfile::inflate_whole(&object, claim).unwrap()).unwrap();
    let event = |line| serde_json::from_str::<Value>(line).unwrap()["event"].to_string();
    events.extend(lines.lines().map(event));
    events
}

fn corpora() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let folder = env::var_os("TRAILD_CORPORA").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no corpora ({} is not a folder; see TRAILD_CORPORA)", folder.display());
    None
}
