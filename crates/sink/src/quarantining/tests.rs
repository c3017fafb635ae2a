use super::*;
use crate::conformance::parcel;
use crate::memory::{Failure, MemoryQuarantine, MemorySink};

fn refusing_one() -> (Arc<MemorySink>, Arc<MemoryQuarantine>, Quarantining) {
    let memory = Arc::new(MemorySink::new());
    memory.refuse(|event| event.ends_with(b":2}"));
    let quarantine = Arc::new(MemoryQuarantine::default());
    let (inner, aside) = (Arc::clone(&memory), Arc::clone(&quarantine));
    (memory, quarantine, Quarantining::new("lake", inner, aside))
}

#[tokio::test]
async fn refused_event_is_set_aside_with_its_origin_and_still_listed() {
    let (memory, quarantine, sink) = refusing_one();
    let written = sink.write(&Batch::of(parcel("a", 0, 4))).await.expect("stored");
    assert_eq!(written.refused.len(), 1);
    assert_eq!(memory.lines().len(), 3);
    let expect = r#"{"reason":"refused as it was told","sink":"lake","bucket":"trail-bucket","key":"a","index":2,"event":{"object":"a","index":2}}"#;
    assert_eq!(quarantine.lines(), [expect]);
}

#[tokio::test]
async fn batch_is_not_stored_until_its_refused_events_are_set_aside() {
    let (_memory, quarantine, sink) = refusing_one();
    quarantine.fail_next(1, Failure::Pause);
    let batch = Batch::of(parcel("a", 0, 4));
    let answer = sink.write(&batch).await;
    assert!(matches!(answer, Err(WriteError::Pause { .. })), "{answer:?}");
    assert_eq!(sink.write(&batch).await.expect("stored").refused.len(), 1);
    assert_eq!(quarantine.lines().len(), 1);
}

/// A sink that refuses what it was never given.
#[derive(Debug)]
struct Confused(Refusal);

#[async_trait::async_trait]
impl Sink for Confused {
    fn limits(&self) -> BatchLimits {
        MemorySink::new().limits()
    }
    async fn write(&self, _batch: &Batch) -> Result<Written, WriteError> {
        Ok(Written { refused: vec![self.0.clone()] })
    }
    async fn probe(&self) -> Result<(), WriteError> {
        Ok(())
    }
    async fn close(&self) -> Result<(), WriteError> {
        Ok(())
    }
}

#[tokio::test]
async fn refusal_of_an_event_that_is_not_there_is_an_error() {
    for (portion, line) in [(1, 0), (0, 2), (0, 4), (usize::MAX, 0)] {
        let reason = "confused".to_owned();
        let inner = Arc::new(Confused(Refusal { portion, line, reason }));
        let sink = Quarantining::new("lake", inner, Arc::new(MemoryQuarantine::default()));
        let (half, _) = Batch::of(parcel("a", 0, 4)).halves().expect("four events");
        let answer = sink.write(&half).await;
        assert!(matches!(answer, Err(WriteError::Retry { .. })), "{answer:?}");
    }
}
