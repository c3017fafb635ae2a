//! Identity of an event: the receiving account and the event's own id.

use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::fmt;

/// Identity of an event, equal for every copy of it: CloudTrail may deliver one twice, in two
/// objects. Copies for two accounts of one action are two events, with two ids
/// (`sharedEventID` joins them and is no identity).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EventKey {
    /// `recipientAccountId` (empty where the record has none) and `eventID`.
    Id {
        /// The account that received the record.
        account: String,
        /// The event's id, a GUID in practice.
        event: String,
    },
    /// SHA-256 of the record's bytes, for a record without an id.
    Content([u8; 32]),
}

/// The fields of identity, whatever their JSON type: a record that has `eventID` as a number is
/// odd, and still a record. Raw values, because a lone surrogate escape has no `String`.
#[derive(Deserialize)]
struct Identifying<'r> {
    #[serde(borrow, default, rename = "eventID")]
    event: Option<&'r RawValue>,
    /// Aggregated records spell it so, and name their account `accountId`.
    #[serde(borrow, default, rename = "eventId")]
    aggregated_event: Option<&'r RawValue>,
    #[serde(borrow, default, rename = "recipientAccountId")]
    account: Option<&'r RawValue>,
    #[serde(borrow, default, rename = "accountId")]
    aggregated_account: Option<&'r RawValue>,
}

impl EventKey {
    pub(crate) fn of(json: &str) -> Self {
        let content = || Self::Content(Sha256::digest(json).into());
        // A record with a key twice fails here: it is then known by its content.
        let Ok(fields) = serde_json::from_str::<Identifying<'_>>(json) else {
            return content();
        };
        let Some(event) = text(fields.event).or_else(|| text(fields.aggregated_event)) else {
            return content();
        };
        let account = text(fields.account).or_else(|| text(fields.aggregated_account));
        Self::Id { account: account.unwrap_or_default().to_owned(), event: event.to_owned() }
    }
}

/// What stands between the quotes of a JSON string that is not empty.
fn text(value: Option<&RawValue>) -> Option<&str> {
    let inner = value?.get().strip_prefix('"')?.strip_suffix('"')?;
    (!inner.is_empty()).then_some(inner)
}

impl fmt::Display for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id { account, event } => write!(f, "{account}/{event}"),
            Self::Content(hash) => hash.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(json: &str, expect: &str) {
        assert_eq!(EventKey::of(json).to_string(), expect, "{json}");
    }

    #[test]
    fn identity_is_account_and_event_id() {
        check(r#"{"eventID":"e","recipientAccountId":"111122223333"}"#, "111122223333/e");
        check(r#"{"eventID":"e"}"#, "/e");
        check(r#"{"eventId":"e","accountId":"111122223333"}"#, "111122223333/e");
    }

    #[test]
    fn a_record_without_an_id_is_known_by_its_content() {
        for json in [r"{}", r#"{"eventID":null}"#, r#"{"eventID":7}"#, r#"{"eventID":""}"#] {
            assert!(matches!(EventKey::of(json), EventKey::Content(_)), "{json}");
        }
        assert_ne!(EventKey::of(r#"{"a":1}"#), EventKey::of(r#"{"a":2}"#));
    }

    proptest! {
        #[test]
        fn any_text_has_an_identity_and_always_the_same(json in ".*") {
            prop_assert_eq!(EventKey::of(&json), EventKey::of(&json));
        }
    }
}
