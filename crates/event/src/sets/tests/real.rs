//! What the ready sets choose of real events.

#![expect(clippy::print_stderr, reason = "a test says what it found")]

#[path = "../../../tests/real/events.rs"]
mod events;

use crate::{Choice, Reader, Selectors, Set};
use events::real_events;
use serde_json::Value;

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
