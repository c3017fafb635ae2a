//! Laws that hold for any input.

#![expect(clippy::expect_used, reason = "a test may fail")]

use proptest::prelude::*;
use trail_notification::{Date, Kind, Notification, ObjectRef, Shape, TrailKey, read};

/// Encodes as S3 does in its notifications.
fn form_encoded(key: &str) -> String {
    let encode = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        b'/' | b'-' | b'_' | b'.' | b'*' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    key.bytes().map(encode).collect()
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn s3(key: &str) -> String {
    format!(
        r#"{{"Records":[{{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put",
        "s3":{{"bucket":{{"name":"b"}},"object":{{"key":{}}}}}}}]}}"#,
        quoted(key)
    )
}

fn event_bridge(key: &str) -> String {
    format!(
        r#"{{"detail-type":"Object Created","source":"aws.s3","detail":
        {{"bucket":{{"name":"b"}},"object":{{"key":{}}}}}}}"#,
        quoted(key)
    )
}

fn cloudtrail(key: &str) -> String {
    format!(r#"{{"s3Bucket":"b","s3ObjectKey":[{}]}}"#, quoted(key))
}

fn wrapped(message: &str) -> String {
    format!(r#"{{"Type":"Notification","TopicArn":"t","Message":{}}}"#, quoted(message))
}

fn single(notification: Notification) -> ObjectRef {
    let [object] = <[ObjectRef; 1]>::try_from(notification.objects).expect("one object");
    object
}

/// Everything that may be asked of an answer.
fn look_at(body: &str) {
    match read(body) {
        Ok(notification) => {
            assert!(notification.envelopes <= 3);
            assert!(!notification.objects.is_empty() || !notification.ignored.is_empty());
            for object in &notification.objects {
                let shown = object.to_string();
                assert!(shown.chars().count() <= 1_103 && !shown.chars().any(char::is_control));
                let _ = TrailKey::parse(&object.key);
            }
        }
        Err(why) => {
            let shown = why.to_string();
            assert!(shown.chars().count() <= 400 && !shown.chars().any(char::is_control));
            assert!(
                why.reason()
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            );
        }
    }
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{1,80}", "[ +%a-f0-9/=@~]{1,80}", "(?s).{1,80}"]
}

fn segment() -> impl Strategy<Value = String> {
    "[^/]{1,20}"
}

fn prefix() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        segment(),
        proptest::collection::vec(prop_oneof![segment(), Just("AWSLogs".to_owned())], 1..4)
            .prop_map(|segments| segments.join("/")),
    ]
}

proptest! {
    #[test]
    fn any_text_is_answered_without_panic(body in "(?s).{0,300}") {
        look_at(&body);
        look_at(&wrapped(&body));
        look_at(&s3(&body));
        look_at(&event_bridge(&body));
    }

    #[test]
    fn any_damage_to_a_good_body_is_answered_without_panic(
        at in any::<prop::sample::Index>(),
        insert in "[\\[\\]{}\",:0-9a-z\\\\ ]{0,4}",
        cut in 0_usize..4,
        key in key(),
    ) {
        for body in [s3(&key), event_bridge(&key), cloudtrail(&key), wrapped(&s3(&key))] {
            let mut damaged: Vec<char> = body.chars().collect();
            let at = at.index(damaged.len());
            damaged.splice(at..(at + cut).min(damaged.len()), insert.chars());
            look_at(&damaged.iter().collect::<String>());
        }
    }

    #[test]
    fn any_json_is_answered_without_panic(depth in 0_usize..300, tail in "[\\[\\]{}\",:0-9a-z ]{0,60}") {
        look_at(&format!("{}{tail}", "{\"Records\":[".repeat(depth)));
    }

    #[test]
    fn any_key_survives_form_encoding(key in key()) {
        let body = s3(&form_encoded(&key));
        prop_assert_eq!(&single(read(&body).expect("understood")).key, &key);
        prop_assert_eq!(&single(read(&wrapped(&body)).expect("understood")).key, &key);
    }

    #[test]
    fn raw_keys_are_not_touched(key in key()) {
        for (body, shape) in
            [(event_bridge(&key), Shape::EventBridge), (cloudtrail(&key), Shape::CloudTrailSns)]
        {
            let notification = read(&wrapped(&body)).expect("understood");
            prop_assert_eq!(notification.shape, shape);
            prop_assert_eq!(&single(notification).key, &key);
        }
    }

    #[test]
    fn any_trail_key_is_parsed_back(
        prefix in prefix(),
        organization in proptest::option::of("o-[a-z0-9]{10,32}"),
        account in "[0-9]{12}|[^/]{1,20}",
        kind in proptest::sample::select(&Kind::ALL[..]),
        region in "[a-z]{2,4}(-[a-z]{2,9}){1,2}-[1-9]",
        (year, month, day) in (0_u16..=9_999, 1_u8..=12, 1_u8..=31),
        file in segment(),
    ) {
        // An account named like the root would be read as one.
        prop_assume!(account != "AWSLogs");
        let written = TrailKey {
            prefix: &prefix,
            organization: organization.as_deref(),
            account: &account,
            kind,
            region: &region,
            date: Date { year, month, day },
            file: &file,
        };
        let key = written.to_string();
        prop_assert_eq!(TrailKey::parse(&key), Ok(written));
    }

    #[test]
    fn any_text_is_a_trail_key_or_says_why_not(key in "(?s).{0,200}", tail in "(AWSLogs|CloudTrail|[0-9]{2,4}|[a-z]{0,3}|/){0,24}") {
        for key in [key, tail] {
            match TrailKey::parse(&key) {
                Ok(parsed) => prop_assert!(key.ends_with(&parsed.to_string())),
                Err(why) => prop_assert!(!why.reason().is_empty()),
            }
        }
    }
}
