//! One CloudTrail record goes in; what comes out is a view of it that borrows, and never copies
//! what it does not have to. This crate does no I/O and changes nothing: unknown fields stay where
//! they are, in the record's own bytes.
//!
//! In reading order: [`Event`] is a record with its place in the file, [`EventKey`] is what makes
//! it recognisable when the same event is delivered twice.
#![forbid(unsafe_code)]

mod key;

pub use key::EventKey;

/// A record understood to be a CloudTrail event, borrowed from its log file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<'record> {
    /// Place in the object's `Records`, from 0.
    pub index: u64,
    json: &'record str,
}

impl<'record> Event<'record> {
    /// The event of one element of `Records`, `json`, which is valid JSON and an object.
    #[must_use]
    pub fn new(index: u64, json: &'record str) -> Self {
        Self { index, json }
    }

    /// The record as CloudTrail wrote it.
    #[must_use]
    pub fn json(&self) -> &'record str {
        self.json
    }

    /// What makes this event recognisable.
    #[must_use]
    pub fn key(&self) -> EventKey {
        EventKey::of(self.json)
    }
}
