//! What the end-to-end tests and the demo share: a real AWS-like server, a trail in it, and the
//! daemon as a process of its own. Nothing here knows how the daemon works inside: it is started,
//! signalled, asked over HTTP, and judged by what it leaves in queues and files.
//!
//! In reading order: [`sample_trail`] is what is put into the bucket, [`harness`] the world around
//! the daemon, [`demo`] the tour of it that `cargo demo` gives.
#![forbid(unsafe_code)]

pub mod demo;
pub mod harness;
pub mod sample_trail;
