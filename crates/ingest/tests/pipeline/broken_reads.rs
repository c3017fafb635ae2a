//! A store that fails: what passes is tried again in place, what a person must mend is waited for.

use crate::world::{World, eventually, gzip, key, let_time_pass, log_file, record, records};
use std::time::Duration;
use tokio::time::sleep;
use trail_ingest::memory::{Failing, Fault, Request};

const PASSING: Fault = Fault::Fail(Failing::Unavailable);

#[tokio::test(start_paused = true)]
async fn denied_object_is_kept_and_held_and_delivered_once_access_is_mended() {
    let mut world = World::new();
    let object = world.deliver("a", 2);
    world.store.fail_always(&object.key, Failing::Denied);
    world.start();
    eventually("not ready", || !world.health.faults().is_empty()).await;
    let faults = world.health.faults();
    let reason = faults.get("bucket org-trail").unwrap();
    assert!(reason.contains("access denied"), "{reason}");
    assert_eq!(world.store.requests().len(), 1, "a denial is told at once");
    sleep(Duration::from_secs(600)).await;
    assert_eq!((world.deletes(), world.receives()), (0, 1));
    assert!(world.extensions() >= 30, "{}", world.extensions());
    assert!(world.queue.dead_letters().is_empty());
    assert!(world.store.requests().len() < 40, "a hot loop");
    world.store.mend();
    world.all_deleted().await;
    assert_eq!(world.lines(0), records("a", 0..2));
    assert!(world.health.faults().is_empty(), "ready again");
    assert!(world.queue.dead_letters().is_empty());
}

#[tokio::test(start_paused = true)]
async fn object_denied_for_hours_is_given_back_and_never_set_aside() {
    let mut world = World::new();
    let object = world.deliver("a", 2);
    world.store.fail_always(&object.key, Failing::Denied);
    world.start();
    sleep(Duration::from_secs(3 * 3600)).await;
    assert!(world.released("denied") >= 5, "{}", world.released("denied"));
    assert!(world.receives() < 15, "{}", world.receives());
    assert!(world.queue.dead_letters().is_empty());
    assert!(!world.health.faults().is_empty());
    world.store.mend();
    world.all_deleted().await;
    assert_eq!(world.lines(0), records("a", 0..2));
}

#[tokio::test(start_paused = true)]
async fn bucket_that_is_denied_does_not_stop_the_others() {
    let mut world = World::new();
    world.settings.objects_at_once = 2;
    for number in 0..20 {
        let object = world.deliver(&format!("bad-{number}"), 1);
        world.store.fail_always(&object.key, Failing::Denied);
    }
    world.deliver("good", 1);
    world.start();
    sleep(Duration::from_secs(60)).await;
    assert_eq!(world.lines(0), [record("good", 0)]);
}

#[tokio::test(start_paused = true)]
async fn bucket_that_cannot_be_reached_does_not_stop_the_others() {
    let mut world = World::new();
    world.settings.objects_at_once = 2;
    for number in 0..20 {
        let object = world.deliver(&format!("bad-{number}"), 1);
        world.store.fail_always(&object.key, Failing::Unavailable);
    }
    world.deliver("good", 1);
    world.start();
    sleep(Duration::from_secs(60)).await;
    assert_eq!(world.lines(0), [record("good", 0)]);
}

#[tokio::test(start_paused = true)]
async fn bucket_that_cannot_be_reached_for_minutes_is_not_ready() {
    let mut world = World::new();
    let object = world.deliver("a", 1);
    world.store.fail_always(&object.key, Failing::Unavailable);
    world.start();
    for minutes in [4, 6, 4] {
        sleep(Duration::from_secs(minutes * 60)).await;
        assert!(world.health.faults().keys().any(|component| component.starts_with("bucket ")));
    }
    world.store.mend();
    world.all_deleted().await;
    assert!(world.health.faults().is_empty());
}

#[tokio::test(start_paused = true)]
async fn passing_fault_is_retried_in_place_and_delivered_once() {
    let mut world = World::new();
    let object = world.deliver("a", 2);
    world.store.fail_next(&object.key, [PASSING; 6]);
    world.run_to_the_end().await;
    assert_eq!(world.lines(0), records("a", 0..2));
    assert_eq!(world.receives(), 1);
    assert_eq!(world.store.requests().len(), 7);
    assert_eq!(world.metrics.read_retries.get(), 6);
    assert!(world.health.faults().is_empty());
}

#[tokio::test(start_paused = true)]
async fn fault_that_does_not_pass_gives_the_message_back_for_later() {
    let mut world = World::new();
    let object = world.deliver("a", 2);
    world.store.fail_always(&object.key, Failing::Unavailable);
    world.start();
    eventually("given back", || world.released("unavailable") == 1).await;
    assert!(world.queue.dead_letters().is_empty());
    world.store.mend();
    world.all_deleted().await;
    assert_eq!(world.lines(0), records("a", 0..2));
}

#[tokio::test(start_paused = true)]
async fn whole_body_that_breaks_is_resumed_from_its_last_byte() {
    for fault in [Fault::BreakAfter(10), Fault::EndAfter(10)] {
        let mut world = World::new();
        let object = world.deliver("a", 50);
        world.store.fail_next(&object.key, [fault, Fault::Fail(Failing::Unavailable)]);
        world.run_to_the_end().await;
        assert_eq!(world.lines(0), records("a", 0..50));
        let etag = object.etag.clone();
        let asked = |request: Request| (request.from, request.etag);
        let requests: Vec<_> = world.store.requests().into_iter().map(asked).collect();
        let expected = [(0, etag.clone()), (10, etag.clone()), (10, etag)];
        assert_eq!(requests, expected, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn body_that_fails_after_its_last_byte_is_read_again() {
    let mut world = World::new();
    let object = world.deliver("a", 5);
    let size = usize::try_from(object.size.unwrap()).unwrap();
    world.store.fail_next(&object.key, [Fault::BreakAfter(size)]);
    world.run_to_the_end().await;
    assert_eq!(world.lines(0), records("a", 0..5));
    assert!(world.queue.dead_letters().is_empty());
    let from: Vec<u64> = world.store.requests().iter().map(|request| request.from).collect();
    assert_eq!(from, [0, 0], "there is nothing to resume, and S3 has no such range");
}

/// Large enough for these limits to be streamed.
fn streamed(world: &mut World) -> trail_notification::ObjectRef {
    world.settings.limits.whole = 4_096;
    world.settings.limits.window = 4_096;
    world.put_bytes("large", log_file("large", 3_000).into_bytes())
}

#[tokio::test(start_paused = true)]
async fn streamed_body_that_breaks_often_is_resumed_and_each_record_delivered_once() {
    let mut world = World::new();
    let object = streamed(&mut world);
    let faults = [Fault::BreakAfter(7_000), Fault::EndAfter(1), PASSING, Fault::BreakAfter(20_001)];
    world.store.fail_next(&object.key, faults);
    world.send(&[&object]);
    let _clock = let_time_pass();
    world.run_to_the_end().await;
    assert_eq!(world.lines(0), records("large", 0..3_000));
    let from: Vec<u64> = world.store.requests().iter().map(|request| request.from).collect();
    assert_eq!(from, [0, 7_000, 7_001, 7_001, 27_002]);
    assert_eq!(world.receives(), 1);
}

#[tokio::test(start_paused = true)]
async fn streamed_body_that_stays_broken_gives_the_message_back() {
    let mut world = World::new();
    let object = streamed(&mut world);
    let faults = std::iter::once(Fault::BreakAfter(7_000)).chain([PASSING; 8]);
    world.store.fail_next(&object.key, faults);
    world.send(&[&object]);
    let _clock = let_time_pass();
    world.start();
    world.all_deleted().await;
    assert_eq!(world.released("unavailable"), 1);
    assert!(world.queue.dead_letters().is_empty());
    assert_eq!(world.receives(), 2);
    let mut lines = world.lines(0);
    let again = lines.split_off(lines.len() - 3_000);
    assert_eq!(again, records("large", 0..3_000), "the second time it is whole");
    assert!(lines.iter().eq(records("large", 0..lines.len()).iter()), "no part of a record");
}

#[tokio::test(start_paused = true)]
async fn object_replaced_between_two_parts_of_a_read_is_not_mixed() {
    let mut world = World::new();
    let mut object = streamed(&mut world);
    object.version_id = None;
    world.store.fail_next(&object.key, [Fault::BreakAfter(7_000)]);
    world.send(&[&object]);
    let _clock = let_time_pass();
    world.start();
    eventually("it is read", || !world.store.requests().is_empty()).await;
    world.put_bytes("large", log_file("other", 4_000).into_bytes());
    world.all_deleted().await;
    assert_eq!(world.dead_letter().reason.unwrap().reason, "replaced");
    assert!(world.lines(0).iter().eq(records("large", 0..world.lines(0).len()).iter()));
}

#[tokio::test(start_paused = true)]
async fn object_is_read_whatever_its_notification_says_of_its_size() {
    for size in [None, Some(0), Some(1), Some(u64::MAX), Some(40 << 20)] {
        let mut world = World::new();
        world.settings.memory = 8 << 20;
        let text = log_file("a", 20_000);
        let mut object = world.put_bytes("a", gzip(text.as_bytes()));
        object.size = size;
        world.send(&[&object]);
        world.run_to_the_end().await;
        assert_eq!(world.lines(0).len(), 20_000, "{size:?}");
        assert_eq!(world.store.requests()[0].key, key("a"));
    }
}

#[tokio::test(start_paused = true)]
async fn bucket_that_says_an_object_is_absent_is_no_longer_denied() {
    let mut world = World::new();
    let object = world.deliver("a", 1);
    world.store.remove(&object);
    world.store.fail_next(&object.key, [Fault::Fail(Failing::Denied)]);
    world.run_to_the_end().await;
    assert_eq!(world.dead_letter().reason.unwrap().reason, "not_found");
    assert!(world.health.faults().is_empty());
}
