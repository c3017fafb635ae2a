//! The contract between the pipeline and a sink.

use crate::batch::{Batch, BatchLimits};
use std::time::Duration;

/// A place that events are forwarded to.
///
/// # Contract
/// `write` answers `Ok` only when every event of the batch, save those it lists as refused, is
/// durable: the source forgets them after that. A refused event is one that this sink can never
/// take (a mapping conflict, too large); it goes to quarantine with the reason. Anything else that
/// goes wrong is a [`WriteError`], and says what to do about it.
///
/// # Duplicates
/// The same batch may come again, whole or cut in another way, after an error, a restart or a
/// redelivery. A sink that can recognise an event by its identity or a parcel by its id stores it
/// once; one that cannot says so in its documentation.
///
/// # Concurrency
/// `write` may be called again before the last call has ended.
///
/// # Ordering
/// Events of one object are to be stored in the order they stand in. Between objects there is none.
///
/// # Cancellation
/// The future may be dropped at any point. The sink must then be usable as before; whether the
/// events were stored is open, and they come again.
///
/// # Errors
/// An error holds for the whole batch. Some of its events may have been stored all the same.
///
/// # Shutdown
/// After `close` has answered `Ok` nothing is left in memory, and files and connections are shut.
/// No `write` comes after `close`.
#[async_trait::async_trait]
pub trait Sink: std::fmt::Debug + Send + Sync + 'static {
    /// How large a batch this sink wants.
    fn limits(&self) -> BatchLimits;

    /// Stores a batch durably.
    async fn write(&self, batch: &Batch) -> Result<Written, WriteError>;

    /// Tries, without storing an event, whether a write would be accepted: permissions, space,
    /// credentials. Used by `traild check` and for readiness at start.
    async fn probe(&self) -> Result<(), WriteError>;

    /// Flushes and shuts.
    async fn close(&self) -> Result<(), WriteError>;
}

/// What became of a batch that was stored.
#[must_use = "refused events must be quarantined or counted"]
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Events this sink can never take; all others are durable.
    pub refused: Vec<Refusal>,
}

/// One event that a sink refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which portion of the batch.
    pub portion: usize,
    /// Which line of that portion's parcel (not of the portion).
    pub line: usize,
    /// Why, without the event's content.
    pub reason: String,
}

/// Why a batch could not be stored, as what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A passing fault: try the same batch again, not before `after` where the sink named a time.
    #[error("the sink could not take the batch for now")]
    Retry {
        /// The least time to wait, if the sink said one.
        after: Option<Duration>,
        /// What happened.
        source: BoxError,
    },
    /// The batch is too large for the sink: write its halves.
    #[error("the batch is too large for the sink")]
    Split {
        /// What happened.
        source: BoxError,
    },
    /// No batch can be stored until a person acts (credentials, permission, configuration, a full
    /// disk): hold everything, say why, and look again from time to time.
    #[error("the sink refuses everything until it is set right")]
    Pause {
        /// What happened.
        source: BoxError,
    },
}

/// Any error.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
