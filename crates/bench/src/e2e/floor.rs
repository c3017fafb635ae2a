//! What the machine allows: the same work without a daemon, on one core.

use std::fs;
use std::hint::black_box;
use std::io::{self, Read as _};
use std::ops::ControlFlow;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde::Serialize;
use tempfile::TempDir;
use trail_logfile::{Limits, inflate_whole, split_runs};

use super::figures::median;
use super::options::Options;
use super::strace::is_installed;
use super::usage::cpu_of_thread;
use crate::LogFile;

/// As much as a decoder hands out at once.
const WINDOW: usize = 256 << 10;
const ROUNDS: usize = 7;

/// Decompressed megabytes a second of CPU time that it takes to read a file of 16,000 events. What was
/// not measured is `None`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Floor {
    /// Inflated in one shot.
    pub one_shot_mb_per_s: Option<f64>,
    /// And split into records.
    pub split_mb_per_s: Option<f64>,
    /// Inflated as a stream.
    pub streaming_mb_per_s: Option<f64>,
    /// `zcat FILE | jq -c '.Records[]'`, two processes, by the clock on the wall. `None`: one of
    /// them is not installed.
    pub jq_mb_per_s: Option<f64>,
}

impl Floor {
    /// Measures all of it.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn measure(options: &Options) -> anyhow::Result<Self> {
        let file = LogFile::of(if options.quick { 2_000 } else { 16_000 })?;
        let LogFile { object, size, events } = &file;
        let split = of_size(*size, || {
            let json = inflate_whole(object, *size).context("not one gzip member")?;
            let summary = split_runs(&json, &Limits::default(), |run| {
                black_box(run);
                ControlFlow::Continue(())
            })?;
            ensure!(summary.records == *events as u64, "{} records", summary.records);
            Ok(())
        });
        Ok(Self {
            one_shot_mb_per_s: Some(one_shot(object, *size)?),
            split_mb_per_s: Some(split?),
            streaming_mb_per_s: Some(streaming(object, *size)?),
            jq_mb_per_s: jq(&file)?,
        })
    }
}

/// Inflation in one shot, in decompressed megabytes a second of CPU time.
///
/// # Errors
/// If `object` does not inflate to `size` bytes.
pub(super) fn one_shot(object: &[u8], size: usize) -> anyhow::Result<f64> {
    of_size(size, || {
        black_box(inflate_whole(object, size).context("not one gzip member")?);
        Ok(())
    })
}

/// Inflation through a window, in decompressed megabytes a second of CPU time.
///
/// # Errors
/// If `object` does not inflate to `size` bytes.
#[expect(clippy::disallowed_types, reason = "the yardstick is the library alone")]
pub(super) fn streaming(object: &[u8], size: usize) -> anyhow::Result<f64> {
    let mut window = vec![0; WINDOW];
    of_size(size, || {
        let mut decoder = flate2::read::MultiGzDecoder::new(object);
        let mut inflated = 0;
        loop {
            let count = decoder.read(&mut window)?;
            black_box(&window);
            inflated += count;
            if count == 0 {
                break;
            }
        }
        ensure!(inflated == size, "inflated to {inflated} bytes instead of {size}");
        Ok(())
    })
}

/// The median of a few rounds, by the CPU time of this thread, as the daemon's is CPU time too; one
/// round is enough of what takes long.
fn of_size(size: usize, mut work: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let mut speeds = Vec::new();
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        let started = cpu_of_thread()?;
        work()?;
        let spent = cpu_of_thread()?.saturating_sub(started);
        speeds.push(size as f64 / 1e6 / spent.as_secs_f64());
        if begun.elapsed() > Duration::from_secs(1) {
            break;
        }
    }
    Ok(median(speeds))
}

/// The tool that everybody has.
fn jq(file: &LogFile) -> anyhow::Result<Option<f64>> {
    if !is_installed("jq") || !is_installed("zcat") {
        return Ok(None);
    }
    let folder = TempDir::new()?;
    let path = folder.path().join("file.json.gz");
    fs::write(&path, &file.object)?;
    let run = || -> io::Result<bool> {
        let script = "zcat \"$1\" | jq -c '.Records[]' > /dev/null";
        let mut command = Command::new("sh");
        Ok(command.args(["-c", script, "sh"]).arg(&path).status()?.success())
    };
    let started = Instant::now();
    ensure!(run()?, "zcat and jq failed");
    Ok(Some(file.size as f64 / 1e6 / started.elapsed().as_secs_f64()))
}
