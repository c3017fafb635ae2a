//! What a message says decides what happens to it.

use crate::world::{BUCKET, World, entry, eventually, key, notification, record, records};
use std::sync::Arc;
use std::time::Duration;
use trail_ingest::memory::{Failing, Fault, Happening};
use trail_ingest::{AllowList, Ending};
use trail_notification::ObjectRef;

#[tokio::test(start_paused = true)]
async fn message_is_deleted_once_its_events_are_in_every_sink() {
    let mut world = World::with_sinks(2);
    world.deliver("a", 3);
    world.run_to_the_end().await;
    assert_eq!(world.lines(0), records("a", 0..3));
    assert_eq!(world.lines(1), records("a", 0..3));
    assert!(world.queue.dead_letters().is_empty());
    assert_eq!(world.metrics.records.get(), 3);
    assert_eq!((world.events(0, "delivered"), world.events(1, "delivered")), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn message_is_not_deleted_while_one_sink_has_not_answered() {
    let mut world = World::with_sinks(2);
    world.sinks[1].hold();
    world.deliver("a", 3);
    world.start();
    world.sinks[1].begun(1).await;
    eventually("the other sink has it", || world.lines(0).len() == 3).await;
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!((world.deletes(), world.receives()), (0, 1));
    world.sinks[1].release();
    world.all_deleted().await;
    assert_eq!(world.lines(1), records("a", 0..3));
}

#[tokio::test(start_paused = true)]
async fn message_with_two_objects_is_deleted_after_both() {
    let mut world = World::new();
    let (a, b) = (world.put("a", 2), world.put("b", 2));
    world.store.fail_always(&b.key, Failing::Unavailable);
    world.send(&[&a, &b]);
    world.start();
    eventually("the first is delivered", || world.lines(0).len() == 2).await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(world.deletes(), 0);
    world.store.mend();
    world.all_deleted().await;
    assert_eq!(world.lines(0), [records("a", 0..2), records("b", 0..2)].concat());
}

#[tokio::test(start_paused = true)]
async fn message_with_one_bad_object_is_set_aside_after_the_other_is_delivered() {
    for bad_first in [true, false] {
        let mut world = World::new();
        let good = world.put("good", 2);
        let bad = world.put_bytes("bad", b"no log file".to_vec());
        let objects = if bad_first { [&bad, &good] } else { [&good, &bad] };
        let body = notification(&objects);
        world.queue.send(&body);
        world.sink().hold();
        world.start();
        world.sink().begun(1).await;
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert!(world.queue.dead_letters().is_empty(), "too early");
        world.sink().release();
        world.all_deleted().await;
        assert_eq!(world.lines(0), records("good", 0..2));
        let dead = world.dead_letter();
        let why = dead.reason.unwrap();
        assert_eq!((dead.body, why.reason), (body, "not_json"));
        assert_eq!(why.object, Some(bad.to_string()));
    }
}

#[tokio::test(start_paused = true)]
async fn message_with_many_objects_is_deleted_after_all() {
    let mut world = World::new();
    let objects: Vec<ObjectRef> = (0..40).map(|n| world.put(&format!("o{n}"), 2)).collect();
    world.send(&objects.iter().collect::<Vec<_>>());
    let store = Arc::clone(&world.store);
    let sink = Arc::clone(&world.sinks[0]);
    world.queue.on_delete(move |_, _| assert_eq!(sink.lines().len(), 80));
    world.run_to_the_end().await;
    assert_eq!(store.requests().len(), 40);
}

#[tokio::test(start_paused = true)]
async fn what_needs_no_work_is_deleted_and_counted() {
    let created = |key: &str| notification(&[&ObjectRef::new(BUCKET, key)]);
    let digest = "AWSLogs/123456789012/CloudTrail-Digest/eu-west-1/2026/11/21/d.json.gz";
    let config = "AWSLogs/123456789012/Config/eu-west-1/2026/11/21/ConfigHistory/c.json.gz";
    let flow = "AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/11/21/f.log.gz";
    let removed = entry("ObjectRemoved:Delete", BUCKET, r#""key":"k""#);
    let cases = [
        (
            r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-11-21T00:00:00Z","Bucket":"org-trail"}"#.to_owned(),
            "test_event",
        ),
        ("CloudTrail validation message.".to_owned(), "validation_message"),
        (format!(r#"{{"Records":[{removed}]}}"#), "not_created"),
        (r#"{"Records":[]}"#.to_owned(), "empty_records"),
        (created(config), "other_service"),
        (created(flow), "other_service"),
        (created("AWSLogs/123456789012/CloudTrail/"), "folder_marker"),
        (created("some/other/file.txt"), "unknown_layout"),
        (created(digest), "digest"),
    ];
    for (body, reason) in cases {
        let mut world = World::new();
        world.queue.send(&body);
        world.run_to_the_end().await;
        assert_eq!(world.ignored(reason), 1, "{reason}: {body}");
        assert!(world.queue.dead_letters().is_empty(), "{body}");
        assert!(world.store.requests().is_empty(), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn log_file_beside_what_needs_no_work_is_delivered() {
    let mut world = World::new();
    let object = world.put("a", 1);
    let digest = "AWSLogs/123456789012/CloudTrail-Digest/eu-west-1/2026/11/21/d.json.gz";
    world.send(&[&ObjectRef::new(BUCKET, digest), &object]);
    world.run_to_the_end().await;
    assert_eq!(world.lines(0), [record("a", 0)]);
    assert_eq!(world.ignored("digest"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_understood_is_set_aside_unchanged_with_the_reason() {
    let version_3 = entry("ObjectCreated:Put", BUCKET, r#""key":"k""#)
        .replace(r#""eventVersion":"2.1""#, r#""eventVersion":"3.0""#);
    let cases = [
        ("  not even JSON \n".to_owned(), "not_json"),
        (r#"{"hello" : "world"}"#.to_owned(), "unknown_shape"),
        (r#"{"records":[]}"#.to_owned(), "unknown_shape"),
        (r#"{"Records":{}}"#.to_owned(), "not_a_list"),
        (
            r#"{"Type":"SubscriptionConfirmation","TopicArn":"arn:aws:sns:eu-west-1:1:t","Message":"m","Token":"t"}"#.to_owned(),
            "subscription_confirmation",
        ),
        (format!(r#"{{"Records":[{version_3}]}}"#), "unsupported_version"),
    ];
    for (body, reason) in cases {
        let mut world = World::new();
        world.queue.send(&body);
        world.run_to_the_end().await;
        let dead = world.dead_letter();
        assert_eq!(dead.body, body);
        assert_eq!(dead.reason.map(|why| why.reason), Some(reason), "{body}");
        assert!(world.store.requests().is_empty(), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn message_is_set_aside_before_it_is_deleted() {
    let mut world = World::new();
    world.queue.send("not even JSON");
    world.run_to_the_end().await;
    let log = world.queue.log().into_iter();
    let what: Vec<_> = log.map(|logged| logged.what).collect();
    let expected = [Happening::Received(1), Happening::DeadLettered, Happening::Deleted];
    assert_eq!(what, expected);
}

#[tokio::test(start_paused = true)]
async fn object_off_the_allow_list_is_refused_without_a_request() {
    let mut cases = Vec::new();
    cases.push(ObjectRef::new("someone-elses", key("a")));
    cases.push(ObjectRef::new(BUCKET, format!("elsewhere/{}", key("a"))));
    for object in cases {
        let mut world = World::new();
        world.settings.allow_list = AllowList::new([(BUCKET, "AWSLogs/123456789012/")]);
        let allowed = world.put("allowed", 1);
        world.send(&[&allowed, &object]);
        world.run_to_the_end().await;
        let why = world.dead_letter().reason.unwrap();
        assert_eq!((why.reason, why.object), ("refused", Some(object.to_string())));
        assert!(world.store.requests().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn object_under_an_allowed_prefix_is_read() {
    let mut world = World::new();
    world.settings.allow_list = AllowList::new([("other", ""), (BUCKET, "AWSLogs/123456789012/")]);
    world.deliver("a", 1);
    world.run_to_the_end().await;
    assert_eq!(world.lines(0), [record("a", 0)]);
}

/// An EventBridge event, whose key is raw, or is not.
fn event_bridge(key: &str) -> String {
    format!(
        r#"{{"version":"0","detail-type":"Object Created","source":"aws.s3","region":"eu-west-1","detail":{{"bucket":{{"name":"{BUCKET}"}},"object":{{"key":"{key}"}}}}}}"#
    )
}

#[tokio::test(start_paused = true)]
async fn key_that_is_not_found_is_tried_percent_decoded() {
    let mut world = World::new();
    world.put("a b", 1);
    world.queue.send(&event_bridge(&key("a%20b")));
    world.run_to_the_end().await;
    assert_eq!(world.lines(0), [record("a b", 0)]);
    let keys: Vec<String> = world.store.requests().into_iter().map(|r| r.key).collect();
    assert_eq!(keys, [key("a%20b"), key("a b")]);
}

#[tokio::test(start_paused = true)]
async fn key_is_tried_percent_decoded_after_a_passing_fault_too() {
    let mut world = World::new();
    world.put("a b", 1);
    let encoded = key("a%20b");
    let fault = Fault::Fail(Failing::Unavailable);
    world.store.fail_next(&encoded, [fault]);
    world.queue.send(&event_bridge(&encoded));
    world.run_to_the_end().await;
    assert!(world.queue.dead_letters().is_empty());
    assert_eq!(world.lines(0), [record("a b", 0)]);
}

#[tokio::test(start_paused = true)]
async fn key_that_only_looks_encoded_is_read_as_it_is_after_a_passing_fault() {
    let mut world = World::new();
    let object = world.put("a%20b", 1);
    world.store.fail_next(&object.key, [Fault::Fail(Failing::Unavailable)]);
    world.queue.send(&event_bridge(&object.key));
    world.run_to_the_end().await;
    assert!(world.queue.dead_letters().is_empty());
    assert_eq!(world.lines(0), [record("a%20b", 0)]);
}

#[tokio::test(start_paused = true)]
async fn decoded_key_off_the_allow_list_is_refused() {
    let mut world = World::new();
    world.settings.allow_list = AllowList::new([(BUCKET, "AWSLogs/%31")]);
    let key = key("a").replace("/123456789012/", "/%3123456789012/");
    world.queue.send(&event_bridge(&key));
    world.run_to_the_end().await;
    assert_eq!(world.dead_letter().reason.unwrap().reason, "refused");
    assert!(world.store.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn nothing_happens_to_a_message_that_is_done_after_the_stop() {
    let mut world = World::new();
    world.start();
    assert_eq!(world.stop().await, Ending::Done);
    world.deliver("late", 1);
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!(world.receives(), 0);
}
