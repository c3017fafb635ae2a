//! Every record of every file comes out once, byte for byte, by whatever way the queue hears of it.

use crate::log_files::{self, LogFile};
use crate::{TRAILD, lines};
use std::time::Duration;
use traild_tests::harness::daemon::Signal;
use traild_tests::harness::{Daemon, LocalStack, Trail, Wiring};

const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn corpora_arrive_byte_for_byte_told_by_s3() -> anyhow::Result<()> {
    corpora_arrive(Wiring::S3).await
}

#[tokio::test]
async fn corpora_arrive_byte_for_byte_told_by_sns() -> anyhow::Result<()> {
    corpora_arrive(Wiring::Sns).await
}

#[tokio::test]
async fn corpora_arrive_byte_for_byte_told_by_sns_without_its_envelope() -> anyhow::Result<()> {
    corpora_arrive(Wiring::SnsRaw).await
}

#[tokio::test]
async fn corpora_arrive_byte_for_byte_told_by_event_bridge() -> anyhow::Result<()> {
    corpora_arrive(Wiring::EventBridge).await
}

#[tokio::test]
async fn sample_arrives_without_its_digests_told_by_s3() -> anyhow::Result<()> {
    sample_arrives(Wiring::S3).await
}

#[tokio::test]
async fn sample_arrives_without_its_digests_told_by_sns() -> anyhow::Result<()> {
    sample_arrives(Wiring::Sns).await
}

#[tokio::test]
async fn sample_arrives_without_its_digests_told_by_sns_without_its_envelope() -> anyhow::Result<()>
{
    sample_arrives(Wiring::SnsRaw).await
}

#[tokio::test]
async fn sample_arrives_without_its_digests_told_by_event_bridge() -> anyhow::Result<()> {
    sample_arrives(Wiring::EventBridge).await
}

async fn corpora_arrive(wiring: Wiring) -> anyhow::Result<()> {
    let Some(files) = log_files::corpora()? else {
        return Ok(());
    };
    assert_eq!(files.len(), 55);
    assert_eq!(arrive(wiring, &files, &[]).await?, 2_900);
    Ok(())
}

async fn sample_arrives(wiring: Wiring) -> anyhow::Result<()> {
    let (logs, digests) = log_files::sample()?;
    assert!(!digests.is_empty());
    assert_eq!(arrive(wiring, &logs, &digests).await?, 3_071);
    Ok(())
}

/// Puts the files under a running daemon, and answers how many lines came out.
async fn arrive(wiring: Wiring, logs: &[LogFile], digests: &[LogFile]) -> anyhow::Result<usize> {
    let trail = Trail::new(LocalStack::shared().await?, wiring).await?;
    let mut daemon = Daemon::builder(TRAILD, &trail).spawn()?;
    daemon.wait_ready().await?;
    let objects = logs.iter().chain(digests).cloned();
    trail.put_all(objects.map(|file| (file.key, file.bytes)), 8).await?;

    let (logs_count, digests_count) = (logs.len() as u64, digests.len() as u64);
    let digest = [("reason", "digest")];
    daemon.wait_counted("traild_objects_total", &[], logs_count, PATIENCE).await?;
    daemon.wait_counted("traild_ignored_total", &digest, digests_count, PATIENCE).await?;
    trail.wait_until_empty(PATIENCE).await?;
    let metrics = daemon.metrics().await?;
    daemon.signal(Signal::Terminate)?;
    assert_eq!(daemon.wait_exit(PATIENCE).await?, 0);

    let found = daemon.output_lines()?;
    lines::assert_same(&lines::of_files(logs)?, &found);
    assert_eq!(metrics.count("traild_objects_total", &[]), logs_count);
    assert_eq!(metrics.count("traild_ignored_total", &digest), digests_count);
    assert_eq!(metrics.count("traild_records_total", &[]), found.len() as u64);
    let delivered = [("outcome", "delivered")];
    assert_eq!(metrics.count("traild_events_total", &delivered), found.len() as u64);
    assert_eq!(trail.dead_letters().await?, []);
    Ok(found.len())
}
