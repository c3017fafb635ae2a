//! Real events.

#![expect(clippy::print_stderr, reason = "a test says what it found")]

#[path = "../../../event/tests/real/events.rs"]
mod events;

use super::{document, format, strict};
use events::real_events;
use serde_json::Value;
use std::collections::BTreeMap;
use std::mem;
use trail_event::Reader;
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
