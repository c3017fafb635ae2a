//! A stop is clean: nothing is begun after it, and what was begun is done or given back.

use crate::world::{GRACE, World, eventually, let_time_pass, log_file, records};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use trail_ingest::Ending;
use trail_ingest::memory::{Call, Happening};

const BACK_AT_ONCE: Happening = Happening::Hidden(Duration::ZERO);

#[tokio::test(start_paused = true)]
async fn nothing_is_received_after_the_stop_and_what_was_begun_is_done() {
    let mut world = World::new();
    world.sink().take_time(Duration::from_secs(10));
    world.settings.receive_wait = Duration::from_secs(2);
    for number in 0..5 {
        world.deliver(&format!("o{number}"), 2);
    }
    world.settings.objects_at_once = 10;
    world.start();
    world.sink().begun(1).await;
    eventually("all are under way", || world.receives() == 5).await;
    sleep(Duration::from_secs(1)).await;
    world.stop.cancel();
    // The receive that is under way is not broken off.
    sleep(world.settings.receive_wait).await;
    world.deliver("late", 2);
    assert_eq!(world.ended().await, Ending::Done);
    assert_eq!((world.receives(), world.deletes()), (5, 5));
    assert_eq!(world.lines(0).len(), 10);
}

#[tokio::test(start_paused = true)]
async fn idle_pipeline_stops_within_one_receive() {
    let mut world = World::new();
    world.start();
    sleep(Duration::from_secs(61)).await;
    let begun = Instant::now();
    assert_eq!(world.stop().await, Ending::Done);
    assert!(begun.elapsed() <= world.settings.receive_wait, "{:?}", begun.elapsed());
    let calls = world.queue.calls(Call::Receive);
    sleep(Duration::from_secs(600)).await;
    assert_eq!(world.queue.calls(Call::Receive), calls);
}

#[tokio::test(start_paused = true)]
async fn messages_are_given_back_when_a_blocked_sink_outlasts_the_grace_period() {
    let mut world = World::new();
    world.deliver("a", 2);
    world.deliver("b", 2);
    world.sink().hold();
    world.start();
    world.sink().begun(1).await;
    let begun = Instant::now();
    assert_eq!(world.stop().await, Ending::Released(2));
    assert!(begun.elapsed() >= GRACE - Duration::from_secs(1), "{:?}", begun.elapsed());
    assert!(begun.elapsed() <= GRACE + Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(world.count(|what| what == BACK_AT_ONCE), 2);
    assert_eq!((world.deletes(), world.queue.bodies().len()), (0, 2));
    world.sink().release();
    world.run_to_the_end().await;
    assert!(world.lines(0).len() >= 4);
}

#[tokio::test(start_paused = true)]
async fn sink_that_recovers_within_the_grace_period_gives_nothing_back() {
    let mut world = World::new();
    world.deliver("a", 2);
    world.sink().hold();
    world.start();
    world.sink().begun(1).await;
    world.stop.cancel();
    sleep(GRACE - Duration::from_secs(5)).await;
    world.sink().release();
    assert_eq!(world.ended().await, Ending::Done);
    assert!(world.queue.is_empty());
}

#[tokio::test(start_paused = true)]
async fn messages_received_but_not_begun_are_given_back_at_once() {
    let mut world = World::new();
    world.settings.objects_at_once = 1;
    world.store.take_time(Duration::from_secs(10));
    for number in 0..4 {
        world.deliver(&format!("o{number}"), 1);
    }
    world.start();
    eventually("two are received", || world.receives() >= 2).await;
    sleep(Duration::from_secs(1)).await;
    let begun = Instant::now();
    let received = world.receives() as u64;
    world.stop.cancel();
    sleep(Duration::from_millis(500)).await;
    assert_eq!(world.count(|what| what == BACK_AT_ONCE) as u64, received - 1);
    assert_eq!(world.ended().await, Ending::Released(received - 1));
    assert!(begun.elapsed() < GRACE);
    assert_eq!(world.deletes(), 1);
}

#[tokio::test(start_paused = true)]
async fn message_that_waits_for_memory_at_the_stop_is_given_back_at_once() {
    let mut world = World::new();
    world.settings.memory = 4 << 20;
    world.settings.objects_at_once = 8;
    // What is given back waits for the receive under way, which would take it again.
    world.settings.receive_wait = Duration::from_secs(2);
    world.sink().hold();
    let padding = "x".repeat(1_000);
    for name in ["a", "b", "c", "d", "e", "f"] {
        let text = log_file(name, 6_000).replace("\"}", &format!("\",\"pad\":\"{padding}\"}}"));
        let object = world.put_bytes(name, text.into_bytes());
        world.send(&[&object]);
    }
    let _clock = let_time_pass();
    world.start();
    world.sink().begun(1).await;
    sleep(Duration::from_secs(10)).await;
    let under_way = world.store.requests().len();
    assert!(under_way < 6, "the memory holds them all");
    world.stop.cancel();
    sleep(Duration::from_secs(5)).await;
    let back = world.count(|what| what == BACK_AT_ONCE);
    assert_eq!(back, world.receives() - under_way);
    assert_eq!(world.ended().await, Ending::Released(world.receives() as u64));
    assert_eq!(world.queue.bodies().len(), 6);
    world.sink().release();
}

#[tokio::test(start_paused = true)]
async fn message_given_back_at_the_stop_is_not_taken_again_by_a_receive_under_way() {
    let mut world = World::new();
    world.settings.receive_wait = Duration::from_secs(8);
    // One place: what comes next waits for it, and another receive waits for more.
    world.settings.objects_at_once = 1;
    world.store.take_time(Duration::from_secs(60));
    for name in ["a", "b"] {
        world.deliver(name, 1);
    }
    world.start();
    sleep(Duration::from_secs(2)).await;
    let received = world.receives();
    world.stop.cancel();
    sleep(Duration::from_secs(15)).await;
    assert_eq!(world.receives(), received, "taken again");
    world.ended().await;
    assert_eq!(world.queue.bodies().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn message_received_while_the_stop_came_is_given_back() {
    let mut world = World::new();
    world.queue.take_time(Call::Receive, Duration::from_secs(2));
    world.deliver("a", 1);
    world.start();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(world.stop().await, Ending::Released(1));
    assert_eq!(world.count(|what| what == BACK_AT_ONCE), 1);
    assert!(world.store.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn pipeline_ends_by_itself_when_the_queue_stays_empty() {
    let mut world = World::new();
    world.settings.until_idle = Some(Duration::from_secs(3));
    world.sink().take_time(Duration::from_secs(40));
    for number in 0..25 {
        world.deliver(&format!("o{number}"), 2);
    }
    let begun = Instant::now();
    world.start();
    assert_eq!(world.ended().await, Ending::Done);
    assert!(world.queue.is_empty());
    assert_eq!(world.lines(0).len(), 50);
    assert!(begun.elapsed() >= Duration::from_secs(43));
}

#[tokio::test(start_paused = true)]
async fn pipeline_ends_when_the_queue_was_empty_as_long_as_was_asked_and_not_a_receive_later() {
    for seconds in [1, 3, 21, 25, 39, 60] {
        let mut world = World::new();
        let asked = Duration::from_secs(seconds);
        world.settings.until_idle = Some(asked);
        world.queue.fail_next(Call::Depth, 1);
        let begun = Instant::now();
        world.start();
        assert_eq!(world.ended().await, Ending::Done);
        let took = begun.elapsed();
        assert!(took >= asked && took < asked + Duration::from_secs(2), "{asked:?}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn pipeline_that_is_to_end_waits_for_a_hidden_message() {
    let mut world = World::new();
    world.settings.until_idle = Some(Duration::from_secs(3));
    world.queue.fail_next(Call::DeadLetter, 1);
    world.queue.send("not even JSON");
    world.start();
    assert_eq!(world.ended().await, Ending::Done);
    assert!(world.queue.is_empty());
    assert_eq!(world.queue.dead_letters().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn stop_in_the_middle_of_a_large_object_loses_nothing() {
    let mut world = World::new();
    world.settings.limits.whole = 4_096;
    world.settings.grace = Duration::from_secs(2);
    let object = world.put_bytes("a", log_file("a", 5_000).into_bytes());
    world.store.cut_into(1_000);
    world.send(&[&object]);
    world.sink().hold();
    let clock = let_time_pass();
    world.start();
    world.sink().begun(1).await;
    assert_eq!(world.stop().await, Ending::Released(1));
    world.sink().release();
    world.run_to_the_end().await;
    drop(clock);
    let mut lines = world.lines(0);
    let last = lines.split_off(lines.len() - 5_000);
    assert_eq!(last, records("a", 0..5_000));
}
