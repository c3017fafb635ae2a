//! Real events: every field is what another JSON library finds, and who acted is told.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use trail_event::{Credentials, Event, Field, Origin, Reader};
use trail_logfile::{Limits, claimed_size, inflate_whole};

/// Records of a folder of the public corpora; none, having said why, where there are no corpora.
fn records(folder: &str) -> Option<Vec<String>> {
    #[expect(clippy::disallowed_methods, reason = "where the corpora lie is no configuration")]
    let set = std::env::var_os("TRAILD_CORPORA").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let path = set.unwrap_or_else(beside).join(folder);
    let Ok(files) = fs::read_dir(&path) else {
        #[expect(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("skipped: no corpora: {} is not a folder", path.display());
        }
        return None;
    };
    Some(files.flat_map(|file| records_of(&fs::read(file.unwrap().path()).unwrap())).collect())
}

fn records_of(object: &[u8]) -> Vec<String> {
    let claim = usize::try_from(claimed_size(object).unwrap()).unwrap();
    let text = String::from_utf8(inflate_whole(object, claim).unwrap()).unwrap();
    if !text.starts_with(r#"{"src""#) {
        let mut records = Vec::new();
        let read = trail_logfile::read(object, &Limits::default(), |record| {
            records.push(record.json.to_owned());
            ControlFlow::Continue(())
        });
        let _summary = read.unwrap();
        return records;
    }
    let event = |line| serde_json::from_str::<Value>(line).unwrap()["event"].to_string();
    text.lines().map(event).collect()
}

fn real() -> Option<Vec<String>> {
    let mut all = records("events")?;
    all.extend(records("trail")?);
    Some(all)
}

#[test]
fn every_field_of_real_events_is_what_serde_json_finds() {
    let Some(records) = real() else { return };
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
    let Some(records) = real() else { return };
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
