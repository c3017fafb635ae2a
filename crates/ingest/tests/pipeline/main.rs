//! The pipeline on the fakes: each law of what happens to a message, under a paused clock.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod accounting;
mod broken_reads;
mod corpora;
mod corrupt;
mod deleting;
mod holding;
mod messages;
mod schedule;
mod selecting;
mod sinks;
mod stopping;
mod world;
