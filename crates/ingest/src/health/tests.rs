use super::*;
use tokio::time::{advance, sleep};

const MINUTE: Duration = Duration::from_secs(60);
const BUCKET: &str = "bucket org-trail";

fn is_ready(health: &Health) -> bool {
    health.faults().is_empty()
}

/// Lets a component fail so many times, so long apart.
async fn fail(health: &Health, times: u32, apart: Duration) {
    for time in 0..times {
        if time > 0 {
            advance(apart).await;
        }
        health.failed("queue", "no answer");
    }
}

#[tokio::test(start_paused = true)]
async fn failure_that_may_pass_is_a_fault_when_it_persists() {
    let second = Duration::from_secs(1);
    for (failures, apart, ready) in [
        (1, second, true),
        (2, 10 * second, true),
        (16, Duration::ZERO, true),
        (3, 2 * second, true),
        (3, 3 * second, false),
        (6, second, false),
    ] {
        let health = Health::default();
        fail(&health, failures, apart).await;
        assert_eq!(is_ready(&health), ready, "{failures} failures, {apart:?} apart");
    }
}

#[tokio::test(start_paused = true)]
async fn success_between_failures_begins_a_new_row() {
    let health = Health::default();
    for _ in 0..100 {
        fail(&health, 2, Duration::from_secs(4)).await;
        health.well("queue");
    }
    assert!(is_ready(&health));
}

#[tokio::test(start_paused = true)]
async fn failures_an_hour_apart_are_no_row() {
    let health = Health::default();
    fail(&health, 10, 60 * MINUTE).await;
    assert!(is_ready(&health));
}

#[tokio::test(start_paused = true)]
async fn what_a_person_must_mend_is_a_fault_at_once_until_it_is_well() {
    let health = Health::default();
    health.fault(BUCKET, "access denied");
    assert_eq!(health.faults().get(BUCKET).map(String::as_str), Some("access denied"));
    health.well(BUCKET);
    assert!(is_ready(&health));
    assert_eq!(health.components(), BTreeMap::from([(BUCKET.to_owned(), None)]));
}

#[tokio::test(start_paused = true)]
async fn reason_shown_is_that_of_the_last_failure() {
    let health = Health::default();
    health.fault(BUCKET, "access to a denied");
    health.fault(BUCKET, "access to b denied");
    assert_eq!(health.faults()[BUCKET], "access to b denied");
}

#[tokio::test(start_paused = true)]
async fn fault_of_a_component_that_is_not_asked_any_more_is_forgotten() {
    let health = Health::default();
    health.fault(BUCKET, "access denied");
    advance(LEAST_BELIEF).await;
    assert!(!is_ready(&health));
    advance(Duration::from_millis(1)).await;
    assert!(is_ready(&health));
    assert_eq!(health.components()[BUCKET], None);
    health.fault(BUCKET, "access denied");
    assert!(!is_ready(&health), "a fault again");
}

#[tokio::test(start_paused = true)]
async fn fault_that_comes_again_at_growing_pauses_is_not_forgotten_between() {
    let health = Health::default();
    // As a message comes again that cannot be set aside.
    for minutes in [1, 2, 4, 8, 16, 30, 30, 30] {
        health.fault("dead-letter queue", "access denied");
        // Several of them at once.
        health.fault("dead-letter queue", "access denied");
        sleep(minutes * MINUTE + Duration::from_secs(20)).await;
        assert!(!is_ready(&health), "forgotten {minutes} minutes after the last");
    }
    advance(MOST_BELIEF).await;
    assert!(is_ready(&health));
}

#[test]
fn refusal_of_the_queue_is_told_at_once_and_a_passing_fault_is_not() {
    let health = Health::default();
    health.judge::<()>("queue", &Err(QueueError::Unavailable("no answer".into())));
    assert!(is_ready(&health));
    health.judge::<()>("queue", &Err(QueueError::Refused("access denied".into())));
    assert!(health.faults()["queue"].contains("access denied"));
    health.judge("queue", &Ok(()));
    assert!(is_ready(&health));
}
