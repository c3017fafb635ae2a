//! The default rules on real events, and what they cost.

#![expect(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test says what it found or why it is skipped, and finds the corpora by the environment"
)]

use super::*;
use serde_json::Value;
use std::fs;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use trail_logfile::Limits;

/// Session tokens of STS begin so: base64 of what they are made of.
const TOKENS: [&str; 2] = ["IQoJb3JpZ2lu", "FwoGZXIvYXdz"];

#[test]
fn the_default_leaves_no_session_token_in_real_events() {
    let (redaction, mut hidden) = (Redaction::session_credentials(), 0);
    let events = real_events();
    for json in &events {
        let Some(redacted) = redacted(&redaction, json) else {
            assert!(!TOKENS.iter().any(|token| json.contains(token)), "{json}");
            continue;
        };
        hidden += 1;
        assert!(!TOKENS.iter().any(|token| redacted.contains(token)), "{redacted}");
        let [before, after] =
            [json, &redacted].map(|json| serde_json::from_str::<Value>(json).unwrap());
        for kept in [
            "/responseElements/credentials/accessKeyId",
            "/responseElements/credentials/expiration",
        ] {
            assert_eq!(before.pointer(kept), after.pointer(kept));
        }
    }
    eprintln!("credentials hidden in {hidden} of {} events", events.len());
    assert!(events.is_empty() || hidden > 100);
}

#[test]
#[ignore = "a measurement: run it alone, with --release --nocapture"]
fn hiding_costs_next_to_nothing() {
    let (redaction, mut reader, mut into) =
        (Redaction::session_credentials(), Reader::new(), String::new());
    let (mut spent, mut hidden) = ([Duration::ZERO; 2], [0_u32; 2]);
    for json in real_events() {
        let event = reader.read(0, &json);
        let mut round = || {
            let start = Instant::now();
            (0..50).for_each(|_| _ = black_box(redaction.apply(black_box(&event), &mut into)));
            start.elapsed()
        };
        let best = (0..20).map(|_| round()).min().unwrap_or_default();
        let hits = usize::from(redaction.apply(&event, &mut into));
        spent[hits] += best / 50;
        hidden[hits] += 1;
    }
    for (what, hits) in [("nothing to hide", 0), ("credentials hidden", 1)] {
        eprintln!(
            "{what:20} {:?} an event, of {}",
            spent[hits] / hidden[hits].max(1),
            hidden[hits]
        );
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
    let beside = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let folder = std::env::var_os("TRAILD_CORPORA").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no corpora ({} is not a folder; see TRAILD_CORPORA)", folder.display());
    None
}
