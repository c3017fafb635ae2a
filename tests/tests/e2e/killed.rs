//! `kill -9` at any moment loses nothing.

use crate::messages::wait_for;
use crate::{TRAILD, lines, log_files};
use std::time::Duration;
use traild_tests::harness::{Daemon, LocalStack, Trail, Wiring};

const OBJECTS: usize = 500;
const RECORDS: usize = 20;
const PATIENCE: Duration = Duration::from_secs(60);
/// So that what the dead daemon held comes again soon.
const VISIBILITY: Duration = Duration::from_secs(3);

#[tokio::test]
async fn daemon_killed_in_the_middle_and_started_again_delivers_everything() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let files = log_files::generated(OBJECTS, RECORDS);
    let expected = lines::of_files(&files)?;
    trail.put_all(files.into_iter().map(|file| (file.key, file.bytes)), 8).await?;
    wait_for(&trail, OBJECTS).await?;
    let directory = tempfile::tempdir()?;
    let daemon =
        || Daemon::builder(TRAILD, &trail).directory(directory.path()).visibility(VISIBILITY);

    let mut first = daemon().config_toml("[limits]\nobjects_at_once = 8").spawn()?;
    first.wait_counted("traild_objects_total", &[], 100, PATIENCE).await?;
    first.kill()?;
    let before = first.output_lines()?;
    assert!(before.len() < expected.len(), "it was too fast to be killed in the middle");
    assert!(trail.queue_depth().await?.total() > 0);

    let mut second = daemon().until_idle(Duration::from_secs(1)).spawn()?;
    assert_eq!(second.wait_exit(PATIENCE).await?, 0);
    let after = second.output_lines()?;
    assert!(before.len() >= 100 * RECORDS, "{} lines", before.len());
    lines::assert_all_there(&expected, &after);
    assert_eq!(trail.queue_depth().await?.total(), 0);
    assert_eq!(trail.dead_letters().await?, []);
    Ok(())
}
