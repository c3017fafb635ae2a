use super::*;
use crate::conformance::parcel;
use crate::memory::{Failure, MemoryQuarantine, MemorySink};
use proptest::prelude::*;
use std::time::Duration;
use tokio::time::Instant;

fn over(memory: &Arc<MemorySink>) -> Retrying<dyn Sink> {
    Retrying::new("lake", Arc::clone(memory) as Arc<dyn Sink>)
}

fn batch(portions: &[u64]) -> Batch {
    let mut batch = Batch::default();
    for (number, &events) in portions.iter().enumerate() {
        batch.append(Batch::of(parcel(&format!("object-{number}-"), 0, events)));
    }
    batch
}

#[tokio::test(start_paused = true)]
async fn passing_fault_is_tried_again_without_end() {
    let memory = Arc::new(MemorySink::new());
    memory.fail_next(500, Failure::Retry(None));
    let written = over(&memory).write(&batch(&[2])).await.expect("stored");
    assert_eq!(written, Written::default());
    assert_eq!((memory.attempts(), memory.lines().len()), (501, 2));
}

#[tokio::test(start_paused = true)]
async fn time_that_the_sink_named_is_waited() {
    let memory = Arc::new(MemorySink::new());
    memory.fail_next(1, Failure::Retry(Some(Duration::from_secs(300))));
    let begun = Instant::now();
    let _written = over(&memory).write(&batch(&[1])).await.expect("stored");
    assert!(begun.elapsed() >= Duration::from_secs(300));
}

#[tokio::test(start_paused = true)]
async fn retries_wait_at_most_their_doubling_bound() {
    let memory = Arc::new(MemorySink::new());
    memory.fail_next(3, Failure::Retry(None));
    let begun = Instant::now();
    let _written = over(&memory).write(&batch(&[1])).await.expect("stored");
    // 250 + 500 + 1,000 ms, and the millisecond that a timer rounds up to each time.
    assert!(begun.elapsed() <= Duration::from_millis(1_753));
}

#[tokio::test(start_paused = true)]
async fn pause_holds_looks_again_and_shows() {
    let memory = Arc::new(MemorySink::new());
    memory.fail_next(3, Failure::Pause);
    let retrying = over(&memory);
    let mut condition = retrying.condition();
    let begun = Instant::now();
    let batch = batch(&[1]);
    let stored = retrying.write(&batch);
    let watched = async {
        let paused = condition.wait_for(|c| matches!(c, Condition::Paused { .. })).await;
        paused.expect("paused").reason().map(str::to_owned)
    };
    let (answer, reason) = tokio::join!(stored, watched);
    assert_eq!(answer.expect("stored"), Written::default());
    assert_eq!(
        reason.as_deref(),
        Some("the sink refuses everything until it is set right: failed as it was told")
    );
    // 5 + 10 + 20 s.
    assert_eq!(begun.elapsed().as_secs(), 35);
    assert_eq!(*retrying.condition().borrow(), Condition::Accepting);
}

#[tokio::test(start_paused = true)]
async fn single_event_that_is_too_large_is_refused_with_the_reason() {
    let memory = Arc::new(MemorySink::new());
    memory.split_above(0);
    let written = over(&memory).write(&batch(&[1, 2])).await.expect("stored");
    let places: Vec<_> = written.refused.iter().map(|r| (r.portion, r.line)).collect();
    assert_eq!(places, [(0, 0), (1, 0), (1, 1)]);
    assert_eq!(written.refused[0].reason, "failed as it was told");
}

#[tokio::test(start_paused = true)]
async fn half_is_retried_without_the_other() {
    let memory = Arc::new(MemorySink::new());
    memory.fail_next(1, Failure::Split);
    memory.fail_next(3, Failure::Retry(None));
    let _written = over(&memory).write(&batch(&[4])).await.expect("stored");
    assert_eq!(memory.sizes(), [2, 2]);
    assert_eq!((memory.attempts(), memory.duplicates()), (6, 0));
}

#[tokio::test(start_paused = true)]
async fn quarantine_is_retried_as_well() {
    let memory = Arc::new(MemoryQuarantine::default());
    memory.fail_next(1, Failure::Pause);
    memory.fail_next(1, Failure::Split);
    let retrying =
        Retrying::<dyn Quarantine>::new("lake", Arc::clone(&memory) as Arc<dyn Quarantine>);
    let entry =
        Entry { reason: "too large", sink: "lake", bucket: "b", key: "k", index: 0, event: b"{}" };
    retrying.set_aside(&[entry]).await.expect("set aside");
    assert_eq!(memory.lines().len(), 1);
}

proptest! {
    /// However a batch is cut, every event is stored or refused, at its place, once and in order.
    #[test]
    fn cut_batch_is_stored_whole_and_refused_at_the_right_places(
        portions in prop::collection::vec(0_u64..9, 0..9),
        most in 0_usize..6,
        refused in prop::collection::hash_set((0_usize..9, 0_u64..9), 0..20),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().expect("runtime");
        let memory = Arc::new(MemorySink::new());
        memory.split_above(most);
        memory.fail_next(2, Failure::Split);
        let names: Vec<Vec<u8>> = refused.iter().map(|&(portion, line)| crate::conformance::event(&format!("object-{portion}-"), line)).collect();
        memory.refuse(move |event| names.iter().any(|name| name == event));
        let batch = batch(&portions);
        let written = runtime.block_on(over(&memory).write(&batch)).expect("stored");
        let places: Vec<(usize, usize)> = written.refused.iter().map(|r| (r.portion, r.line)).collect();
        let mut stored = memory.lines().into_iter();
        let mut next_refused = places.iter();
        for (number, portion) in batch.portions().iter().enumerate() {
            for line in portion.lines() {
                let (index, event) = portion.parcel().lines().event(line).expect("line");
                let told = refused.contains(&(number, index));
                if places.contains(&(number, line)) {
                    prop_assert_eq!(next_refused.next(), Some(&(number, line)));
                } else {
                    prop_assert!(!told);
                    let next_stored = stored.next();
                    prop_assert_eq!(next_stored.as_deref(), Some(event));
                }
            }
        }
        prop_assert_eq!(stored.next(), None);
        prop_assert_eq!(next_refused.next(), None);
        if most > 0 && batch.events() > 3 {
            prop_assert!(places.iter().all(|&(portion, line)| refused.contains(&(portion, line as u64))));
        }
    }
}
