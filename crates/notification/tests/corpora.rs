//! Every public notification of the corpora, and what it is taken for.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};

use trail_notification::{Kind, Notification, TrailKey, Unrecognized, read};

const HAPPY: &str = "S3 s3://sourcebucket/Happy Face.jpg us-east-1 1024 version";
const PLAIN: &str = "S3 s3://lambda-artifacts-deafc19498e3f2df/b21b84d653bb07b05b1e6b33684dc11b \
                     us-east-2 1305107 -";
const IMAGE: &str = "EventBridge s3://example-bucket/IMG_m7fzo3.jpg eu-west-1 184662 -";

/// Files by their last two folders and name, and the outcome.
const EXPECTED: [(&str, &str); 31] = [
    // What a Lambda function gets from SNS; the messages inside are plain text.
    ("src/fixtures/example-sns-event.json", "not_json"),
    ("src/fixtures/example-sns-event-pascal-case.json", "not_json"),
    ("events/testdata/sns-event.json", "not_json"),
    ("tests/events/snsEvent.json", "not_json"),
    // What a Lambda function gets from SQS is not what lies in the queue.
    ("src/fixtures/example-sqs-event.json", "foreign_entry"),
    ("events/testdata/sqs-event.json", "foreign_entry"),
    ("tests/events/sqsEvent.json", "foreign_entry"),
    ("tests/events/s3SqsEvent.json", "foreign_entry"),
    ("tests/events/snsSqsEvent.json", "foreign_entry"),
    ("tests/events/snsSqsFifoEvent.json", "foreign_entry"),
    ("tests/events/sqsDlqTriggerEvent.json", "foreign_entry"),
    ("src/fixtures/example-sqs-api-event-obj.json", "unknown_shape"),
    ("src/fixtures/example-eventbridge-event-obj.json", "other_source"),
    ("tests/events/eventBridgeEvent.json", "other_source"),
    ("src/fixtures/example-s3-event.json", HAPPY),
    ("src/fixtures/example-s3-event-with-decoded.json", HAPPY),
    ("events/testdata/s3-event.json", HAPPY),
    ("events/testdata/s3-event-with-decoded.json", HAPPY),
    ("tests/events/s3EventDecodedKey.json", HAPPY),
    ("tests/events/s3Event.json", PLAIN),
    ("tests/events/s3EventGlacier.json", PLAIN),
    ("tests/events/s3EventBridgeNotificationObjectCreatedEvent.json", IMAGE),
    ("events/testdata/s3-restore-event.json", "S3 not_created"),
    ("events/testdata/s3-glacier-event.json", "S3 not_created"),
    ("events/testdata/s3-lifecycle-event.json", "S3 not_created"),
    ("events/testdata/s3-intelligenttier-event.json", "S3 not_created"),
    ("events/testdata/s3-replication-event.json", "S3 not_created"),
    ("tests/events/s3EventDeleteObject.json", "S3 not_created"),
    ("tests/events/s3EventBridgeNotificationObjectDeletedEvent.json", "EventBridge not_created"),
    ("tests/events/s3EventBridgeNotificationObjectExpiredEvent.json", "EventBridge not_created"),
    (
        "tests/events/s3EventBridgeNotificationObjectRestoreCompletedEvent.json",
        "EventBridge not_created",
    ),
];

#[test]
fn every_public_notification_has_its_outcome() {
    let Some(folder) = corpora("notifications") else {
        return;
    };
    let mut left: Vec<_> = EXPECTED.to_vec();
    for file in files(&folder) {
        let outcome = outcome(read(&fs::read_to_string(&file).unwrap()));
        let place = left.iter().position(|(name, _)| file.ends_with(name));
        let (_, expected) = left.swap_remove(place.unwrap_or_else(|| panic!("new: {file:?}")));
        assert_eq!(outcome, expected, "{file:?}");
    }
    assert_eq!(left, [], "expected and absent");
}

#[test]
fn every_public_trail_key_is_parsed_and_rendered() {
    let Some(folder) = corpora("digests") else {
        return;
    };
    let (mut events, mut digests) = (0, 0);
    for file in files(&folder) {
        let path = file.to_str().unwrap();
        let Some((_, rest)) = path.split_once("AWSLogs/") else {
            continue;
        };
        let written = format!("AWSLogs/{rest}");
        let key = TrailKey::parse(&written).unwrap_or_else(|why| panic!("{path}: {why}"));
        assert_eq!(key.to_string(), written);
        match key.kind {
            Kind::Events => events += 1,
            Kind::Digest => digests += 1,
            other @ (Kind::Insight | Kind::NetworkActivity | Kind::Aggregated) => {
                panic!("{path}: {other:?}")
            }
        }
    }
    assert!(events > 0 && digests > 0);
}

fn outcome(answer: Result<Notification, Unrecognized>) -> String {
    let notification = match answer {
        Ok(notification) => notification,
        Err(why) => return why.reason().to_owned(),
    };
    let mut outcome = format!("{:?}", notification.shape);
    for object in &notification.objects {
        let region = object.region.as_deref().unwrap_or("-");
        let size = object.size.map_or("-".to_owned(), |size| size.to_string());
        let version = object.version_id.as_deref().unwrap_or("-");
        outcome += &format!(" {object} {region} {size} {version}");
    }
    for ignored in &notification.ignored {
        outcome += &format!(" {}", ignored.reason());
    }
    outcome
}

#[expect(clippy::disallowed_methods, reason = "the place of test data is no configuration")]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn corpora(part: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let folder = std::env::var_os("TRAILD_CORPORA").map_or(beside, PathBuf::from).join(part);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no corpora ({} is not a folder; see TRAILD_CORPORA)", folder.display());
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
