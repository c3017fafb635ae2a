//! The daemon at work on the trail, until its queue is empty.

use super::display::Step;
use super::world::Upload;
use crate::harness::progress::watch;
use crate::harness::{Daemon, Metrics, Trail};
use anyhow::{Context as _, bail};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The queue counts as empty after so long.
const IDLE: Duration = Duration::from_secs(3);
/// Far beyond what it takes.
const PATIENCE: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(50);

/// The daemon of the demo.
#[derive(Debug)]
pub(super) struct Traild {
    pub(super) executable: PathBuf,
    pub(super) directory: PathBuf,
}

/// How it went.
#[derive(Debug)]
pub(super) struct Ingested {
    /// The lines of the output.
    pub(super) lines: Vec<String>,
    /// From the start of the daemon to the last event it delivered.
    pub(super) took: Duration,
}

impl Traild {
    /// The daemon that this executable is too, living in `directory`.
    pub(super) fn living_in(directory: &Path) -> anyhow::Result<Self> {
        // Linux's name for this executable holds though a build puts another in its place.
        let own = Path::new("/proc/self/exe");
        let executable = match own.exists() {
            true => own.to_owned(),
            false => std::env::current_exe().context("could not find this executable")?,
        };
        Ok(Self { executable, directory: directory.to_owned() })
    }

    /// Reads all that is in the queue.
    pub(super) async fn ingest(&self, trail: &Trail, upload: &Upload) -> anyhow::Result<Ingested> {
        let what = "traild: reading events";
        let step = Step::counted(what, upload.records.len());
        let daemon = Daemon::builder(&self.executable, trail).directory(&self.directory);
        let mut daemon = daemon.until_idle(IDLE).spawn()?;
        let took = watch(&step, what, follow(&mut daemon, &step)).await?;
        let lines = daemon.output_lines()?;
        let events = lines.len();
        step.done(&format!("traild wrote {events} events, and ended when its queue was empty"));
        Ok(Ingested { lines, took })
    }

    /// Starts it anew, to stay.
    pub(super) async fn stay(&self, trail: &Trail) -> anyhow::Result<Daemon> {
        let daemon = Daemon::builder(&self.executable, trail).directory(&self.directory);
        let mut daemon = daemon.spawn()?;
        daemon.wait_ready().await?;
        Ok(daemon)
    }
}

/// Watches the daemon until it ends, and answers when it delivered the last event.
async fn follow(daemon: &mut Daemon, step: &Step) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let (mut delivered, mut took) = (0, Duration::ZERO);
    loop {
        match daemon.exit_code()? {
            None => {}
            Some(0) => return Ok(took),
            Some(code) => bail!("traild failed with exit code {code}; {}", daemon.log_tail()),
        }
        // The admin server is not there yet at the start, and not any more at the end.
        if let Ok(metrics) = daemon.metrics().await
            && delivered_of(&metrics) > delivered
        {
            (delivered, took) = (delivered_of(&metrics), started.elapsed());
            step.reached(delivered);
        }
        if started.elapsed() > PATIENCE {
            bail!("traild does not come to an end; {}", daemon.log_tail());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// The events that are durable.
pub(super) fn delivered_of(metrics: &Metrics) -> u64 {
    metrics.count("traild_events_total", &[("outcome", "delivered")])
}
