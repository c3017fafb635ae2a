//! Bodies as each sender writes them.

use serde_json::{Value, json};

pub(super) fn created(key: &str) -> Value {
    record("ObjectCreated:Put", key)
}

pub(super) fn record(name: &str, key: &str) -> Value {
    json!({
        "eventVersion": "2.5",
        "eventSource": "aws:s3",
        "awsRegion": "eu-west-1",
        "eventTime": "2026-07-16T18:42:13.683Z",
        "eventName": name,
        "userIdentity": { "principalId": "AWS:AROAEXAMPLE:regionalDeliverySession" },
        "responseElements": { "x-amz-request-id": "79104EXAMPLEB723" },
        "s3": {
            "s3SchemaVersion": "1.0",
            "bucket": { "name": "org-trail", "arn": "arn:aws:s3:::org-trail", "awsGeneratedTags": {} },
            "object": { "key": key, "size": 1234, "eTag": "d41d8cd98f", "sequencer": "0A1B" },
        },
    })
}

pub(super) fn records(entries: &[Value]) -> String {
    json!({ "Records": entries }).to_string()
}

pub(super) fn wrapped(message: &str) -> String {
    json!({
        "Type": "Notification",
        "MessageId": "82833b5c-8d5d-56d0-b0e1-7511f8253eb8",
        "TopicArn": "arn:aws:sns:eu-west-1:111122223333:trail",
        "Subject": "Amazon S3 Notification",
        "Message": message,
        "Timestamp": "2026-07-16T18:42:14.000Z",
        "SignatureVersion": "1",
        "MessageAttributes": {},
    })
    .to_string()
}

pub(super) fn for_lambda(messages: &[&str]) -> String {
    let entry = |message: &&str| {
        json!({
            "EventVersion": "1.0",
            "EventSource": "aws:sns",
            "EventSubscriptionArn": "arn:aws:sns:eu-west-1:111122223333:trail:1",
            "Sns": { "Type": "Notification", "TopicArn": "arn:aws:sns:x", "Message": message },
        })
    };
    records(&messages.iter().map(entry).collect::<Vec<_>>())
}

pub(super) fn event_bridge(detail_type: &str, key: &str) -> String {
    json!({
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": detail_type,
        "source": "aws.s3",
        "account": "111122223333",
        "time": "2026-07-16T18:42:14Z",
        "region": "ca-central-1",
        "resources": ["arn:aws:s3:::org-trail"],
        "detail": {
            "version": "0",
            "bucket": { "name": "org-trail" },
            "object": { "key": key, "size": 5, "etag": "b1946ac9", "version-id": "IYV3p45B", "sequencer": "00" },
            "reason": "PutObject",
        },
    })
    .to_string()
}
