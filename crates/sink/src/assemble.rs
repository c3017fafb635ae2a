//! The stack that every sink runs in.

use crate::batching::Batching;
use crate::condition::{Condition, Troubles};
use crate::contract::Sink;
use crate::jitter::Jitter;
use crate::metered::{Metered, SinkMetrics};
use crate::quarantine::Quarantine;
use crate::quarantining::Quarantining;
use crate::retrying::Retrying;
use std::num::NonZeroUsize;
use std::sync::Arc;
use tokio::sync::watch;

/// A sink that is ready for the pipeline.
#[derive(Debug)]
pub struct Assembled {
    /// Its name in configuration, logs and metrics.
    pub name: String,
    /// The whole stack. Its `write` fails only when a task of it has panicked.
    pub sink: Arc<dyn Sink>,
    /// Whether the sink and its quarantine accept, as it changes.
    pub condition: watch::Receiver<Condition>,
}

/// Wraps `sink` so that writes are merged, tried again without end, metered, and refused events set
/// aside: `Quarantining(Batching(Retrying(Metered(sink))))`. One write is under way at a time. The
/// quarantine is retried as well, and what keeps it from storing shows in the same condition.
///
/// It starts a task, so it must be called within a tokio runtime.
#[must_use]
pub fn assemble(
    name: &str,
    sink: Arc<dyn Sink>,
    quarantine: Arc<dyn Quarantine>,
    metrics: &SinkMetrics,
) -> Assembled {
    assemble_with(Jitter::default(), name, sink, quarantine, metrics)
}

/// As [`assemble`], with waits that `jitter` decides.
#[must_use]
pub fn assemble_with(
    jitter: Jitter,
    name: &str,
    sink: Arc<dyn Sink>,
    quarantine: Arc<dyn Quarantine>,
    metrics: &SinkMetrics,
) -> Assembled {
    let troubles = Troubles::new(name, jitter);
    let condition = troubles.condition();
    let metered: Arc<dyn Sink> = Arc::new(Metered::new(name, sink, metrics));
    let retrying = Arc::new(Retrying::sharing(Arc::clone(&troubles), metered));
    let batching = Arc::new(Batching::new(retrying, NonZeroUsize::MIN));
    let patient = Arc::new(Retrying::sharing(troubles, quarantine));
    Assembled {
        name: name.to_owned(),
        sink: Arc::new(Quarantining::new(name, batching, patient)),
        condition,
    }
}
