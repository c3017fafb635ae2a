use serde_json::{Value, json};

use super::*;
use bodies::*;

mod bodies;

const KEY: &str = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/07/16/f.json.gz";

fn understood(body: &str) -> Notification {
    read(body).unwrap_or_else(|why| panic!("{why}: {body}"))
}

fn keys(notification: &Notification) -> Vec<&str> {
    notification.objects.iter().map(|object| object.key.as_str()).collect()
}

#[test]
fn s3_record_names_an_object_with_everything_known_of_it() {
    let mut record = created("a/red+flower%2B%40.gz");
    record["s3"]["object"]["versionId"] = json!("096fKKXTRTtl3on89fVO.nfljtsv6qko");
    let expected = ObjectRef {
        bucket: "org-trail".into(),
        key: "a/red flower+@.gz".into(),
        percent_decoded_key: None,
        version_id: Some("096fKKXTRTtl3on89fVO.nfljtsv6qko".into()),
        etag: Some("d41d8cd98f".into()),
        region: Some("eu-west-1".into()),
        size: Some(1234),
    };
    let notification = understood(&records(&[record]));
    assert_eq!((notification.shape, notification.envelopes), (Shape::S3, 0));
    assert_eq!((notification.objects, notification.ignored), (vec![expected], vec![]));
}

#[test]
fn event_bridge_key_is_taken_as_it_is_and_its_other_spelling_kept() {
    let check = |key: &str, decoded: Option<&str>| {
        let notification = understood(&event_bridge("Object Created", key));
        assert_eq!(notification.shape, Shape::EventBridge);
        let expected = ObjectRef {
            bucket: "org-trail".into(),
            key: key.into(),
            percent_decoded_key: decoded.map(str::to_owned),
            version_id: Some("IYV3p45B".into()),
            etag: Some("b1946ac9".into()),
            region: Some("ca-central-1".into()),
            size: Some(5),
        };
        assert_eq!(notification.objects, [expected]);
    };
    check(KEY, None);
    check("red+flower.jpg", None);
    check("red flower", None);
    check("red%2Bflower%20", Some("red+flower "));
    check("日本.gz", None);
}

#[test]
fn cloudtrail_topic_names_many_keys_as_they_are() {
    let body = json!({ "s3Bucket": "org-trail", "s3ObjectKey": ["a+b", "a%2Bb", KEY] }).to_string();
    let notification = understood(&wrapped(&body));
    assert_eq!((notification.shape, notification.envelopes), (Shape::CloudTrailSns, 1));
    let expected = ["a+b", "a%2Bb", KEY].map(|key| ObjectRef::new("org-trail", key));
    assert_eq!(notification.objects, expected);
    let single = understood(r#"{"s3Bucket":"org-trail","s3ObjectKey":"a+b"}"#);
    assert_eq!(keys(&single), ["a+b"]);
}

#[test]
fn envelopes_of_any_kind_are_opened_three_deep() {
    let s3 = records(&[created(KEY)]);
    let bridge = event_bridge("Object Created", KEY);
    let cloudtrail = json!({ "s3Bucket": "org-trail", "s3ObjectKey": [KEY] }).to_string();
    for (body, shape) in
        [(s3, Shape::S3), (bridge, Shape::EventBridge), (cloudtrail, Shape::CloudTrailSns)]
    {
        let check = |body: &str, envelopes: u8| {
            let notification = understood(body);
            assert_eq!((notification.shape, notification.envelopes), (shape, envelopes), "{body}");
            assert_eq!(keys(&notification), [KEY]);
        };
        check(&body, 0);
        check(&wrapped(&body), 1);
        check(&for_lambda(&[&body]), 1);
        check(&wrapped(&wrapped(&body)), 2);
        check(&wrapped(&for_lambda(&[&body])), 2);
        check(&for_lambda(&[&wrapped(&wrapped(&body))]), 3);
        let four = wrapped(&for_lambda(&[&wrapped(&wrapped(&body))]));
        assert_eq!(read(&four), Err(Unrecognized::TooDeep));
    }
}

#[test]
fn message_names_every_object_of_every_record() {
    let direct = records(&[created("a"), created("b"), created("c")]);
    assert_eq!(keys(&understood(&direct)), ["a", "b", "c"]);
    let other = records(&[created("d")]);
    let lambda = for_lambda(&[&direct, &other, VALIDATION]);
    let notification = understood(&lambda);
    assert_eq!(keys(&notification), ["a", "b", "c", "d"]);
    assert_eq!(notification.ignored, [Ignored::ValidationMessage]);
    assert_eq!(notification.shape, Shape::S3);
}

/// Checks that the body is understood and names nothing, in an envelope or out of it.
fn ignored(body: &str, shape: Shape, ignored: Ignored) {
    for body in [body, &wrapped(body), &for_lambda(&[body])] {
        let notification = understood(body);
        assert_eq!(notification.shape, shape, "{body}");
        assert_eq!(notification.objects, [], "{body}");
        assert_eq!(notification.ignored, std::slice::from_ref(&ignored), "{body}");
    }
}

#[test]
fn test_messages_are_ignored() {
    let test = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b","RequestId":"1"}"#;
    ignored(test, Shape::S3TestEvent, Ignored::TestEvent);
    for text in [VALIDATION, "\n CloudTrail validation message. \r\n"] {
        ignored(text, Shape::CloudTrailValidation, Ignored::ValidationMessage);
    }
}

#[test]
fn empty_lists_are_ignored() {
    ignored(r#"{"Records":[]}"#, Shape::S3, Ignored::EmptyRecords);
    let cloudtrail = r#"{"s3Bucket":"b","s3ObjectKey":[]}"#;
    ignored(cloudtrail, Shape::CloudTrailSns, Ignored::EmptyRecords);
}

#[test]
fn events_other_than_a_creation_are_ignored_by_name() {
    let not_created = |name: &str| Ignored::NotCreated { event: name.to_owned() };
    for name in ["ObjectRemoved:Delete", "s3:ObjectRestore:Completed", "ObjectTagging:Put"] {
        ignored(&records(&[record(name, "k")]), Shape::S3, not_created(name));
        let bare = json!({ "eventVersion": "2.3", "eventSource": "aws:s3", "eventName": name });
        ignored(&records(&[bare]), Shape::S3, not_created(name));
    }
    for name in ["Object Deleted", "Object Restore Completed", "AWS API Call via CloudTrail"] {
        ignored(&event_bridge(name, "k"), Shape::EventBridge, not_created(name));
    }
}

#[test]
fn ignored_record_does_not_hide_its_neighbours() {
    let body = records(&[record("ObjectRemoved:Delete", "gone"), created("here")]);
    let notification = understood(&body);
    assert_eq!(keys(&notification), ["here"]);
    assert_eq!(
        notification.ignored,
        [Ignored::NotCreated { event: "ObjectRemoved:Delete".into() }]
    );
}

fn refused(reason: &str, bodies: &[&str]) {
    for body in bodies {
        let why = read(body).expect_err(body);
        assert_eq!(why.reason(), reason, "{body}");
        assert!(!why.to_string().contains('\n') && why.to_string().len() < 400);
    }
}

#[test]
fn what_is_no_json_is_refused() {
    refused(
        "not_json",
        &[
            "",
            "Hello from SNS!",
            "{\"Records\":[",
            "{\"Records\":[]} trailing",
            "cloudtrail validation message.",
            &wrapped("Hello"),
        ],
    );
}

#[test]
fn json_without_one_known_shape_is_refused() {
    refused(
        "unknown_shape",
        &[
            "{}",
            "[]",
            "null",
            r#""CloudTrail validation message.""#,
            r#"["Notification","arn","hello"]"#,
            r#"{"Records":null}"#,
            r#"{"Event":"s3:OtherEvent"}"#,
            r#"{"s3Bucket":"b"}"#,
            r#"{"Type":"Notification","TopicArn":"t","Message":{"Records":[]}}"#,
            r#"{"Type":"Other","TopicArn":"t","Message":"{}"}"#,
            r#"{"Type":"Notification","Message":"without a topic"}"#,
            &for_lambda(&["{}"]),
        ],
    );
    refused(
        "ambiguous_shape",
        &[r#"{"Records":[],"Event":"s3:TestEvent"}"#, r#"{"Records":[],"Records":[]}"#],
    );
}

#[test]
fn subscription_confirmation_is_refused() {
    refused(
        "subscription_confirmation",
        &[
            r#"{"Type":"SubscriptionConfirmation","TopicArn":"t","Message":"m","Token":"t"}"#,
            r#"{"Type":"UnsubscribeConfirmation","TopicArn":"t","Message":"m"}"#,
        ],
    );
}

#[test]
fn known_shape_with_odd_contents_is_refused() {
    refused(
        "not_a_list",
        &[r#"{"Records":{}}"#, r#"{"Records":"[]"}"#, r#"{"s3Bucket":"b","s3ObjectKey":{}}"#],
    );
    refused(
        "malformed_entry",
        &[
            r#"{"s3Bucket":"b","s3ObjectKey":["a",1]}"#,
            r#"{"detail-type":"Object Created","source":"aws.s3","detail":[]}"#,
            r#"{"Records":[{"EventSource":"aws:sns"}]}"#,
        ],
    );
    refused(
        "no_object",
        &[
            r#"{"s3Bucket":"b","s3ObjectKey":["a",""]}"#,
            r#"{"s3Bucket":"","s3ObjectKey":["a"]}"#,
            r#"{"detail-type":"Object Created","source":"aws.s3"}"#,
        ],
    );
    refused("other_source", &[r#"{"detail-type":"X","source":"aws.ec2","detail":{}}"#]);
}

#[test]
fn one_bad_entry_refuses_the_whole_message() {
    let check = |spoil: fn(&mut Value), reason: &str| {
        let mut bad = created("bad");
        spoil(&mut bad);
        let body = records(&[created("good"), bad, created("good")]);
        for body in [&body, &wrapped(&body), &for_lambda(&[&body, VALIDATION])] {
            assert_eq!(read(body).expect_err(body).reason(), reason, "{body}");
        }
    };
    check(|bad| *bad = json!({}), "foreign_entry");
    check(|bad| *bad = json!(null), "malformed_entry");
    check(|bad| *bad = json!(["aws:s3"]), "malformed_entry");
    check(|bad| bad["eventSource"] = json!("aws:sqs"), "foreign_entry");
    check(|bad| bad["EventSource"] = json!("aws:sns"), "foreign_entry");
    check(|bad| bad["eventVersion"] = json!("3.0"), "unsupported_version");
    check(|bad| bad["eventVersion"] = json!("20.1"), "unsupported_version");
    check(|bad| bad["eventVersion"] = json!(null), "unsupported_version");
    check(|bad| bad["eventVersion"] = json!(2.1), "malformed_entry");
    check(|bad| bad["eventName"] = json!(null), "malformed_entry");
    check(|bad| bad["s3"] = json!(null), "no_object");
    check(|bad| bad["s3"] = json!([{ "name": "b" }, { "key": "k" }]), "malformed_entry");
    check(|bad| bad["s3"]["bucket"] = json!({}), "no_object");
    check(|bad| bad["s3"]["bucket"]["name"] = json!(""), "no_object");
    check(|bad| bad["s3"]["object"]["key"] = json!(""), "no_object");
    check(|bad| bad["s3"]["object"]["key"] = json!(7), "malformed_entry");
    check(|bad| bad["s3"]["object"]["key"] = json!("%FF%FE"), "key_not_utf8");
    check(|bad| bad["s3"]["object"]["key"] = json!("k".repeat(1_025)), "oversized_name");
    check(|bad| bad["s3"]["bucket"]["name"] = json!("b".repeat(256)), "oversized_name");
    check(|bad| bad["s3"]["object"]["versionId"] = json!("v".repeat(1_025)), "oversized_name");
}

#[test]
fn minor_versions_and_unknown_or_odd_side_fields_are_taken() {
    for version in ["2", "2.0", "2.1", "2.6", "2.99"] {
        let mut record = created("k");
        record["eventVersion"] = json!(version);
        record["brandNew"] = json!({ "deep": [[[]]] });
        record["s3"]["object"]["hasObjectAnnotation"] = json!(true);
        assert_eq!(keys(&understood(&records(&[record]))), ["k"]);
    }
    let mut record = created("k");
    record["awsRegion"] = json!("");
    record["s3"]["object"]["size"] = json!("many");
    record["s3"]["object"]["eTag"] = json!(null);
    record["s3"]["object"]["versionId"] = json!("");
    assert_eq!(understood(&records(&[record])).objects, [ObjectRef::new("org-trail", "k")]);
}

#[test]
fn refusal_shows_no_more_than_a_short_escaped_value() {
    let source = format!("aws\n{}", "x".repeat(500));
    let why = read(&json!({ "detail-type": "X", "source": source }).to_string()).unwrap_err();
    let shown = why.to_string();
    assert!(shown.contains(r"aws\nxxx") && shown.contains("...") && shown.len() < 200, "{shown}");
    let mut secret = created("top-secret");
    secret["eventVersion"] = json!("9");
    let shown = read(&records(&[secret])).unwrap_err().to_string();
    assert!(shown.contains("version 9") && !shown.contains("top-secret"), "{shown}");
}

#[test]
fn ten_thousand_records_are_read() {
    let entries: Vec<_> = (0..10_000).map(|n| created(&format!("{KEY}{n}"))).collect();
    let notification = understood(&records(&entries));
    assert_eq!(notification.objects.len(), 10_000);
    assert_eq!(notification.objects[9_999].key, format!("{KEY}9999"));
}

#[test]
fn body_of_tiny_entries_cannot_multiply() {
    let keys = |count: usize| {
        json!({ "s3Bucket": "b".repeat(255), "s3ObjectKey": vec!["k"; count] }).to_string()
    };
    assert_eq!(understood(&keys(MAX_ENTRIES)).objects.len(), MAX_ENTRIES);
    assert_eq!(read(&keys(MAX_ENTRIES + 1)), Err(Unrecognized::TooManyEntries));
    let half = keys(MAX_ENTRIES / 2 + 1);
    assert_eq!(read(&for_lambda(&[&half, &half])), Err(Unrecognized::TooManyEntries));
}

#[test]
fn deep_json_does_not_exhaust_the_stack() {
    let deep = "[".repeat(400_000);
    let closed = format!("{deep}{}", "]".repeat(400_000));
    for body in [
        deep.clone(),
        closed.clone(),
        format!(r#"{{"Records":{closed}}}"#),
        format!(r#"{{"Records":[],"other":{closed}}}"#),
        format!(r#"{{"Records":[{{"s3":{closed}}}]}}"#),
        "{\"Records\":[".repeat(100_000),
    ] {
        // Any answer will do.
        let _ = read(&body);
    }
}
