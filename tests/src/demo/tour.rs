//! The story, from nothing to a summary.

use super::display::{Step, relative, say};
use super::ingestion::Traild;
use super::keep;
use super::options::Options;
use super::summary::Summary;
use super::verdict::Verdict;
use super::world::{self, Upload};
use crate::harness::target;
use anyhow::Context as _;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;

/// Shows it all.
pub(super) async fn tour(options: Options) -> anyhow::Result<()> {
    let (directory, _lock) = fresh_directory()?;
    let traild = Traild::living_in(&directory)?;
    let upload = Upload::prepare()?;

    let localstack = world::start_localstack().await?;
    let trail = world::make_trail(&localstack).await?;
    upload.put(&trail).await?;
    let ingested = traild.ingest(&trail, &upload).await?;

    let verdict = Verdict::of(&upload, &ingested.lines, &trail).await?;
    let place = relative(&directory);
    let (arrival, dead_letter) = verdict.accept().with_context(|| {
        format!("not all is as it should be (the daemon's log: {place}/traild.log)")
    })?;
    let summary = Summary { upload, ingested, arrival, dead_letter, place };
    say(&mut io::stdout(), &summary.to_string());

    if options.keep {
        keep::keep(&traild, &trail, &summary.upload).await?;
    }
    let _stopping = Step::begin("LocalStack: stopping");
    drop(localstack);
    Ok(())
}

/// An empty `target/demo`, and the lock that makes it ours.
fn fresh_directory() -> anyhow::Result<(PathBuf, File)> {
    let directory = target().join("demo");
    fs::create_dir_all(target())?;
    let lock = File::create(target().join("demo.lock"))?;
    lock.try_lock()
        .context("another demo is running, and its output is in target/demo: end it first")?;
    if directory.exists() {
        fs::remove_dir_all(&directory)
            .with_context(|| format!("could not clear {}", directory.display()))?;
    }
    fs::create_dir(&directory)
        .with_context(|| format!("could not create {}", directory.display()))?;
    Ok((directory, lock))
}
