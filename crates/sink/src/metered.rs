//! [`Metered`]: what goes into a sink, and how long it takes, as metrics.

use crate::batch::{Batch, BatchLimits};
use crate::contract::{Sink, WriteError, Written};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;
use tokio::time::Instant;

/// The metrics of all sinks, by the sink's name.
#[derive(Clone, Debug)]
pub struct SinkMetrics {
    writes: Family<SinkLabel, Counter>,
    events: Family<SinkLabel, Counter>,
    refused: Family<SinkLabel, Counter>,
    bytes: Family<SinkLabel, Counter>,
    errors: Family<ErrorLabels, Counter>,
    seconds: Family<SinkLabel, Histogram, fn() -> Histogram>,
    events_per_write: Family<SinkLabel, Histogram, fn() -> Histogram>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SinkLabel {
    sink: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ErrorLabels {
    sink: String,
    class: &'static str,
}

impl SinkMetrics {
    /// Makes the metrics and registers them as `traild_sink_*`.
    #[must_use]
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self {
            writes: Family::default(),
            events: Family::default(),
            refused: Family::default(),
            bytes: Family::default(),
            errors: Family::default(),
            // 0.5 ms to 16 s, 1 to 65,536 events.
            seconds: Family::new_with_constructor(|| {
                Histogram::new(exponential_buckets(0.0005, 2.0, 16))
            }),
            events_per_write: Family::new_with_constructor(|| {
                Histogram::new(exponential_buckets(1.0, 4.0, 9))
            }),
        };
        metrics.register_counters(registry);
        registry.register_with_unit(
            "traild_sink_write_duration",
            "Time a write to the sink took, failed ones included",
            Unit::Seconds,
            metrics.seconds.clone(),
        );
        registry.register(
            "traild_sink_write_events",
            "Events in a write to the sink, failed ones included",
            metrics.events_per_write.clone(),
        );
        metrics
    }

    fn register_counters(&self, registry: &mut Registry) {
        registry.register(
            "traild_sink_writes",
            "Writes that the sink has stored",
            self.writes.clone(),
        );
        registry.register(
            "traild_sink_events",
            "Events that the sink has stored",
            self.events.clone(),
        );
        registry.register(
            "traild_sink_refused_events",
            "Events that the sink has refused for good",
            self.refused.clone(),
        );
        registry.register_with_unit(
            "traild_sink_written",
            "Encoded bytes in writes that the sink has stored, before compression",
            Unit::Bytes,
            self.bytes.clone(),
        );
        registry.register(
            "traild_sink_errors",
            "Writes that failed, by what is to be done: retry, split or pause",
            self.errors.clone(),
        );
    }
}

/// Counts and times the writes of its inner sink.
#[derive(Debug)]
pub struct Metered {
    inner: Arc<dyn Sink>,
    writes: Counter,
    events: Counter,
    refused: Counter,
    bytes: Counter,
    errors: Errors,
    seconds: Histogram,
    events_per_write: Histogram,
}

#[derive(Debug)]
struct Errors {
    retry: Counter,
    split: Counter,
    pause: Counter,
}

impl Metered {
    /// Meters `inner` under the name `name`.
    #[must_use]
    pub fn new(name: &str, inner: Arc<dyn Sink>, metrics: &SinkMetrics) -> Self {
        let label = SinkLabel { sink: name.to_owned() };
        let error = |class| {
            let sink = name.to_owned();
            metrics.errors.get_or_create_owned(&ErrorLabels { sink, class })
        };
        Self {
            inner,
            writes: metrics.writes.get_or_create_owned(&label),
            events: metrics.events.get_or_create_owned(&label),
            refused: metrics.refused.get_or_create_owned(&label),
            bytes: metrics.bytes.get_or_create_owned(&label),
            errors: Errors { retry: error("retry"), split: error("split"), pause: error("pause") },
            seconds: metrics.seconds.get_or_create_owned(&label),
            events_per_write: metrics.events_per_write.get_or_create_owned(&label),
        }
    }

    fn count(&self, batch: &Batch, answer: &Result<Written, WriteError>) {
        match answer {
            Ok(written) => {
                let refused = written.refused.len();
                self.writes.inc();
                self.events.inc_by(batch.events().saturating_sub(refused) as u64);
                self.refused.inc_by(refused as u64);
                self.bytes.inc_by(batch.bytes() as u64);
            }
            Err(WriteError::Retry { .. }) => {
                self.errors.retry.inc();
            }
            Err(WriteError::Split { .. }) => {
                self.errors.split.inc();
            }
            Err(WriteError::Pause { .. }) => {
                self.errors.pause.inc();
            }
        }
    }
}

#[async_trait::async_trait]
#[deny(clippy::missing_trait_methods)]
impl Sink for Metered {
    fn limits(&self) -> BatchLimits {
        self.inner.limits()
    }

    async fn write(&self, batch: &Batch) -> Result<Written, WriteError> {
        let begun = Instant::now();
        let answer = self.inner.write(batch).await;
        self.seconds.observe(begun.elapsed().as_secs_f64());
        let events = u32::try_from(batch.events()).unwrap_or(u32::MAX);
        self.events_per_write.observe(f64::from(events));
        self.count(batch, &answer);
        answer
    }

    async fn probe(&self) -> Result<(), WriteError> {
        self.inner.probe().await
    }

    async fn close(&self) -> Result<(), WriteError> {
        self.inner.close().await
    }
}

#[cfg(test)]
mod tests;
