//! What is logged of health. Alone in its process, because whether a line is logged at all is decided
//! for all threads of a process together.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::advance;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use trail_ingest::Health;

const BUCKET: &str = "bucket org-trail";

/// What is logged, as `LEVEL message`.
#[derive(Clone, Debug, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            write!(self.0, " {value:?}").unwrap();
        }
    }
}

impl Lines {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::INFO
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut message = Message(event.metadata().level().to_string());
        event.record(&mut message);
        self.0.lock().unwrap().push(message.0);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Lets a component fail so many times, two seconds apart.
async fn fail(health: &Health, times: u32) {
    for _ in 0..times {
        health.failed("queue", "no answer");
        advance(Duration::from_secs(2)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn fault_and_its_end_are_each_told_once() {
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(lines.clone());
    let health = Health::default();
    fail(&health, 10).await;
    assert_eq!(lines.take(), ["WARN failed, will try again", "ERROR not ready"]);
    health.well("queue");
    health.well("queue");
    assert_eq!(lines.take(), ["INFO works again"]);

    fail(&health, 2).await;
    health.well("queue");
    assert_eq!(lines.take(), ["WARN failed, will try again"], "nothing to recover from");

    health.fault(BUCKET, "access denied");
    health.fault(BUCKET, "access denied");
    advance(Duration::from_secs(20 * 60)).await;
    assert!(health.faults().is_empty() && health.faults().is_empty());
    assert_eq!(lines.take(), ["ERROR not ready", "INFO was not asked for long: it may work again"]);
    health.well(BUCKET);
    assert!(lines.take().is_empty());
}
