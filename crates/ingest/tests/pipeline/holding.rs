//! A message stays hidden while it is worked on, and comes back when the work ends without success.

use crate::world::{GRACE, VISIBILITY, World, eventually, records};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use trail_ingest::memory::{Call, EntryFault, Failing, Happening};

#[tokio::test(start_paused = true)]
async fn sink_that_blocks_for_hours_causes_no_redelivery() {
    let mut world = World::new();
    for number in 0..25 {
        world.deliver(&format!("o{number}"), 1);
    }
    world.settings.objects_at_once = 20;
    world.sink().hold();
    world.start();
    sleep(Duration::from_secs(6 * 3600)).await;
    assert_eq!((world.receives(), world.deletes()), (25, 0));
    world.sink().release();
    world.all_deleted().await;
    assert_eq!(world.lines(0).len(), 25);
    assert_eq!(world.metrics.holds_lost.get(), 0);
}

#[tokio::test(start_paused = true)]
async fn visibility_is_extended_in_batches_at_half_the_timeout() {
    let mut world = World::new();
    world.settings.objects_at_once = 20;
    for number in 0..20 {
        world.deliver(&format!("o{number}"), 1);
    }
    world.sink().hold();
    world.start();
    sleep(VISIBILITY * 3).await;
    let calls = world.queue.calls(Call::ChangeVisibility);
    assert!((10..=14).contains(&calls), "{calls} calls in six halves of a timeout");
    let log = world.queue.log();
    let first = log.iter().find(|logged| matches!(logged.what, Happening::Hidden(_))).unwrap();
    let received = log.first().unwrap().at;
    assert!(first.at - received <= VISIBILITY / 2, "{:?}", first.at - received);
}

#[tokio::test(start_paused = true)]
async fn message_is_hidden_as_long_as_the_settings_say_and_never_as_the_queue_is_set() {
    let mut world = World::new();
    world.settings.visibility = Duration::from_secs(77);
    world.deliver("a", 1);
    world.sink().hold();
    world.start();
    sleep(Duration::from_secs(300)).await;
    let other = |what| matches!(what, Happening::Hidden(time) if time != world.settings.visibility);
    assert!(world.extensions() >= 7);
    assert_eq!((world.count(other), world.receives()), (0, 1));
    world.kill().await;
    // The last extension was at most half of it ago.
    let log = world.queue.log();
    let last = log.iter().rfind(|logged| matches!(logged.what, Happening::Hidden(_))).unwrap().at;
    world.sink().release();
    world.start();
    eventually("it comes again", || world.receives() == 2).await;
    let hidden = Instant::now() - last;
    assert!(hidden.abs_diff(world.settings.visibility) < Duration::from_secs(1), "{hidden:?}");
}

#[tokio::test(start_paused = true)]
async fn extension_that_fails_is_tried_again_before_the_message_comes_back() {
    for entries_only in [true, false] {
        let mut world = World::new();
        world.deliver("a", 1);
        world.sink().hold();
        if entries_only {
            world.queue.fail_entries(Call::ChangeVisibility, 5, EntryFault::Passing);
        } else {
            world.queue.fail_next(Call::ChangeVisibility, 5);
        }
        world.start();
        sleep(VISIBILITY * 4).await;
        assert_eq!(world.receives(), 1);
        world.sink().release();
        world.all_deleted().await;
    }
}

#[tokio::test(start_paused = true)]
async fn extension_of_a_message_that_is_gone_is_counted_and_given_up() {
    let mut world = World::new();
    world.deliver("a", 1);
    world.sink().hold();
    world.queue.fail_entries(Call::ChangeVisibility, 1, EntryFault::Gone);
    world.start();
    eventually("lost", || world.metrics.holds_lost.get() == 1).await;
    let calls = world.queue.calls(Call::ChangeVisibility);
    eventually("it comes again", || world.receives() == 2).await;
    assert_eq!(world.queue.calls(Call::ChangeVisibility), calls);
    world.sink().release();
    world.all_deleted().await;
    assert!(!world.lines(0).is_empty());
}

#[tokio::test(start_paused = true)]
async fn call_that_hangs_keeps_no_other_message_from_being_held() {
    let mut world = World::new();
    world.sink().hold();
    world.deliver("a", 1);
    world.start();
    world.sink().begun(1).await;
    // Its extension hangs for a whole timeout, while another message falls due.
    sleep(VISIBILITY / 2 - Duration::from_secs(2)).await;
    world.queue.take_time(Call::ChangeVisibility, VISIBILITY);
    world.deliver("b", 1);
    sleep(Duration::from_secs(4)).await;
    world.queue.take_time(Call::ChangeVisibility, Duration::ZERO);
    sleep(VISIBILITY * 2).await;
    assert_eq!((world.receives(), world.metrics.holds_lost.get()), (2, 0));
    world.sink().release();
    world.all_deleted().await;
}

#[tokio::test(start_paused = true)]
async fn message_is_given_back_shortly_before_the_twelve_hours_end() {
    let mut world = World::new();
    world.deliver("a", 1);
    world.sink().hold();
    let begun = Instant::now();
    world.start();
    // In steps of a minute, for the sake of time.
    while world.released("held_too_long") == 0 {
        sleep(Duration::from_secs(60)).await;
        assert!(begun.elapsed() < Duration::from_secs(13 * 3600), "never given back");
    }
    eventually("it comes again", || world.receives() == 2).await;
    let log = world.queue.log().into_iter();
    let mut receives = log.filter(|logged| matches!(logged.what, Happening::Received(_)));
    let (first, second) = (receives.next().unwrap().at, receives.next().unwrap().at);
    assert!(second - first > Duration::from_secs(12 * 3600 - 31), "{:?}", second - first);
    assert_eq!(world.deletes(), 0);
    assert_eq!(world.metrics.holds_lost.get(), 0);
    let short = VISIBILITY / 2 - Duration::from_secs(1);
    let shorter = |what| matches!(what, Happening::Hidden(time) if !time.is_zero() && time < short);
    assert_eq!(world.count(shorter), 0, "extended in ever smaller steps");
    let calls = world.queue.calls(Call::ChangeVisibility);
    assert!(calls < 12 * 3600 / 15 + 20, "{calls} calls: a hot loop at the end");
    world.sink().release();
    world.all_deleted().await;
}

#[tokio::test(start_paused = true)]
async fn message_that_is_done_but_cannot_be_deleted_is_held_to_the_last_moment() {
    let mut world = World::new();
    world.deliver("a", 1);
    world.start();
    world.queue.fail_entries(Call::Delete, 1_000_000, EntryFault::Passing);
    sleep(Duration::from_secs(12 * 3600 - 60)).await;
    assert_eq!(world.receives(), 1);
    sleep(Duration::from_secs(50)).await;
    let zero = world.count(|what| what == Happening::Hidden(Duration::ZERO));
    assert!(zero <= 1, "given back {zero} times");
    let calls = world.queue.calls(Call::ChangeVisibility);
    assert!(calls < 12 * 3600 / 15 + 20, "{calls} calls: a hot loop at the end");
    world.queue.mend();
    world.all_deleted().await;
}

#[tokio::test(start_paused = true)]
async fn message_is_given_back_only_after_a_while_when_there_is_nowhere_to_set_it_aside() {
    let mut world = World::new();
    world.queue.remove_dead_letter_queue();
    world.queue.send("not even JSON");
    world.start();
    sleep(Duration::from_secs(600)).await;
    assert_eq!(world.deletes(), 0);
    // After one, two and four minutes: each receive delivers again what is good of a corrupt file.
    assert_eq!(world.receives(), 4);
    assert_eq!(world.released("not_json"), world.receives() as u64);
    world.stop().await;
    assert_eq!(world.queue.bodies(), ["not even JSON"]);
}

#[tokio::test(start_paused = true)]
async fn message_that_cannot_be_set_aside_now_is_given_back_and_set_aside_later() {
    let mut world = World::new();
    world.queue.fail_next(Call::DeadLetter, 2);
    world.queue.send("not even JSON");
    world.run_to_the_end().await;
    assert_eq!(world.released("not_json"), 2);
    assert_eq!(world.receives(), 3);
    assert_eq!(world.dead_letter().body, "not even JSON");
}

#[tokio::test(start_paused = true)]
async fn release_that_fails_is_tried_again() {
    let mut world = World::new();
    let object = world.deliver("a", 1);
    world.sink().hold();
    world.start();
    world.sink().begun(1).await;
    world.queue.fail_entries(Call::ChangeVisibility, 2, EntryFault::Passing);
    world.stop().await;
    assert_eq!(world.count(|what| what == Happening::Hidden(Duration::ZERO)), 1, "{object}");
}

#[tokio::test(start_paused = true)]
async fn message_received_too_often_is_redriven_by_the_queue_itself() {
    let mut world = World::new();
    world.queue.redrive_after(3);
    let object = world.deliver("a", 1);
    world.store.fail_always(&object.key, Failing::Unavailable);
    world.start();
    sleep(Duration::from_secs(2 * 3600)).await;
    assert_eq!(world.receives(), 3);
    assert_eq!(world.dead_letter().reason, None);
    assert_eq!(world.stop().await, trail_ingest::Ending::Done);
}

#[tokio::test(start_paused = true)]
async fn gauges_return_to_zero() {
    let mut world = World::new();
    for number in 0..30 {
        world.deliver(&format!("o{number}"), 1);
    }
    world.run_to_the_end().await;
    assert_eq!((world.metrics.held.get(), world.metrics.in_flight.get()), (0, 0));
    assert_eq!(world.metrics.deleted.get(), 30);
    assert_eq!(world.metrics.received.get(), 30);
}

#[tokio::test(start_paused = true)]
async fn queue_that_refuses_is_not_ready_at_once_until_it_answers() {
    let mut world = World::new();
    world.queue.refuse_next(Call::Receive, 5);
    world.start();
    sleep(Duration::from_millis(1)).await;
    assert_eq!(world.queue.calls(Call::Receive), 1);
    assert!(world.health.faults().contains_key("queue"));
    is_ready_when_it_delivers(world).await;
}

#[tokio::test(start_paused = true)]
async fn queue_that_fails_is_not_ready_until_it_answers() {
    let mut world = World::new();
    world.queue.fail_next(Call::Receive, 10);
    world.start();
    eventually("not ready", || world.health.faults().contains_key("queue")).await;
    assert!(world.queue.calls(Call::Receive) < 10);
    is_ready_when_it_delivers(world).await;
}

#[tokio::test(start_paused = true)]
async fn failures_of_the_queue_between_answers_are_counted_and_leave_it_ready() {
    let mut world = World::new();
    world.start();
    for round in 1..=50 {
        world.queue.fail_next(Call::Receive, 2);
        eventually("counted", || world.metrics.queue_errors.get() == 2 * round).await;
        assert!(world.health.faults().is_empty());
        world.deliver(&format!("o{round}"), 1);
        world.all_deleted().await;
        assert!(world.health.faults().is_empty());
    }
}

async fn is_ready_when_it_delivers(mut world: World) {
    world.deliver("a", 1);
    world.all_deleted().await;
    assert!(world.health.faults().is_empty());
    assert_eq!(world.lines(0), records("a", 0..1));
    let begun = Instant::now();
    world.stop().await;
    assert!(begun.elapsed() <= GRACE);
}
