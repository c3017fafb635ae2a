//! What holds for every event.

use super::{document, format};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::cell::Cell;
use trail_event::{Field, Shape};
use trail_schema::Format;
use trail_schema::ecs::{Dialect, Original};

proptest! {
    #[test]
    fn no_leaf_is_lost(event in event()) {
        for format in formats() {
            let text = document(&format, &event.to_string()).to_string();
            let lost: Vec<Value> = leaves(&event).filter(|leaf| !is_in(leaf, &text)).collect();
            prop_assert!(lost.is_empty(), "{:?} of {} in {}", lost, event, text);
        }
    }

    #[test]
    fn any_text_becomes_a_line(record in "\\PC*") {
        for format in formats() {
            let (mut reader, mut line) = (trail_event::Reader::new(), Vec::new());
            let event = reader.read(0, &record);
            let encoder = trail_schema::Encoder::new(&format);
            encoder.encode(&event, &mut trail_schema::Scratch::default(), &mut line);
            let is_object = line.starts_with(b"{") && line.ends_with(b"}");
            prop_assert!(is_object, "{}", String::from_utf8_lossy(&line));
        }
    }
}

fn formats() -> [Format; 2] {
    [Dialect::Strict, Dialect::Integration].map(|dialect| format(dialect, Original::Omit))
}

/// Objects that have fields of records, and others, with values of any type. All leaves differ.
fn event() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => Just(json!("text")),
        2 => Just(json!(0)),
        1 => Just(json!({"nested": "text", "list": ["text", {"deep": 0}]})),
        1 => Just(json!(["text", 0])),
        1 => Just(json!([{"ARN": "text", "type": "text", "new": "text"}, "text"])),
    ];
    let fields: Vec<Field> =
        Field::ALL.into_iter().filter(|field| field.shape() != Shape::Structured).collect();
    let known = prop::collection::vec((prop::sample::select(fields), leaf.clone()), 0..20);
    let other = prop::collection::vec(("[a-c]\\.?[a-c]", leaf), 0..4);
    (known, other).prop_map(|(known, other)| {
        let mut event = json!({});
        for (field, leaf) in known {
            *place(&mut event, field) = leaf;
        }
        let members = event.as_object_mut().unwrap();
        members.extend(other);
        numbered(&event, &Cell::new(0))
    })
}

/// Where a field stands in an event; what is in its way goes.
fn place(event: &mut Value, field: Field) -> &mut Value {
    let object = match field.parent() {
        Some(parent) => place(event, parent),
        None => event,
    };
    if !object.is_object() {
        *object = json!({});
    }
    object.as_object_mut().unwrap().entry(field.key()).or_insert(Value::Null)
}

/// The same with leaves that differ from one another.
fn numbered(value: &Value, next: &Cell<u64>) -> Value {
    next.set(next.get() + 1);
    match value {
        Value::String(_) => json!(format!("text-{}-", next.get())),
        Value::Number(_) => json!(1_000_000 + next.get()),
        Value::Array(elements) => elements.iter().map(|element| numbered(element, next)).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| (key.clone(), numbered(value, next)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Null | Value::Bool(_) => value.clone(),
    }
}

fn leaves(value: &Value) -> Box<dyn Iterator<Item = Value> + '_> {
    match value {
        Value::Array(elements) => Box::new(elements.iter().flat_map(leaves)),
        Value::Object(members) => Box::new(members.values().flat_map(leaves)),
        Value::Null => Box::new(std::iter::empty()),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Box::new(std::iter::once(value.clone()))
        }
    }
}

fn is_in(leaf: &Value, text: &str) -> bool {
    leaf.as_str().map_or_else(|| text.contains(&leaf.to_string()), |leaf| text.contains(leaf))
}
