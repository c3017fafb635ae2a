//! The default rules on real events.

#![expect(clippy::print_stderr, reason = "a test says what it found")]

#[path = "../../../../event/tests/real/events.rs"]
mod events;

use super::*;
use events::real_events;
use serde_json::Value;

/// Session tokens of STS begin so: base64 of what they are made of.
const TOKENS: [&str; 2] = ["IQoJb3JpZ2lu", "FwoGZXIvYXdz"];

#[test]
fn the_default_leaves_no_session_token_in_real_events() {
    let (redaction, mut hidden) = (Redaction::session_credentials(), 0);
    let events = real_events();
    for json in &events {
        let Some(redacted) = redacted(&redaction, json) else {
            assert!(!TOKENS.iter().any(|token| json.contains(token)), "{json}");
            continue;
        };
        hidden += 1;
        assert!(!TOKENS.iter().any(|token| redacted.contains(token)), "{redacted}");
        let [before, after] =
            [json, &redacted].map(|json| serde_json::from_str::<Value>(json).unwrap());
        for kept in [
            "/responseElements/credentials/accessKeyId",
            "/responseElements/credentials/expiration",
        ] {
            assert_eq!(before.pointer(kept), after.pointer(kept));
        }
    }
    eprintln!("credentials hidden in {hidden} of {} events", events.len());
    assert!(events.is_empty() || hidden > 100);
}
