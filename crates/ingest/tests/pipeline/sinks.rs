//! Sinks that fail, block, refuse and panic.

use crate::world::{World, eventually, let_time_pass, log_file, record, records};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::sleep;
use trail_ingest::memory::Request;
use trail_ingest::{Opened, Store, StoreError};
use trail_notification::ObjectRef;
use trail_sink::memory::{Failure, MemorySink};
use trail_sink::{Batch, BatchLimits, Sink, WriteError, Written};

#[tokio::test(start_paused = true)]
async fn sink_that_is_down_holds_its_messages_while_the_other_goes_on() {
    for failure in [Failure::Retry(None), Failure::Pause] {
        let mut world = World::with_sinks(2);
        world.sinks[1].fail_next(100_000, failure);
        for number in 0..20 {
            world.deliver(&format!("o{number}"), 2);
        }
        world.start();
        eventually("the other goes on", || world.lines(0).len() == 40).await;
        sleep(Duration::from_secs(900)).await;
        assert_eq!((world.receives(), world.deletes()), (20, 0), "{failure:?}");
        assert!(world.lines(1).is_empty());
        assert_eq!(world.metrics.held.get(), 20);
    }
}

#[tokio::test(start_paused = true)]
async fn events_are_delivered_once_the_sink_is_up_again() {
    for failure in [Failure::Retry(Some(Duration::from_secs(90))), Failure::Pause] {
        let mut world = World::with_sinks(2);
        world.sinks[1].fail_next(12, failure);
        world.deliver("a", 3);
        world.deliver("b", 3);
        world.run_to_the_end().await;
        assert_eq!(world.receives(), 2, "no redelivery");
        for sink in [0, 1] {
            let mut lines = world.lines(sink);
            lines.sort();
            assert_eq!(lines, [records("a", 0..3), records("b", 0..3)].concat());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn batch_that_must_be_split_is_delivered_once() {
    let mut world = World::new();
    world.sink().split_above(2);
    world.deliver("a", 9);
    world.run_to_the_end().await;
    assert_eq!(world.lines(0), records("a", 0..9));
}

#[tokio::test(start_paused = true)]
async fn refused_event_is_quarantined_and_the_account_balances() {
    let mut world = World::with_sinks(2);
    world.sinks[1].refuse(|event| event.ends_with(b"a-1\"}"));
    let object = world.deliver("a", 3);
    world.run_to_the_end().await;
    assert_eq!(world.lines(0), records("a", 0..3));
    assert_eq!(world.lines(1), [record("a", 0), record("a", 2)]);
    let [entry] = <[String; 1]>::try_from(world.quarantine.lines()).unwrap();
    for part in [object.key.as_str(), "sink-1", "refused as it was told", "a-1"] {
        assert!(entry.contains(part), "{part} in {entry}");
    }
    assert_eq!((world.events(0, "delivered"), world.events(0, "quarantined")), (3, 0));
    assert_eq!((world.events(1, "delivered"), world.events(1, "quarantined")), (2, 1));
    assert!(world.queue.dead_letters().is_empty());
}

#[tokio::test(start_paused = true)]
async fn message_is_not_deleted_before_its_refused_event_is_in_quarantine() {
    let mut world = World::new();
    world.sink().refuse(|event| event.ends_with(b"a-1\"}"));
    world.quarantine.fail_next(20, Failure::Retry(None));
    world.deliver("a", 3);
    world.start();
    eventually("the rest is stored", || world.lines(0).len() == 2).await;
    sleep(Duration::from_secs(120)).await;
    assert_eq!((world.deletes(), world.quarantine.lines().len()), (0, 0));
    world.all_deleted().await;
    assert_eq!(world.quarantine.lines().len(), 1);
    assert_eq!(world.receives(), 1);
}

#[tokio::test(start_paused = true)]
async fn order_is_kept_within_an_object() {
    let mut world = World::new();
    world.settings.objects_at_once = 8;
    for name in ["a", "b", "c", "d"] {
        let padding = "x".repeat(1_000);
        let text = log_file(name, 3_000).replace("\"}", &format!("\",\"pad\":\"{padding}\"}}"));
        let object = world.put_bytes(name, crate::world::gzip(text.as_bytes()));
        world.send(&[&object]);
    }
    world.sink().fail_next(3, Failure::Retry(None));
    world.sink().take_time(Duration::from_millis(10));
    world.sink().split_above(700);
    world.run_to_the_end().await;
    let lines = world.lines(0);
    for name in ["a", "b", "c", "d"] {
        let prefix = format!(r#"{{"eventID":"{name}-"#);
        let of_object: Vec<_> = lines.iter().filter(|line| line.starts_with(&prefix)).collect();
        assert_eq!(of_object.len(), 3_000);
        for (index, line) in of_object.iter().enumerate() {
            let expected = format!("{prefix}{index}\"");
            assert!(line.starts_with(&expected), "{expected} at {index}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn slow_sink_does_not_starve_the_other_before_the_memory_is_spent() {
    let mut world = World::with_sinks(2);
    world.settings.memory = 64 << 20;
    world.sinks[1].hold();
    for number in 0..50 {
        world.deliver(&format!("o{number}"), 100);
    }
    world.start();
    eventually("the fast one has all", || world.lines(0).len() == 5_000).await;
    assert!(world.lines(1).is_empty());
    world.sinks[1].release();
    world.all_deleted().await;
    assert_eq!(world.lines(1).len(), 5_000);
}

#[tokio::test(start_paused = true)]
async fn receiving_stops_when_the_memory_is_spent() {
    let mut world = World::new();
    world.settings.memory = 4 << 20;
    world.settings.messages_in_flight = 1_000;
    world.sink().hold();
    let padding = "x".repeat(1_000);
    let padded = format!("\",\"pad\":\"{padding}\"}}");
    for number in 0..100 {
        let name = format!("o{number}");
        let text = log_file(&name, 200).replace("\"}", &padded);
        let object = world.put_bytes(&name, crate::world::gzip(text.as_bytes()));
        world.send(&[&object]);
    }
    let _clock = let_time_pass();
    world.start();
    world.sink().begun(1).await;
    sleep(Duration::from_secs(60)).await;
    // Half of the memory is for forwarding: ten objects of 200 kB. Others wait in their places.
    let (read, received) = (world.store.requests().len(), world.receives());
    assert!((5..=15).contains(&read), "{read} objects are read");
    assert!(received <= read + 8, "{received} messages are received");
    world.sink().release();
    world.all_deleted().await;
    assert_eq!(world.lines(0).len(), 20_000);
    assert_eq!(world.receives(), 100, "nothing came twice");
}

#[tokio::test(start_paused = true)]
async fn objects_are_asked_for_only_as_far_as_there_is_memory_for_them() {
    let mut world = World::new();
    world.settings.memory = 8 << 20;
    world.settings.objects_at_once = 32;
    world.store.take_time(Duration::from_secs(10));
    for number in 0..12 {
        let name = format!("o{number}");
        let text = log_file(&name, 1) + &" ".repeat(100_000);
        world.send(&[&world.put_bytes(&name, text.into_bytes())]);
    }
    world.run_to_the_end().await;
    assert_eq!(world.lines(0).len(), 12);
    // Of 8 MiB half a MiB is for fetching: three objects of 100 kB with their connections.
    let requests = world.store.requests();
    let at_once = |first: &Request| {
        let until = first.at + Duration::from_secs(9);
        requests.iter().filter(|other| (first.at..until).contains(&other.at)).count()
    };
    assert_eq!(requests.iter().map(at_once).max(), Some(3));
}

#[tokio::test(start_paused = true)]
async fn object_larger_than_the_memory_passes_a_slow_sink() {
    let mut world = World::with_sinks(2);
    world.settings.memory = 4 << 20;
    world.settings.objects_at_once = 8;
    world.sinks[1].take_time(Duration::from_secs(1));
    let padding = "x".repeat(1_000);
    for name in ["a", "b", "c", "d"] {
        let text = log_file(name, 6_000).replace("\"}", &format!("\",\"pad\":\"{padding}\"}}"));
        let object = world.put_bytes(name, crate::world::gzip(text.as_bytes()));
        world.send(&[&object]);
    }
    let _clock = let_time_pass();
    world.start();
    world.all_deleted().await;
    assert_eq!((world.lines(0).len(), world.lines(1).len()), (24_000, 24_000));
    assert_eq!(world.receives(), 4);
}

/// It is decoded in its task, which must not wait: its records are so small that they make a second part,
/// for which there is no memory until the first is stored.
#[tokio::test(start_paused = true)]
async fn small_object_of_two_parts_passes_without_memory_for_both() {
    let mut world = World::new();
    world.settings.memory = 3 << 20;
    world.sinks[0].take_time(Duration::from_secs(1));
    let records = 87_000;
    let text = format!("{{\"Records\":[{}]}}", vec!["{}"; records].join(","));
    let object = world.put_bytes("a", crate::world::gzip(text.as_bytes()));
    world.send(&[&object]);
    let _clock = let_time_pass();
    world.start();
    world.all_deleted().await;
    assert_eq!(world.lines(0).len(), records);
    assert_eq!(world.receives(), 1);
}

/// Panics at its first write, or at each.
#[derive(Debug)]
struct Panicking {
    inner: Arc<MemorySink>,
    left: AtomicUsize,
}

#[async_trait::async_trait]
impl Sink for Panicking {
    fn limits(&self) -> BatchLimits {
        self.inner.limits()
    }

    async fn write(&self, batch: &Batch) -> Result<Written, WriteError> {
        let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        assert!(left.is_err(), "a sink with a fault in it");
        self.inner.write(batch).await
    }

    async fn probe(&self) -> Result<(), WriteError> {
        Ok(())
    }

    async fn close(&self) -> Result<(), WriteError> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn panic_in_a_sink_is_counted_and_its_message_given_back() {
    let mut world = World::new();
    world.deliver("a", 3);
    let inner = Arc::clone(&world.sinks[0]);
    let sink = Arc::new(Panicking { inner, left: AtomicUsize::new(1) });
    let store = Arc::clone(&world.store) as _;
    world.start_with(store, vec![("bare".to_owned(), sink)]);
    eventually("counted", || world.metrics.panics.get() == 1).await;
    assert_eq!((world.released("panic"), world.deletes()), (1, 0));
    world.all_deleted().await;
    assert_eq!(world.lines(0), records("a", 0..3));
    assert_eq!((world.receives(), world.metrics.panics.get()), (2, 1));
}

/// Panics when it is opened the first time.
#[derive(Debug)]
struct PanickingStore {
    inner: Arc<dyn Store>,
    left: AtomicUsize,
}

#[async_trait::async_trait]
impl Store for PanickingStore {
    async fn open(&self, object: &ObjectRef, from: u64) -> Result<Opened, StoreError> {
        let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        assert!(left.is_err(), "a store with a fault in it");
        self.inner.open(object, from).await
    }
}

#[tokio::test(start_paused = true)]
async fn panic_in_a_store_is_counted_and_its_message_given_back() {
    let mut world = World::new();
    world.deliver("a", 3);
    let inner = Arc::clone(&world.store) as _;
    let store = Arc::new(PanickingStore { inner, left: AtomicUsize::new(1) });
    let sink = Arc::clone(&world.sinks[0]) as Arc<dyn Sink>;
    world.start_with(store, vec![("bare".to_owned(), sink)]);
    world.all_deleted().await;
    assert_eq!((world.metrics.panics.get(), world.released("panic")), (1, 1));
    assert_eq!(world.lines(0), records("a", 0..3));
}
