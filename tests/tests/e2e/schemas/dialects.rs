//! Where a document as Elastic's integration has it differs from one that is strict.

use super::{forms, records};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Mutex;
use trail_schema::ecs::Dialect;

/// Everywhere, and why.
const DIFFERENCES: [(&str, &str); 11] = [
    ("event.type", "deletes instead of a deletion, or is not there"),
    ("aws.cloudtrail.shared_event_id", "is looked for under another name"),
    ("aws.cloudtrail.unmapped", "has the id that was not found"),
    ("related.ip", "is not there"),
    ("related.hosts", "is not there"),
    ("aws.cloudtrail.request_parameters", "is a map of Java's"),
    ("aws.cloudtrail.response_elements", "is a map of Java's"),
    ("aws.cloudtrail.additional_eventdata", "is a map of Java's"),
    ("aws.cloudtrail.service_event_details", "is a map of Java's"),
    ("error.code", "is not there"),
    ("error.message", "is not there"),
];

/// The paths of what is in one of both only, or differs.
fn different(path: &str, strict: &Value, other: &Value, found: &mut BTreeSet<String>) {
    let (Some(own), Some(others)) = (strict.as_object(), other.as_object()) else {
        if strict != other {
            leaves(path, if strict.is_object() { strict } else { other }, found);
        }
        return;
    };
    for key in own.keys().chain(others.keys()) {
        let dot = if path.is_empty() { "" } else { "." };
        different(&format!("{path}{dot}{key}"), &strict[key], &other[key], found);
    }
}

/// What stands below `path`: one of both has nothing there.
fn leaves(path: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value.as_object() {
        Some(object) => {
            object.iter().for_each(|(key, value)| leaves(&format!("{path}.{key}"), value, found));
        }
        None => {
            found.insert(path.to_owned());
        }
    }
}

#[test]
fn integration_differs_where_it_is_known_to_and_nowhere_else() -> anyhow::Result<()> {
    let [strict, integration] = [Dialect::Strict, Dialect::Integration].map(forms::ecs);
    let all = Mutex::new(BTreeSet::new());
    records::check_all(|record| {
        let mut found = BTreeSet::new();
        let [strict, integration] = [&strict[0], &integration[0]];
        let documents = (strict.document(&record.json)?, integration.document(&record.json)?);
        different("", &documents.0, &documents.1, &mut found);
        all.lock().unwrap().extend(found);
        Ok(())
    })?;
    let listed = DIFFERENCES.map(|(path, _)| path.to_owned()).into();
    assert_eq!(all.into_inner()?, listed);
    Ok(())
}
