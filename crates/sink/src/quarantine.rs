//! A [`Quarantine`]: where single events are set aside that a sink can never take.

mod directory;

pub use directory::DirectoryQuarantine;

use crate::contract::WriteError;
use serde::Serialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A place for refused events.
///
/// # Contract
/// `set_aside` answers `Ok` only when every entry is durable.
///
/// # Duplicates
/// The same entry may come again after an error, a restart or a redelivery, and may be stored again.
///
/// # Concurrency
/// `set_aside` may be called again before the last call has ended.
///
/// # Ordering
/// None.
///
/// # Cancellation
/// The future may be dropped at any point; whether the entries were stored is then open.
///
/// # Errors
/// As for a [`Sink`](crate::Sink), but `Split` means the same as `Retry`.
///
/// # Shutdown
/// Nothing is held back between calls, so there is nothing to flush.
#[async_trait::async_trait]
pub trait Quarantine: std::fmt::Debug + Send + Sync + 'static {
    /// Stores the entries durably.
    async fn set_aside(&self, entries: &[Entry<'_>]) -> Result<(), WriteError>;
}

/// An event set aside. Its JSON form, one object a line, is what is stored: its keys are a promise.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Entry<'a> {
    /// Why the sink refused it.
    pub reason: &'a str,
    /// Name of the sink.
    pub sink: &'a str,
    /// Bucket of the object the event comes from.
    pub bucket: &'a str,
    /// Key of that object.
    pub key: &'a str,
    /// Position of the event in that object, from 0.
    pub index: u64,
    /// The event as encoded for the sink: a JSON value if it is one, else a string (bytes that are
    /// no UTF-8 replaced).
    #[serde(serialize_with = "as_json")]
    pub event: &'a [u8],
}

/// The entries as NDJSON.
pub(crate) fn to_lines(entries: &[Entry<'_>]) -> serde_json::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut lines, entry)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

fn as_json<S: serde::Serializer>(event: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    // A line break between tokens would tear the entry's line.
    let one_line = !event.contains(&b'\n');
    match serde_json::from_slice::<&RawValue>(event) {
        Ok(value) if one_line => value.serialize(serializer),
        _ => match String::from_utf8_lossy(event) {
            Cow::Borrowed(text) => serializer.serialize_str(text),
            Cow::Owned(text) => serializer.serialize_str(&text),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(event: &[u8]) -> String {
        let entry =
            Entry { reason: "too large", sink: "lake", bucket: "b", key: "k", index: 7, event };
        String::from_utf8(to_lines(&[entry]).expect("encoded")).expect("text")
    }

    #[test]
    fn entry_holds_an_event_that_is_json_as_it_is() {
        let expect = r#"{"reason":"too large","sink":"lake","bucket":"b","key":"k","index":7,"event":{"a": 1.50}}"#;
        assert_eq!(line(br#"{"a": 1.50}"#), format!("{expect}\n"));
    }

    #[test]
    fn entry_holds_any_other_event_as_a_string_on_one_line() {
        assert!(line(b"half {\"").ends_with("\"event\":\"half {\\\"\"}\n"));
        assert!(line(b"[1,\n2]").ends_with("\"event\":\"[1,\\n2]\"}\n"));
        assert!(line(b"\xff").ends_with("\"event\":\"\u{fffd}\"}\n"));
    }
}
