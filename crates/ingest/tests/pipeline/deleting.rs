//! A message that is done is deleted, whatever it takes.

use crate::world::{VISIBILITY, World, eventually, records};
use std::time::Duration;
use tokio::time::sleep;
use trail_ingest::Ending;
use trail_ingest::memory::{Call, EntryFault};

#[tokio::test(start_paused = true)]
async fn entries_that_were_not_deleted_are_deleted_later() {
    let mut world = World::new();
    for number in 0..10 {
        world.deliver(&format!("o{number}"), 1);
    }
    world.queue.fail_entries(Call::Delete, 7, EntryFault::Passing);
    world.run_to_the_end().await;
    assert_eq!((world.deletes(), world.receives()), (10, 10));
    assert_eq!(world.metrics.deleted.get(), 10);
    assert_eq!(world.metrics.delete_retries.get(), 7);
}

#[tokio::test(start_paused = true)]
async fn delete_that_fails_as_a_whole_is_tried_again() {
    let mut world = World::new();
    world.deliver("a", 2);
    world.queue.fail_next(Call::Delete, 20);
    world.start();
    sleep(Duration::from_secs(120)).await;
    assert_eq!((world.deletes(), world.receives()), (0, 1), "held meanwhile");
    world.all_deleted().await;
    assert_eq!(world.receives(), 1);
    assert_eq!(world.lines(0), records("a", 0..2));
}

#[tokio::test(start_paused = true)]
async fn delete_of_a_message_that_is_gone_is_counted_as_lost() {
    let mut world = World::new();
    world.deliver("a", 2);
    world.queue.fail_entries(Call::Delete, 1, EntryFault::Gone);
    world.start();
    eventually("counted", || world.metrics.deletes_lost.get() == 1).await;
    assert_eq!(world.metrics.deleted.get(), 0);
    world.all_deleted().await;
}

#[tokio::test(start_paused = true)]
async fn message_that_is_gone_after_the_answer_to_its_delete_was_lost_is_not_lost() {
    let mut world = World::new();
    world.deliver("a", 2);
    // The delete worked each time, for all that the extension finds.
    world.queue.fail_next(Call::Delete, 20);
    world.queue.fail_entries(Call::ChangeVisibility, 1, EntryFault::Gone);
    world.start();
    eventually("extended", || world.queue.calls(Call::ChangeVisibility) == 1).await;
    sleep(VISIBILITY / 4).await;
    assert_eq!((world.metrics.holds_lost.get(), world.deletes()), (0, 0));
    world.all_deleted().await;
}

#[tokio::test(start_paused = true)]
async fn fault_of_a_component_that_has_no_work_any_more_is_forgotten() {
    let mut world = World::new();
    world.queue.send("not even JSON");
    world.queue.refuse_next(Call::DeadLetter, 1);
    world.start();
    eventually("not ready", || world.health.faults().contains_key("dead-letter queue")).await;
    // Another replica sets the message aside.
    world.stop().await;
    sleep(Duration::from_secs(11 * 60)).await;
    assert!(world.health.faults().is_empty(), "{:?}", world.health.faults());
}

#[tokio::test(start_paused = true)]
async fn missing_permission_to_delete_is_not_ready() {
    let mut world = World::new();
    world.deliver("a", 2);
    world.queue.refuse_next(Call::Delete, 10);
    world.start();
    eventually("not ready", || !world.health.faults().is_empty()).await;
    world.all_deleted().await;
    eventually("ready again", || world.health.faults().is_empty()).await;
}

#[tokio::test(start_paused = true)]
async fn missing_permission_to_set_aside_is_not_ready() {
    let mut world = World::new();
    world.queue.send("not even JSON");
    world.queue.refuse_next(Call::DeadLetter, 2);
    world.start();
    eventually("not ready", || !world.health.faults().is_empty()).await;
    world.all_deleted().await;
    eventually("ready again", || world.health.faults().is_empty()).await;
}

#[tokio::test(start_paused = true)]
async fn missing_permission_to_extend_is_not_ready() {
    let mut world = World::new();
    world.deliver("a", 2);
    world.sink().hold();
    world.queue.refuse_next(Call::ChangeVisibility, 5);
    world.start();
    eventually("not ready", || !world.health.faults().is_empty()).await;
    eventually("ready again", || world.health.faults().is_empty()).await;
}

#[tokio::test(start_paused = true)]
async fn stop_while_messages_cannot_be_deleted_says_that_they_come_again() {
    let mut world = World::new();
    world.deliver("a", 2);
    world.deliver("b", 2);
    world.queue.fail_next(Call::Delete, 1_000);
    world.start();
    eventually("delivered", || world.lines(0).len() == 4).await;
    assert_eq!(world.stop().await, Ending::Released(2));
}
