//! The pipeline in a world that one seed decides: replicas are stopped and killed, every port fails
//! in every way it may, and the laws hold all the same. A run has one thread that counts and virtual
//! time, so a seed replays exactly.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod chance;
mod many;
mod objects;
mod plan;
mod queue;
mod replica;
mod run;
mod shelf;
mod sinks;
mod store;
mod world;

#[test]
fn laws_hold_for_2000_seeds_and_seeds_replay_exactly() {
    let failed = many::run_all(0..2_000, 10);
    let reports: Vec<_> = failed.iter().map(run::Outcome::report).collect();
    assert!(failed.is_empty(), "{} seeds failed\n{}", failed.len(), reports.join("\n"));
}
