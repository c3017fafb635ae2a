//! Real files of CloudTrail, through the whole pipeline.
#![expect(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test says why it is skipped, and finds the corpora by the environment"
)]

use crate::world::{World, record};
use std::ops::ControlFlow;
use std::path::PathBuf;
use trail_logfile::Limits;

fn corpora() -> PathBuf {
    let beside = || concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora").into();
    std::env::var_os("TRAILD_CORPORA").map_or_else(beside, PathBuf::from)
}

#[tokio::test(start_paused = true)]
async fn every_record_of_the_corpora_is_delivered_once() {
    let folder = corpora().join("trail");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: no corpora at {}", folder.display());
        return;
    };
    let mut world = World::new();
    let mut expected = Vec::new();
    for (number, entry) in entries.enumerate() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let each = |record: trail_logfile::Record<'_>| {
            expected.push(record.json.replace(['\r', '\n'], ""));
            ControlFlow::Continue(())
        };
        let summary = trail_logfile::read(&bytes, &Limits::default(), each).unwrap();
        assert!(!summary.stopped);
        let object = world.put_bytes(&format!("file-{number}"), bytes);
        world.send(&[&object]);
    }
    world.deliver("ours", 1);
    expected.push(record("ours", 0));
    world.run_to_the_end().await;
    assert!(world.queue.dead_letters().is_empty());
    let mut lines = world.lines(0);
    lines.sort();
    expected.sort();
    assert!(lines == expected, "{} of {} records", lines.len(), expected.len());
}
