//! The daemon as its users have it, against a server that speaks S3, SQS, SNS and `EventBridge`:
//! what is put into a bucket comes out of the sinks, whatever happens in between.
//!
//! Each test has a world of its own, so that they run at the same time. In reading order:
//! [`delivery`] is the good case; [`dispositions`], [`corrupt`], [`names`] and [`versions`] are what
//! becomes of a message; [`killed`], [`stopping`], [`holding`] and [`memory`] are the guarantees;
//! [`sinks`], [`faults`], [`health`] and [`commands`] are what an operator meets; [`conformance`] is
//! the adapters alone, [`schemas`] what normalized events are held against, and [`workspace`] the
//! shape of the code. The rest serves these: `log_files`
//! and `lines` say what is expected, `messages` speaks to queues, `program` starts the executable.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "e2e/commands.rs"]
mod commands;
#[path = "e2e/conformance.rs"]
mod conformance;
#[path = "e2e/corrupt.rs"]
mod corrupt;
#[path = "e2e/delivery.rs"]
mod delivery;
#[path = "e2e/dispositions.rs"]
mod dispositions;
#[path = "e2e/faults.rs"]
mod faults;
#[path = "e2e/health.rs"]
mod health;
#[path = "e2e/holding.rs"]
mod holding;
#[path = "e2e/killed.rs"]
mod killed;
#[path = "e2e/lines.rs"]
mod lines;
#[path = "e2e/log_files.rs"]
mod log_files;
#[path = "e2e/memory.rs"]
mod memory;
#[path = "e2e/messages.rs"]
mod messages;
#[path = "e2e/names.rs"]
mod names;
#[path = "e2e/program.rs"]
mod program;
#[path = "e2e/schemas.rs"]
mod schemas;
#[path = "e2e/sinks.rs"]
mod sinks;
#[path = "e2e/stopping.rs"]
mod stopping;
#[path = "e2e/versions.rs"]
mod versions;
#[path = "e2e/workspace.rs"]
mod workspace;

/// The executable under test: the daemon, built with the tests.
const TRAILD: &str = env!("CARGO_BIN_EXE_demo");
