//! Every record of `records/` in every schema, as reviewed by eye.
//!
//! A change of the output is seen here as a difference. `INSTA_UPDATE=always cargo test -p
//! trail-schema --test golden` writes it down, to be reviewed again.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;
use std::path::Path;
use trail_event::{Kind, Reader, Value};
use trail_schema::{Encoder, Format, Redaction, Schema, Scratch};

#[test]
fn every_record_is_encoded_as_reviewed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/records");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let record = compact(&std::fs::read_to_string(&path).unwrap());
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, in_every_schema(&record)));
        count += 1;
    }
    assert!(count > 80, "only {count} records were found");
}

#[test]
fn no_golden_file_is_left_over() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for entry in std::fs::read_dir(tests.join("snapshots")).unwrap() {
        let path = entry.unwrap().path();
        let record = tests.join("records").join(path.with_extension("json").file_name().unwrap());
        assert!(record.is_file(), "{} has no record", path.display());
    }
}

fn in_every_schema(record: &str) -> String {
    let mut text = String::new();
    for schema in Schema::ALL {
        let line = encoded(schema, record);
        writeln!(text, "== {}", schema.name()).unwrap();
        match schema {
            Schema::CloudTrail => text.push_str(&line),
            Schema::Ocsf18 | Schema::Ocsf11 | Schema::Ecs | Schema::Flat => {
                pretty(Value::new(&line), 0, &mut text);
            }
        }
        text.push('\n');
    }
    text
}

/// As a sink gets it that is told nothing but its schema.
fn encoded(schema: Schema, record: &str) -> String {
    let redaction = match schema {
        Schema::CloudTrail => Redaction::default(),
        Schema::Ocsf18 | Schema::Ocsf11 | Schema::Ecs | Schema::Flat => {
            Redaction::session_credentials()
        }
    };
    let encoder = Encoder::new(&Format { schema, redaction, ..Format::default() });
    let mut line = Vec::new();
    encoder.encode(&Reader::new().read(0, record), &mut Scratch::default(), &mut line);
    String::from_utf8(line).unwrap()
}

/// The record on one line, without spaces between tokens, as CloudTrail writes it.
fn compact(record: &str) -> String {
    let mut text = String::new();
    let mut is_string = false;
    let mut is_escaped = false;
    for character in record.chars() {
        if is_string || !character.is_ascii_whitespace() {
            text.push(character);
        }
        is_string ^= character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
    }
    text
}

/// Appends a value with a line for each member, in order. Numbers and strings stay as they are,
/// which a JSON library would not promise.
fn pretty(value: Value<'_>, depth: usize, text: &mut String) {
    let indent = |text: &mut String, depth| {
        text.push('\n');
        text.push_str(&"  ".repeat(depth));
    };
    let (open, close) = match value.kind() {
        Kind::Object if !value.is_empty() => ('{', '}'),
        Kind::Array if !value.is_empty() => ('[', ']'),
        Kind::Null | Kind::Boolean | Kind::Number | Kind::String | Kind::Array | Kind::Object => {
            return text.push_str(value.json());
        }
    };
    text.push(open);
    for (key, member) in value.members() {
        indent(text, depth + 1);
        write!(text, "\"{}\": ", key.escaped()).unwrap();
        pretty(member, depth + 1, text);
        text.push(',');
    }
    for element in value.elements() {
        indent(text, depth + 1);
        pretty(element, depth + 1, text);
        text.push(',');
    }
    text.pop();
    indent(text, depth);
    text.push(close);
}
