//! What the pipeline counts.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Counters and gauges of the pipeline. Clones share their values.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the help text that is exported with each says what it is")]
pub struct Metrics {
    pub received: Counter,
    pub deleted: Counter,
    pub delete_retries: Counter,
    pub deletes_lost: Counter,
    pub dead_lettered: Family<Reason, Counter>,
    pub ignored: Family<Reason, Counter>,
    pub released: Family<Reason, Counter>,
    pub held: Gauge,
    pub holds_lost: Counter,
    pub in_flight: Gauge,
    /// Objects that may be read at the same time now.
    pub objects_at_once: Gauge,
    pub objects: Counter,
    pub object_bytes: Counter,
    pub decompressed_bytes: Counter,
    pub records: Counter,
    pub events: Family<Outcome, Counter>,
    pub selected_events: Family<Chooser, Counter>,
    pub excluded_events: Family<Chooser, Counter>,
    pub read_retries: Counter,
    pub panics: Counter,
    pub queue_errors: Counter,
}

/// Why something was counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Reason {
    /// A word of a fixed set.
    pub reason: &'static str,
}

/// What became of events at a sink.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Outcome {
    /// The sink's name in the configuration.
    pub sink: String,
    /// `delivered`, `filtered` or `quarantined`.
    pub outcome: &'static str,
}

/// Which of a sink's selectors chose events.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Chooser {
    /// The sink's name in the configuration.
    pub sink: String,
    /// The entry of its list: the name of a ready set, or the expression as it was written.
    pub selector: String,
}

impl Metrics {
    /// Metrics that are exported by `registry`, with names that start with `traild_`.
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        let registry = registry.sub_registry_with_prefix("traild");
        metrics.register_messages(registry);
        metrics.register_objects(registry);
        metrics
    }

    fn register_messages(&self, registry: &mut Registry) {
        let m = self.clone();
        registry.register("messages_received", "Messages received", m.received);
        registry.register("messages_deleted", "Messages deleted, their work done", m.deleted);
        registry.register(
            "delete_retries",
            "Deletes that failed and were tried again",
            m.delete_retries,
        );
        let help = "Messages done whose receipt was no longer valid: they may come again";
        registry.register("deletes_lost", help, m.deletes_lost);
        let help = "Messages put into the dead-letter queue by traild, by reason";
        registry.register("messages_dead_lettered", help, m.dead_lettered);
        let help = "What messages named and needed no work, by reason";
        registry.register("ignored", help, m.ignored);
        let help = "Messages given back to be received again, by reason";
        registry.register("messages_released", help, m.released);
        registry.register("messages_held", "Messages kept hidden now", m.held);
        let help =
            "Messages that became visible while they were worked on: they may be delivered twice";
        registry.register("holds_lost", help, m.holds_lost);
        registry.register("messages_in_flight", "Messages being worked on now", m.in_flight);
        registry.register(
            "objects_at_once",
            "Objects that may be read at the same time now",
            m.objects_at_once,
        );
        registry.register("queue_errors", "Receives that failed", m.queue_errors);
        registry.register("panics", "Tasks that panicked; their message was released", m.panics);
    }

    fn register_objects(&self, registry: &mut Registry) {
        let m = self.clone();
        registry.register("objects", "Objects whose events are all accounted for", m.objects);
        registry.register("object_bytes", "Bytes read from the store, as stored", m.object_bytes);
        let help = "Bytes of the objects after decompression";
        registry.register("decompressed_bytes", help, m.decompressed_bytes);
        registry.register("records", "Records read from objects", m.records);
        registry.register("events", "Events by sink and what became of them", m.events);
        let help = "Events a sink wants, by the first entry of its select list that chose them";
        registry.register("selected_events", help, m.selected_events);
        let help =
            "Events kept from a sink, by the first entry of its exclude list that chose them";
        registry.register("excluded_events", help, m.excluded_events);
        let help = "Attempts to read an object that failed and were repeated";
        registry.register("object_read_retries", help, m.read_retries);
    }
}
