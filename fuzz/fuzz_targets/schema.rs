//! Any text in every schema: no panic; of JSON comes JSON, on one line, and the same again. What is
//! hidden is nowhere in it.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use serde_json::Value as Json;
use trail_event::{Path, Reader};
use trail_schema::{Action, Encoder, Format, HashKey, Redaction, Rule, Schema, Scratch, ecs, ocsf};

static ENCODERS: LazyLock<Vec<Encoder>> = LazyLock::new(|| {
    let mut encoders = Vec::new();
    for schema in Schema::ALL {
        for redaction in [Redaction::default(), Redaction::session_credentials(), rules()] {
            for ocsf in [ocsf::Options::default(), extended()] {
                let ecs = ecs::Options { original: ecs::Original::Keep, ..ecs::Options::default() };
                let redaction = redaction.clone();
                encoders.push(Encoder::new(&Format {
                    schema,
                    ocsf,
                    ecs,
                    redaction,
                    enrichment: None,
                }));
            }
        }
    }
    encoders
});

fn extended() -> ocsf::Options {
    ocsf::Options { detail: ocsf::Detail::Extended, unmapped: ocsf::Unmapped::Nested }
}

fn rules() -> Redaction {
    let rule = |(path, action)| Rule { path: Path::parse(path).unwrap(), action };
    let rules = [
        ("userIdentity.userName", Action::Hash),
        ("requestParameters.*", Action::Mask),
        ("responseElements.a.b", Action::Drop),
        ("resources.ARN", Action::Drop),
    ];
    let key = HashKey::new(*b"0123456789abcdef").unwrap();
    Redaction::new(rules.map(rule).into(), Some(key)).unwrap()
}

fuzz_target!(|record: &str| {
    let is_object = matches!(serde_json::from_str(record), Ok(Json::Object(_)));
    let (mut reader, mut scratch) = (Reader::new(), Scratch::default());
    for encoder in ENCODERS.iter() {
        let event = reader.read(0, record);
        let mut line = Vec::new();
        encoder.encode(&event, &mut scratch, &mut line);
        if is_object {
            assert!(!line.contains(&b'\n'));
            let json = serde_json::from_slice::<Json>(&line);
            assert!(json.is_ok_and(|json| json.is_object()), "{}", String::from_utf8_lossy(&line));
        }
        let mut again = Vec::new();
        encoder.encode(&event, &mut Scratch::default(), &mut again);
        assert_eq!(line, again);
    }
});
