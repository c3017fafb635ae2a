//! Real events: every field is what another JSON library finds, and who acted is told.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "real/events.rs"]
mod events;

use events::real_events;
use serde_json::Value;
use std::collections::BTreeMap;
use trail_event::{Credentials, Event, Field, Origin, Reader};

#[test]
fn every_field_of_real_events_is_what_serde_json_finds() {
    let records = real_events();
    if records.is_empty() {
        return;
    }
    let mut reader = Reader::new();
    for json in &records {
        let expect: Value = serde_json::from_str(json).unwrap();
        let event = reader.read(0, json);
        for field in Field::ALL {
            let pointer = format!("/{}", field.to_string().replace('.', "/"));
            let found = event.value(field).map(|value| serde_json::from_str(value.json()).unwrap());
            assert_eq!(found.as_ref(), expect.pointer(&pointer), "{field} of {json}");
        }
        let top = event.members().filter(|member| member.parent.is_none()).count();
        assert_eq!(top, expect.as_object().unwrap().len(), "{json}");
    }
    assert_eq!(records.len(), 6_911);
}

#[test]
fn real_events_tell_who_acted() {
    let records = real_events();
    if records.is_empty() {
        return;
    }
    let mut reader = Reader::new();
    let mut found = BTreeMap::<&str, usize>::new();
    for json in &records {
        let event = reader.read(0, json);
        let identity = event.identity();
        *found.entry(identity.credentials().name()).or_default() += 1;
        assert!(identity.actor().is_some(), "{json}");
        assert!(event.version().is_some() && event.time().is_some(), "{json}");
        is_consistent(&event);
    }
    let expect =
        [("assumed-role", 952), ("aws-service", 216), ("federated", 1), ("iam-user", 5_742)];
    let expect = BTreeMap::from(expect);
    assert_eq!(found, expect);
}

/// What an address says of services, and the identity.
fn is_consistent(event: &Event<'_>) {
    let identity = event.identity();
    if let Some(Origin::Service(name)) = event.origin() {
        assert_eq!(identity.by_service(), Some(name), "{}", event.json());
    }
    if identity.credentials() == Credentials::AwsService {
        assert!(identity.by_service().is_some() && identity.is_temporary().is_none());
    } else {
        assert!(identity.is_temporary().is_some(), "{}", event.json());
    }
}
