use super::*;
use crate::conformance::{event, parcel};
use crate::memory::{Failure, MemorySink};
use std::time::Duration;
use tokio::time::Instant;

const LIMITS: BatchLimits = BatchLimits {
    bytes: usize::MAX,
    events: usize::MAX,
    linger: Duration::ZERO,
    merge_objects: true,
};

fn over(limits: BatchLimits, writes_at_once: usize) -> (Arc<MemorySink>, Arc<Batching>) {
    let memory = Arc::new(MemorySink::with_limits(limits));
    let slots = NonZeroUsize::new(writes_at_once).expect("not zero");
    let batching = Batching::new(Arc::clone(&memory) as Arc<dyn Sink>, slots);
    (memory, Arc::new(batching))
}

type Answers = JoinSet<(String, Result<Written, WriteError>)>;

/// Starts a write and lets it come as far as it can.
async fn start(answers: &mut Answers, sink: &Arc<Batching>, key: &str, part: u32, events: u64) {
    let (sink, batch) = (Arc::clone(sink), Batch::of(parcel(key, part, events)));
    let name = format!("{key}{part}");
    answers.spawn(async move { (name, sink.write(&batch).await) });
    settle().await;
}

/// Lets all tasks run until they wait for something.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

async fn all_stored(mut answers: Answers) {
    while let Some(answer) = answers.join_next().await {
        let (name, answer) = answer.expect("ended");
        assert_eq!(answer.expect(&name), Written::default());
    }
}

#[tokio::test(start_paused = true)]
async fn what_comes_during_a_write_is_one_write() {
    let (memory, batching) = over(LIMITS, 1);
    let mut answers = JoinSet::new();
    memory.hold();
    for number in 0..64 {
        start(&mut answers, &batching, &format!("k{number}"), 0, 2).await;
    }
    memory.release();
    all_stored(answers).await;
    assert_eq!(memory.sizes(), [2, 126]);
    assert_eq!(memory.most_at_once(), 1);
}

#[tokio::test(start_paused = true)]
async fn writes_keep_to_the_limits_of_the_sink() {
    let (memory, batching) = over(BatchLimits { events: 5, ..LIMITS }, 1);
    let mut answers = JoinSet::new();
    memory.hold();
    for (number, events) in [1, 2, 2, 2, 9, 1, 4, 1].into_iter().enumerate() {
        start(&mut answers, &batching, &format!("k{number}"), 0, events).await;
    }
    memory.release();
    all_stored(answers).await;
    assert_eq!(memory.sizes(), [1, 4, 2, 9, 5, 1]);

    let bytes = Batch::of(parcel("k0", 0, 1)).bytes();
    let (memory, batching) = over(BatchLimits { bytes: 2 * bytes, ..LIMITS }, 1);
    let mut answers = JoinSet::new();
    memory.hold();
    for number in 0..6 {
        start(&mut answers, &batching, &format!("k{number}"), 0, 1).await;
    }
    memory.release();
    all_stored(answers).await;
    assert_eq!(memory.sizes(), [1, 2, 2, 1]);
}

#[tokio::test(start_paused = true)]
async fn objects_share_a_write_only_where_the_sink_lets_them() {
    let limits = BatchLimits { merge_objects: false, ..LIMITS };
    let (memory, batching) = over(limits, 1);
    let mut answers = JoinSet::new();
    memory.hold();
    for (key, part) in [("z", 0), ("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", 2)] {
        start(&mut answers, &batching, key, part, 1).await;
    }
    memory.release();
    all_stored(answers).await;
    assert_eq!(memory.sizes(), [1, 3, 2]);
}

#[tokio::test(start_paused = true)]
async fn batch_lingers_only_when_nothing_is_under_way() {
    let linger = Duration::from_secs(10);
    let (memory, batching) = over(BatchLimits { linger, ..LIMITS }, 1);
    let begun = Instant::now();
    let mut answers = JoinSet::new();
    start(&mut answers, &batching, "a", 0, 1).await;
    start(&mut answers, &batching, "b", 0, 1).await;
    memory.take_time(Duration::from_secs(1));
    memory.begun(1).await;
    assert_eq!(begun.elapsed().as_secs(), 10);
    start(&mut answers, &batching, "c", 0, 1).await;
    all_stored(answers).await;
    // The second write began when the first ended: no second linger.
    assert_eq!(begun.elapsed().as_secs(), 12);
    assert_eq!(memory.sizes(), [2, 1]);
}

#[tokio::test(start_paused = true)]
async fn full_batch_does_not_linger() {
    let linger = Duration::from_secs(3_600);
    let (_memory, batching) = over(BatchLimits { linger, events: 4, ..LIMITS }, 1);
    let begun = Instant::now();
    let mut answers = JoinSet::new();
    start(&mut answers, &batching, "a", 0, 2).await;
    start(&mut answers, &batching, "b", 0, 2).await;
    all_stored(answers).await;
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn several_writes_are_under_way_but_never_two_of_one_object() {
    let (memory, batching) = over(BatchLimits { events: 2, ..LIMITS }, 3);
    memory.take_time(Duration::from_secs(1));
    let mut answers = JoinSet::new();
    for part in 0..4 {
        for key in ["a", "b", "c", "d"] {
            start(&mut answers, &batching, key, part, 2).await;
        }
    }
    settle().await;
    all_stored(answers).await;
    assert_eq!(memory.most_at_once(), 3);
    let lines = memory.lines();
    for key in ["a", "b", "c", "d"] {
        let expect: Vec<Vec<u8>> = (0..8).map(|index| event(key, index)).collect();
        let own: Vec<Vec<u8>> =
            lines.iter().filter(|line| expect.contains(line)).cloned().collect();
        assert_eq!(own, expect, "object {key}");
    }
}

#[tokio::test(start_paused = true)]
async fn held_up_object_does_not_hold_up_others() {
    let (memory, batching) = over(LIMITS, 2);
    let mut answers = JoinSet::new();
    memory.hold();
    start(&mut answers, &batching, "a", 0, 1).await;
    start(&mut answers, &batching, "a", 1, 1).await;
    start(&mut answers, &batching, "b", 0, 1).await;
    memory.begun(2).await;
    assert_eq!(memory.attempts(), 2);
    memory.release();
    all_stored(answers).await;
    // Which of the two that were under way ended first is open.
    assert_eq!(memory.lines().get(2), Some(&event("a", 1)));
}

#[tokio::test(start_paused = true)]
async fn batch_of_two_objects_holds_up_what_comes_after_it_of_either() {
    let (memory, batching) = over(LIMITS, 2);
    let mut answers = JoinSet::new();
    memory.hold();
    start(&mut answers, &batching, "a", 0, 1).await;
    let mut both = Batch::of(parcel("a", 1, 1));
    both.append(Batch::of(parcel("b", 0, 1)));
    let sink = Arc::clone(&batching);
    answers.spawn(async move { ("both".to_owned(), sink.write(&both).await) });
    settle().await;
    start(&mut answers, &batching, "b", 1, 1).await;
    assert_eq!(memory.attempts(), 1);
    memory.release();
    all_stored(answers).await;
    let expect = [event("a", 0), event("a", 1), event("b", 0), event("b", 1)];
    assert_eq!(memory.lines(), expect);
}

#[tokio::test(start_paused = true)]
async fn each_caller_gets_the_refusals_of_its_own_events() {
    let (memory, batching) = over(LIMITS, 1);
    memory.refuse(|event| event.ends_with(b":1}"));
    memory.hold();
    let mut answers = JoinSet::new();
    for (key, events) in [("a", 2), ("b", 1), ("c", 3), ("d", 2)] {
        start(&mut answers, &batching, key, 0, events).await;
    }
    memory.release();
    while let Some(answer) = answers.join_next().await {
        let (name, answer) = answer.expect("ended");
        let refused = answer.expect("stored").refused;
        let places: Vec<_> = refused.iter().map(|r| (r.portion, r.line)).collect();
        let expect: &[(usize, usize)] = if name == "b0" { &[] } else { &[(0, 1)] };
        assert_eq!(places, expect, "caller {name}");
    }
    assert_eq!(memory.sizes(), [2, 6]);
}

#[tokio::test(start_paused = true)]
async fn error_reaches_every_caller_of_the_write_and_no_other() {
    for failure in [Failure::Retry(Some(Duration::from_secs(7))), Failure::Pause] {
        let (memory, batching) = over(LIMITS, 1);
        memory.hold();
        memory.fail_next(1, Failure::Retry(None));
        let mut answers = JoinSet::new();
        start(&mut answers, &batching, "first", 0, 1).await;
        memory.fail_next(1, failure);
        start(&mut answers, &batching, "second", 0, 1).await;
        start(&mut answers, &batching, "third", 0, 1).await;
        memory.release();
        while let Some(answer) = answers.join_next().await {
            let (name, answer) = answer.expect("ended");
            let same = match (&answer, failure) {
                (Err(WriteError::Retry { after: None, .. }), _) => name == "first0",
                (Err(WriteError::Retry { after, .. }), Failure::Retry(told)) => *after == told,
                (Err(WriteError::Pause { .. }), Failure::Pause) => true,
                _ => false,
            };
            assert!(same, "{name}: {answer:?}");
            let reason = crate::reason::reason_of(&answer.expect_err("failed"));
            assert!(reason.ends_with("failed as it was told"), "{reason}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn batches_too_large_together_are_written_apart() {
    let (memory, batching) = over(LIMITS, 1);
    memory.split_above(3);
    memory.hold();
    let mut answers = JoinSet::new();
    for (key, events) in [("a", 1), ("b", 2), ("c", 3), ("d", 4)] {
        start(&mut answers, &batching, key, 0, events).await;
    }
    memory.release();
    while let Some(answer) = answers.join_next().await {
        let (name, answer) = answer.expect("ended");
        let split = matches!(answer, Err(WriteError::Split { .. }));
        assert_eq!(split, name == "d0", "{name}: {answer:?}");
    }
    assert_eq!(memory.sizes(), [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn caller_that_goes_away_does_not_disturb_the_others() {
    let (memory, batching) = over(LIMITS, 1);
    memory.hold();
    let mut answers = JoinSet::new();
    let mut leaving = JoinSet::new();
    start(&mut leaving, &batching, "under-way", 0, 1).await;
    start(&mut answers, &batching, "a", 0, 1).await;
    start(&mut leaving, &batching, "waiting", 0, 1).await;
    start(&mut answers, &batching, "b", 0, 1).await;
    leaving.shutdown().await;
    memory.release();
    all_stored(answers).await;
    let lines = memory.lines();
    assert_eq!(lines, [event("under-way", 0), event("a", 0), event("b", 0)]);
}

#[tokio::test(start_paused = true)]
async fn close_flushes_what_waits_without_linger_and_closes_the_sink() {
    let linger = Duration::from_secs(3_600);
    let (memory, batching) = over(BatchLimits { linger, ..LIMITS }, 1);
    let begun = Instant::now();
    let mut answers = JoinSet::new();
    start(&mut answers, &batching, "a", 0, 1).await;
    start(&mut answers, &batching, "b", 0, 1).await;
    batching.close().await.expect("closed");
    assert!(memory.is_closed());
    assert_eq!(memory.sizes(), [2]);
    all_stored(answers).await;
    assert!(begun.elapsed() < Duration::from_secs(1));
    let late = batching.write(&Batch::of(parcel("late", 0, 1))).await;
    assert!(matches!(late, Err(WriteError::Retry { .. })), "{late:?}");
}

/// Panics at its first write.
#[derive(Debug)]
struct Fragile(Mutex<bool>, MemorySink);

#[async_trait::async_trait]
impl Sink for Fragile {
    fn limits(&self) -> BatchLimits {
        LIMITS
    }
    async fn write(&self, batch: &Batch) -> Result<Written, WriteError> {
        let first = std::mem::take(&mut *self.0.lock().expect("no one panics in here"));
        assert!(!first, "as it was told");
        self.1.write(batch).await
    }
    async fn probe(&self) -> Result<(), WriteError> {
        self.1.probe().await
    }
    async fn close(&self) -> Result<(), WriteError> {
        self.1.close().await
    }
}

#[tokio::test(start_paused = true)]
async fn panic_of_the_sink_is_a_retry_and_the_next_write_goes_on() {
    let fragile = Arc::new(Fragile(Mutex::new(true), MemorySink::new()));
    let inner = Arc::clone(&fragile) as Arc<dyn Sink>;
    let batching = Batching::new(inner, NonZeroUsize::MIN);
    let batch = Batch::of(parcel("a", 0, 1));
    let answer = batching.write(&batch).await;
    assert!(matches!(answer, Err(WriteError::Retry { .. })), "{answer:?}");
    assert_eq!(batching.write(&batch).await.expect("stored"), Written::default());
}

#[tokio::test(start_paused = true)]
async fn end_of_the_task_is_a_retry_for_every_caller() {
    let (memory, batching) = over(LIMITS, 1);
    memory.hold();
    let mut answers = JoinSet::new();
    start(&mut answers, &batching, "under-way", 0, 1).await;
    start(&mut answers, &batching, "waiting", 0, 1).await;
    batching.merger.lock().expect("merger").abort_all();
    settle().await;
    start(&mut answers, &batching, "late", 0, 1).await;
    while let Some(answer) = answers.join_next().await {
        let (name, answer) = answer.expect("ended");
        assert!(matches!(answer, Err(WriteError::Retry { .. })), "{name}: {answer:?}");
    }
}
