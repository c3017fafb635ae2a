//! A [`Parcel`]: encoded events of one object, one line each, on their way to every sink that
//! shares the encoding.

use crate::budget::Permit;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

/// The object that events come from, as far as a sink may know it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    /// Bucket name.
    pub bucket: String,
    /// Decoded object key.
    pub key: String,
    /// Version id, else eTag, where known: what tells two contents under one key apart.
    pub revision: Option<String>,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `escape_default` because a key may hold line breaks and terminal escapes.
        write!(f, "s3://{}/{}", self.bucket.escape_default(), self.key.escape_default())
    }
}

/// Identity of a parcel: the same object, encoding and part always give the same identity, so
/// that a sink can recognise what it has already stored. Time and chance have no part in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParcelId([u8; 32]);

impl ParcelId {
    fn new(origin: &Origin, encoding: &str, part: u32) -> Self {
        let mut hash = Sha256::new();
        let revision = origin.revision.as_deref().unwrap_or_default();
        for field in [&origin.bucket, &origin.key, revision, encoding] {
            hash.update(field.len().to_be_bytes());
            hash.update(field);
        }
        hash.update(part.to_be_bytes());
        Self(hash.finalize().into())
    }

    /// The 32 bytes of the identity.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ParcelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Encoded events of one object, in the object's order, each one line ended by `\n`.
pub struct Parcel {
    origin: Arc<Origin>,
    id: ParcelId,
    part: u32,
    lines: Lines,
    /// Covers `lines`; given back when the last sink has answered and dropped the parcel.
    _permit: Permit,
}

impl Parcel {
    /// Part `part` (from 0) of what `origin` gives in `encoding`, the encoding's stable name.
    #[must_use]
    pub fn new(
        origin: Arc<Origin>,
        encoding: &str,
        part: u32,
        lines: Lines,
        permit: Permit,
    ) -> Self {
        let id = ParcelId::new(&origin, encoding, part);
        Self { origin, id, part, lines, _permit: permit }
    }

    /// The object the events come from.
    #[must_use]
    pub fn origin(&self) -> &Arc<Origin> {
        &self.origin
    }

    /// What makes this parcel recognisable when it comes again.
    #[must_use]
    pub fn id(&self) -> ParcelId {
        self.id
    }

    /// Number of this part within its object and encoding, from 0.
    #[must_use]
    pub fn part(&self) -> u32 {
        self.part
    }

    /// The encoded events.
    #[must_use]
    pub fn lines(&self) -> &Lines {
        &self.lines
    }
}

impl fmt::Debug for Parcel {
    /// Says what the parcel is, never what is in it: records do not belong in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parcel")
            .field("origin", &self.origin)
            .field("part", &self.part)
            .field("events", &self.lines.len())
            .field("bytes", &self.lines.bytes().len())
            .finish_non_exhaustive()
    }
}

/// Events as lines in one buffer, and where each ends.
#[derive(Clone, Default)]
pub struct Lines {
    bytes: Vec<u8>,
    /// For each line: its end in `bytes` (after the line break) and the event's index in its object.
    ends: Vec<(usize, u64)>,
}

/// CloudTrail's records have 1.3 to 1.8 kB on average.
const USUAL_LINE: usize = 1024;

impl Lines {
    /// No lines yet, with room for `bytes`.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), ends: Vec::with_capacity(bytes / USUAL_LINE) }
    }

    /// Adds one event, the `index`-th (from 0) of its object. `encode` appends the event's bytes,
    /// which must hold no line break.
    pub fn push(&mut self, index: u64, encode: impl FnOnce(&mut Vec<u8>)) {
        encode(&mut self.bytes);
        self.bytes.push(b'\n');
        self.ends.push((self.bytes.len(), index));
    }

    /// Gives back room that was not needed, if it is more than an eighth: it costs a copy.
    pub fn trim(&mut self) {
        if self.bytes.capacity() - self.bytes.len() > self.bytes.len() / 8 {
            self.bytes.shrink_to_fit();
        }
        if self.ends.capacity() - self.ends.len() > self.ends.len() / 8 {
            self.ends.shrink_to_fit();
        }
    }

    /// Bytes of memory held, those not used included.
    #[must_use]
    pub fn held(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<(usize, u64)>()
    }

    /// Number of events.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no event.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All lines, line breaks included.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes of the lines `range`, line breaks included; empty where there are none.
    #[must_use]
    pub fn slice(&self, range: std::ops::Range<usize>) -> &[u8] {
        let start = self.start_of(range.start);
        let end = self.start_of(range.end);
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// One event without its line break, and its index within its object.
    #[must_use]
    pub fn event(&self, line: usize) -> Option<(u64, &[u8])> {
        let &(end, index) = self.ends.get(line)?;
        let bytes = self.bytes.get(self.start_of(line)..end.saturating_sub(1))?;
        Some((index, bytes))
    }

    fn start_of(&self, line: usize) -> usize {
        let Some(before) = line.checked_sub(1) else {
            return 0;
        };
        self.ends.get(before).map_or(self.bytes.len(), |&(end, _)| end)
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lines({} events, {} bytes)", self.len(), self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(key: &str, revision: Option<&str>) -> Origin {
        Origin { bucket: "b".into(), key: key.into(), revision: revision.map(Into::into) }
    }

    #[test]
    fn lines_are_found_again_by_number() {
        let mut lines = Lines::default();
        lines.push(0, |buffer| buffer.extend(b"first"));
        lines.push(7, |buffer| buffer.extend(b"second"));
        assert_eq!(lines.event(1), Some((7, &b"second"[..])));
        assert_eq!(lines.slice(0..1), b"first\n");
        assert_eq!(lines.slice(0..2), b"first\nsecond\n");
        assert_eq!(lines.event(2), None);
    }

    #[test]
    fn identity_depends_on_each_field_and_nothing_else() {
        let same = || ParcelId::new(&origin("k", Some("v")), "cloudtrail", 0);
        assert_eq!(same(), same());
        for other in [
            ParcelId::new(&origin("kv", None), "cloudtrail", 0),
            ParcelId::new(&origin("k", None), "cloudtrail", 0),
            ParcelId::new(&origin("k", Some("v")), "ecs", 0),
            ParcelId::new(&origin("k", Some("v")), "cloudtrail", 1),
        ] {
            assert_ne!(same(), other);
        }
    }
}
