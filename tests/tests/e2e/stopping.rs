//! A stop is clean: what was begun is finished or given back, and nothing is there twice that need not be.

use crate::log_files::{self, LogFile, key, log_of, records};
use crate::messages::{wait_for, waiting_keys};
use crate::program::Piped;
use crate::{TRAILD, lines};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tokio::io::AsyncReadExt as _;
use traild_tests::harness::daemon::Signal;
use traild_tests::harness::{Daemon, LocalStack, Trail, Wiring};

/// Objects of a daemon whose sink does not answer.
const STUCK: usize = 10;
const OBJECTS: usize = 500;
const RECORDS: usize = 20;
const PATIENCE: Duration = Duration::from_secs(60);
const GRACE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn sigterm_in_the_middle_repeats_only_what_was_given_back() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let files = log_files::generated(OBJECTS, RECORDS);
    let puts = files.iter().map(|file| (file.key.clone(), file.bytes.clone()));
    trail.put_all(puts, 8).await?;
    wait_for(&trail, OBJECTS).await?;
    let directory = tempfile::tempdir()?;
    let daemon = || Daemon::builder(TRAILD, &trail).directory(directory.path());

    let few =
        format!("limits.objects_at_once = 8\nshutdown.grace_period = \"{}s\"", GRACE.as_secs());
    let mut first = daemon().config_toml(few).spawn()?;
    first.wait_counted("traild_objects_total", &[], 100, PATIENCE).await?;
    let stopped = Instant::now();
    first.signal(Signal::Terminate)?;
    let code = first.wait_exit(GRACE + Duration::from_secs(5)).await?;
    assert!([0, 3].contains(&code), "{code}; {}", first.log_tail());
    // Nothing stays hidden until its timeout, which is minutes away.
    let depth = trail.queue_depth().await?;
    assert_eq!(depth.in_flight, 0, "after {:?}: {depth:?}", stopped.elapsed());
    assert!(depth.visible > 0, "it was too fast to be stopped in the middle");
    let waiting = waiting_keys(&trail).await?;
    let before = first.output_lines()?;
    assert_done_once(&files, &waiting, &before)?;

    let mut second = daemon().until_idle(Duration::from_secs(1)).spawn()?;
    assert_eq!(second.wait_exit(PATIENCE).await?, 0);
    let after = second.output_lines()?;
    lines::assert_all_there(&lines::of_files(&files)?, &after);
    assert_done_once(&files, &waiting, &after)?;
    assert_eq!(trail.dead_letters().await?, []);
    Ok(())
}

/// What does not wait in the queue is in the output, each line once.
fn assert_done_once(
    files: &[LogFile],
    waiting: &BTreeSet<String>,
    output: &[String],
) -> anyhow::Result<()> {
    let counts = lines::counted(output);
    for file in files.iter().filter(|file| !waiting.contains(&file.key)) {
        for line in lines::of_log(&file.bytes)? {
            let count = counts.get(line.as_str()).copied().unwrap_or_default();
            assert_eq!(count, 1, "{} is done, and has {count} x {line:.120}", file.key);
        }
    }
    Ok(())
}

#[tokio::test]
async fn messages_whose_sink_does_not_answer_are_given_back_at_the_deadline() -> anyhow::Result<()>
{
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    // Longer than a receive waits: what is given back while one is open, it may take again.
    let mut daemon = stuck(&trail, "shutdown.grace_period = \"3s\"").await?;
    daemon.terminate()?;
    let stopped = Instant::now();
    let code = daemon.wait_exit(Duration::from_secs(15)).await?;
    let took = stopped.elapsed();
    assert_eq!(code, Some(3), "{}", daemon.log());
    assert!(took >= Duration::from_secs(2), "ended after {took:?}, before its grace period");
    let depth = trail.queue_depth().await?;
    assert_eq!((depth.visible, depth.in_flight), (STUCK, 0), "{}", daemon.log());
    Ok(())
}

#[tokio::test]
async fn second_sigterm_ends_it_at_once() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let mut daemon = stuck(&trail, "shutdown.grace_period = \"1m\"").await?;
    daemon.terminate()?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(daemon.exit_code()?, None, "it is within its grace period");
    daemon.terminate()?;
    let code = daemon.wait_exit(Duration::from_secs(3)).await?;
    assert_eq!(code, Some(3));
    assert!(daemon.log().contains("second signal"), "{}", daemon.log());
    let mut rest = Vec::new();
    daemon.output().read_to_end(&mut rest).await?;
    assert!(!rest.is_empty());
    Ok(())
}

/// A daemon that has more to write than the pipe it writes to holds.
async fn stuck(trail: &Trail, config: &str) -> anyhow::Result<Piped> {
    for number in 0..STUCK {
        let name = format!("stuck-{number}");
        trail.put(&key(&name), log_of(&records(&name, 1_000))).await?;
    }
    wait_for(trail, STUCK).await?;
    let daemon = Piped::start(trail, config)?;
    daemon.wait_counted("traild_messages_received_total", STUCK as u64).await?;
    daemon.wait_counted("traild_object_bytes_total", 1).await?;
    Ok(daemon)
}
