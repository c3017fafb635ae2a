//! Any text is answered, within bounds, and what it names can be shown and parsed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trail_notification::{ObjectRef, TrailKey, read};

fuzz_target!(|body: &str| {
    match read(body) {
        Ok(notification) => {
            assert!(notification.envelopes <= 3);
            assert!(!notification.objects.is_empty() || !notification.ignored.is_empty());
            notification.objects.iter().for_each(look_at);
        }
        Err(why) => assert!(is_one_line(&why.to_string(), 400)),
    }
});

fn look_at(object: &ObjectRef) {
    assert!(!object.bucket.is_empty() && !object.key.is_empty());
    assert!(object.bucket.len() <= 255 && object.key.len() <= 1_024);
    assert!(is_one_line(&object.to_string(), 1_103));
    if let Ok(key) = TrailKey::parse(&object.key) {
        assert!(object.key.ends_with(&key.to_string()));
    }
}

fn is_one_line(shown: &str, limit: usize) -> bool {
    shown.chars().count() <= limit && !shown.chars().any(char::is_control)
}
