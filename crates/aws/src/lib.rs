//! The edge to AWS: the SQS queue and the S3 store behind the ports of `trail-ingest`. What comes
//! in is the SDK's own configuration chain; what goes out are messages, bytes, and errors that say
//! what can be done. This crate decides nothing and retries nothing: its callers hold the message.
//!
//! In reading order: [`connection`] is how to reach AWS, [`queue`] and [`store`] are the adapters,
//! `single_use` keeps connections small, [`inspection`] looks at both for `traild check` and at start,
//! `fault` sorts errors.
#![forbid(unsafe_code)]

pub mod connection;
mod fault;
pub mod inspection;
pub mod queue;
mod single_use;
pub mod store;

pub use connection::{Connection, ConnectionError};
pub use inspection::{Inspection, QueueAttributes};
pub use queue::SqsQueue;
pub use store::S3Store;
