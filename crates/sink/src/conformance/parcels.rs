//! Parcels to write, of events that can be told apart.

use crate::budget::Permit;
use crate::parcel::{Lines, Origin, Parcel};
use std::sync::Arc;

/// The event number `index` of the object `key`.
#[must_use]
pub fn event(key: &str, index: u64) -> Vec<u8> {
    format!(r#"{{"object":"{key}","index":{index}}}"#).into_bytes()
}

/// Part `part` of the object `key`: `events` events, numbered on from the part before.
#[must_use]
pub fn parcel(key: &str, part: u32, events: u64) -> Arc<Parcel> {
    let first = u64::from(part) * events;
    let numbered = (first..first + events).map(|index| (index, event(key, index)));
    parcel_of(key, part, numbered)
}

/// Part `part` of the object `key`, of these events and their positions.
#[must_use]
pub fn parcel_of(
    key: &str,
    part: u32,
    events: impl IntoIterator<Item = (u64, Vec<u8>)>,
) -> Arc<Parcel> {
    let origin = Origin { bucket: "trail-bucket".to_owned(), key: key.to_owned(), revision: None };
    let mut lines = Lines::default();
    for (index, event) in events {
        lines.push(index, |buffer| buffer.extend(event));
    }
    let parcel = Parcel::new(Arc::new(origin), "cloudtrail", part, lines, Permit::unlimited());
    Arc::new(parcel)
}
