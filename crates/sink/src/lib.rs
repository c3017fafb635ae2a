//! Encoded events go in, as [`Batch`]es of [`Parcel`]s; what comes out is durable in a store
//! outside, or an error that says what to do. This crate never decides the fate of a queue
//! message, and knows nothing of SQS nor of S3 as a source.
//!
//! In reading order: [`parcel`] and [`batch`] are what is stored, [`budget`] bounds the memory they
//! take, [`contract`] is what a sink promises. [`assemble`](assemble()) stacks the decorators every
//! sink runs in, outermost first: [`Quarantining`] (with a [`quarantine`]), [`Batching`],
//! [`Retrying`] (with a [`condition`] for readiness), [`Metered`]. The sinks are [`file`](mod@file)
//! and [`stdout`]; [`memory`] holds fakes, and [`conformance`] is what all of them must pass.
#![forbid(unsafe_code)]

mod assemble;
pub mod batch;
mod batching;
pub mod budget;
pub mod condition;
pub mod conformance;
pub mod contract;
pub mod file;
mod jitter;
pub mod memory;
mod metered;
pub mod parcel;
pub mod quarantine;
mod quarantining;
mod reason;
mod retrying;
pub mod stdout;

pub use assemble::{Assembled, assemble, assemble_with};
pub use batch::{Batch, BatchLimits, Portion};
pub use batching::Batching;
pub use budget::{Budget, Permit};
pub use condition::Condition;
pub use contract::{BoxError, Refusal, Sink, WriteError, Written};
pub use file::{Compression, FileOptions, FileSink, OpenError};
pub use jitter::Jitter;
pub use metered::{Metered, SinkMetrics};
pub use parcel::{Lines, Origin, Parcel, ParcelId};
pub use quarantine::{DirectoryQuarantine, Entry, Quarantine};
pub use quarantining::Quarantining;
pub use retrying::Retrying;
pub use stdout::StdoutSink;
