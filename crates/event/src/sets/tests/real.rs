//! What the ready sets choose of real events, and what choosing costs.

#![expect(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test says what it found or why it is skipped, and finds the corpora by the environment"
)]

use crate::{Choice, Event, List, Reader, Selectors, Set};
use serde_json::Value;
use std::fs;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use trail_logfile::Limits;

/// The same as each set, said in another way.
fn is_in(set: &str, event: &Value) -> bool {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (source, name) = (text("/eventSource"), text("/eventName"));
    let by_service =
        text("/userIdentity/type") == "AWSService" || !text("/userIdentity/invokedBy").is_empty();
    let read_only = &event["readOnly"];
    match set {
        "management" => {
            matches!(&event["eventCategory"], Value::Null) || text("/eventCategory") == "Management"
        }
        "writes" if read_only.is_null() => !name.starts_with("Describe"),
        "writes" => !read_only.as_bool().unwrap(),
        "errors" => {
            !text("/errorCode").is_empty()
                || !text("/errorMessage").is_empty()
                || text("/responseElements/ConsoleLogin") == "Failure"
        }
        "console-and-identity" => match source.strip_suffix(".amazonaws.com").unwrap() {
            "iam" | "signin" | "rolesanywhere" => true,
            "organizations" | "account" => {
                *read_only != Value::Bool(true) || !text("/errorCode").is_empty()
            }
            "sts" => name != "GetCallerIdentity" && !by_service,
            _ => false,
        },
        "kms-decrypt" => {
            source == "kms.amazonaws.com" && by_service && text("/errorCode").is_empty()
        }
        "service-reads" => {
            let is_wanted = by_service && *read_only == Value::Bool(true);
            is_wanted && text("/errorCode").is_empty() && source != "sts.amazonaws.com"
        }
        other => panic!("no set is called {other}"),
    }
}

#[test]
fn sets_choose_what_they_say_of_real_events() {
    let events = real_events();
    for set in Set::ALL {
        let selectors = Selectors::parse(&[set.name], &[] as &[&str]).unwrap();
        let mut reader = Reader::new();
        let mut chosen = 0_usize;
        for json in &events {
            let is_chosen = selectors.choose(&reader.read(0, json)) != Choice::Unselected;
            assert_eq!(
                is_chosen,
                is_in(set.name, &serde_json::from_str(json).unwrap()),
                "{}: {json}",
                set.name
            );
            chosen += usize::from(is_chosen);
        }
        eprintln!("{:22} {chosen:6} of {}", set.name, events.len());
        assert!(events.is_empty() || chosen > 0, "{} chooses nothing", set.name);
    }
}

#[test]
#[ignore = "a measurement: run it alone, with --release --nocapture"]
fn choosing_costs_next_to_nothing() {
    let events = real_events();
    let everything = Set::ALL.map(|set| set.name);
    let (select, exclude) = everything.split_at(4);
    let mut all: Vec<_> =
        everything.iter().map(|name| Selectors::parse(&[name], &[] as &[&str]).unwrap()).collect();
    all.push(Selectors::parse(select, exclude).unwrap());
    for selectors in &all {
        let name = selectors.names(List::Select).collect::<Vec<_>>().join(", ");
        eprintln!(
            "{name:60} {:?} an event",
            cost(&events, |event| _ = black_box(selectors.choose(event)))
        );
    }
}

/// What `work` costs for one event, the reading of the record left aside: the best of some rounds,
/// since other work on the machine only ever makes it longer.
fn cost(events: &[String], mut work: impl FnMut(&Event<'_>)) -> Duration {
    const TIMES: u32 = 50;
    let mut reader = Reader::new();
    let mut round = |event: &Event<'_>| {
        let start = Instant::now();
        (0..TIMES).for_each(|_| work(black_box(event)));
        start.elapsed()
    };
    let best = |json: &String| {
        let event = reader.read(0, json);
        (0..20).map(|_| round(&event)).min().unwrap_or_default()
    };
    let spent: Duration = events.iter().map(best).sum();
    spent / (TIMES * u32::try_from(events.len().max(1)).unwrap())
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
    let folder = std::env::var_os("TRAILD_CORPORA").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no corpora ({} is not a folder; see TRAILD_CORPORA)", folder.display());
    None
}
