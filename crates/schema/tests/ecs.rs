//! Events in Elastic Common Schema.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "ecs/attributes.rs"]
mod attributes;
#[path = "ecs/corpora.rs"]
mod corpora;
#[path = "ecs/enriched.rs"]
mod enriched;
#[path = "ecs/laws.rs"]
mod laws;

use serde_json::Value;
use trail_event::Reader;
use trail_schema::ecs::{Dialect, Options, Original};
use trail_schema::{Encoder, Format, Schema, Scratch};

fn format(dialect: Dialect, original: Original) -> Format {
    Format { schema: Schema::Ecs, ecs: Options { dialect, original }, ..Format::default() }
}

/// The document that `format` makes of a record.
fn document(format: &Format, record: &str) -> Value {
    let (mut reader, mut line) = (Reader::new(), Vec::new());
    Encoder::new(format).encode(&reader.read(0, record), &mut Scratch::default(), &mut line);
    assert!(!line.contains(&b'\n'), "{record}");
    serde_json::from_slice(&line).unwrap_or_else(|error| {
        let line = String::from_utf8_lossy(&line);
        unreachable!("{error}: {record} became {line}")
    })
}

fn strict(record: &str) -> Value {
    document(&format(Dialect::Strict, Original::Omit), record)
}

fn integration(record: &str) -> Value {
    document(&format(Dialect::Integration, Original::Omit), record)
}

/// What a document has at a path with dots.
fn at<'d>(document: &'d Value, path: &str) -> Option<&'d Value> {
    path.split('.').try_fold(document, |value, key| value.get(key))
}

/// What could not be placed, by its path in the record.
fn unmapped(document: &Value) -> Value {
    let text = at(document, "aws.cloudtrail.unmapped").and_then(Value::as_str).unwrap_or("{}");
    serde_json::from_str(text).unwrap()
}
