//! The checks.

use super::Subject;
use super::parcels::{event, parcel, parcel_of};
use crate::batch::Batch;
use crate::contract::{Sink, Written};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Objects that have events which a sink may refuse.
const REFUSABLE: [&str; 3] = ["refusable-a", "refusable-b", "refusable-c"];

/// A batch of no event is stored by doing nothing.
///
/// # Panics
/// When it is not.
pub async fn empty_batch_stores_nothing(subject: &impl Subject) {
    let sink = subject.open().await;
    let limits = sink.limits();
    assert!(limits.bytes > 0 && limits.events > 0, "limits let nothing through: {limits:?}");
    for batch in [Batch::default(), Batch::of(parcel("empty", 0, 0))] {
        assert_eq!(write(&*sink, &batch).await, Written::default());
    }
    assert_eq!(subject.stored().await, Vec::<Vec<u8>>::new());
}

/// What was answered `Ok` is there after a sink that was never closed, and stays there.
///
/// # Panics
/// When it is not.
pub async fn stored_batch_outlives_its_sink(subject: &impl Subject) {
    let mut expect = Vec::new();
    for part in 0..3 {
        let sink = subject.open().await;
        store(&*sink, &Batch::of(parcel("a", part, 5))).await;
        drop(sink);
        expect.extend((0..5).map(|n| event("a", u64::from(part) * 5 + n)));
        assert_eq!(subject.stored().await, expect, "after part {part}");
    }
}

/// An event that the sink refuses is listed at its place, and all others are stored.
///
/// # Panics
/// When it is not.
pub async fn refused_event_is_isolated(subject: &impl Subject) {
    let sink = subject.open().await;
    let mut batch = Batch::default();
    let (mut expect, mut refused) = (Vec::new(), Vec::new());
    for (portion, key) in REFUSABLE.into_iter().enumerate() {
        let events: Vec<(u64, Vec<u8>)> =
            (0..6).map(|index| (index * 10, event(key, index))).collect();
        for (line, (_, event)) in events.iter().enumerate() {
            if subject.refuses(event) {
                refused.push((portion, line));
            } else {
                expect.push(event.clone());
            }
        }
        batch.append(Batch::of(parcel_of(key, 0, events)));
    }
    let written = write(&*sink, &batch).await;
    let places = written.refused.iter().map(|refusal| (refusal.portion, refusal.line));
    assert_eq!(places.collect::<Vec<_>>(), refused);
    assert!(written.refused.iter().all(|refusal| !refusal.reason.is_empty()), "no reason");
    assert_eq!(subject.stored().await, expect);
}

/// A batch that comes again leaves every event stored, and once where that is promised.
///
/// # Panics
/// When it does not.
pub async fn duplicate_batch_is_harmless(subject: &impl Subject) {
    let batch = Batch::of(parcel("a", 0, 4));
    let most = if subject.recognises_duplicates() { 1 } else { 3 };
    for _ in 0..2 {
        let sink = subject.open().await;
        store(&*sink, &batch).await;
        sink.close().await.expect("closed");
    }
    let sink = subject.open().await;
    store(&*sink, &batch).await;
    let counts = count(subject.stored().await);
    assert_eq!(counts.len(), 4, "something else is stored");
    for index in 0..4 {
        let times = counts.get(&event("a", index)).copied().unwrap_or(0);
        assert!((1..=most).contains(&times), "stored {times} times");
    }
}

/// Parcels of an object, each written when the last is answered, are stored in that order, whatever
/// else is written meanwhile.
///
/// # Panics
/// When they are not.
pub async fn order_is_kept_within_an_object(subject: &impl Subject) {
    let sink = subject.open().await;
    let mut writers = JoinSet::new();
    for key in ["a", "b", "c", "d"] {
        let sink = Arc::clone(&sink);
        writers.spawn(async move {
            for part in 0..12 {
                store(&*sink, &Batch::of(parcel(key, part, 3))).await;
            }
        });
    }
    join(writers).await;
    let stored = subject.stored().await;
    assert_eq!(stored.len(), 4 * 12 * 3);
    for key in ["a", "b", "c", "d"] {
        let expect: Vec<Vec<u8>> = (0..36).map(|index| event(key, index)).collect();
        let own = stored.iter().filter(|line| expect.contains(line));
        assert_eq!(own.cloned().collect::<Vec<_>>(), expect);
    }
}

/// Writes that come together are all stored, each event once.
///
/// # Panics
/// When they are not.
pub async fn concurrent_writes_are_all_stored(subject: &impl Subject) {
    let sink = subject.open().await;
    let mut writers = JoinSet::new();
    for number in 0..64 {
        let sink = Arc::clone(&sink);
        writers.spawn(async move {
            let batch = Batch::of(parcel(&format!("object-{number}"), 0, 3));
            store(&*sink, &batch).await;
        });
    }
    join(writers).await;
    let counts = count(subject.stored().await);
    assert_eq!(counts.len(), 64 * 3);
    assert!(counts.values().all(|count| *count == 1), "an event is stored twice");
}

/// After `close` everything is in the store, and the store can be opened while the old sink is
/// still held.
///
/// # Panics
/// When it is not.
pub async fn close_flushes(subject: &impl Subject) {
    let sink = subject.open().await;
    store(&*sink, &Batch::of(parcel("a", 0, 4))).await;
    sink.close().await.expect("closed");
    let expect: Vec<Vec<u8>> = (0..4).map(|index| event("a", index)).collect();
    assert_eq!(subject.stored().await, expect);
    let reopened = subject.open().await;
    reopened.probe().await.expect("accepts");
    drop(sink);
}

/// After a write that was dropped when it had been polled `polls` times, the sink works as before,
/// and nothing but whole events is stored.
///
/// # Panics
/// When it does not.
pub async fn cancelled_write_harms_nothing(subject: &impl Subject, polls: usize) {
    let sink = subject.open().await;
    let dropped = Batch::of(parcel("dropped", 0, 5));
    tokio::select! {
        biased;
        _answer = sink.write(&dropped) => {}
        () = pass(polls) => {}
    }
    store(&*sink, &Batch::of(parcel("kept", 0, 5))).await;
    // What was dropped may have been stored, and comes again.
    store(&*sink, &dropped).await;
    sink.close().await.expect("closed");
    let counts = count(subject.stored().await);
    for index in 0..5 {
        assert_eq!(counts.get(&event("kept", index)), Some(&1));
        let times = counts.get(&event("dropped", index)).copied();
        assert!(matches!(times, Some(1 | 2)), "stored {times:?} times");
    }
    assert_eq!(counts.len(), 10, "something else is stored");
}

async fn write(sink: &dyn Sink, batch: &Batch) -> Written {
    sink.write(batch).await.expect("stored")
}

async fn store(sink: &dyn Sink, batch: &Batch) {
    let refused = write(sink, batch).await.refused;
    assert!(refused.is_empty(), "refused {refused:?}");
}

/// Returns when it has been polled `polls` times more than once.
async fn pass(polls: usize) {
    for _ in 0..polls {
        tokio::task::yield_now().await;
    }
}

async fn join(mut writers: JoinSet<()>) {
    while let Some(ended) = writers.join_next().await {
        ended.expect("writer ended");
    }
}

fn count(lines: Vec<Vec<u8>>) -> HashMap<Vec<u8>, usize> {
    let mut counts = HashMap::new();
    for line in lines {
        *counts.entry(line).or_default() += 1;
    }
    counts
}
