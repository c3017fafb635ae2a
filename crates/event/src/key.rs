//! Identity of an event: the receiving account and the event's own id.

use crate::event::Event;
use crate::field::Field;
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

impl EventKey {
    pub(crate) fn of(event: &Event<'_>) -> Self {
        // Aggregated records spell it `eventId`, and name their account `accountId`.
        let id = event.text(Field::EventId).or_else(|| event.text(Field::AggregatedEventId));
        let Some(id) = id else {
            return Self::Content(Sha256::digest(event.json()).into());
        };
        let account = event.text(Field::RecipientAccountId);
        let account = account.or_else(|| event.text(Field::AggregatedAccountId));
        let account = account.map(|account| account.escaped().to_owned());
        Self::Id { account: account.unwrap_or_default(), event: id.escaped().to_owned() }
    }
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
    use crate::Reader;
    use proptest::prelude::*;

    fn key(json: &str) -> EventKey {
        Reader::new().read(0, json).key()
    }

    fn check(json: &str, expect: &str) {
        assert_eq!(key(json).to_string(), expect, "{json}");
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
            assert!(matches!(key(json), EventKey::Content(_)), "{json}");
        }
        assert_ne!(key(r#"{"a":1}"#), key(r#"{"a":2}"#));
    }

    proptest! {
        #[test]
        fn any_text_has_an_identity_and_always_the_same(json in ".*") {
            prop_assert_eq!(key(&json), key(&json));
        }
    }
}
