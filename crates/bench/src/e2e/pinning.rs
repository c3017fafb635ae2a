//! Cores for daemons alone.

use std::num::NonZeroUsize;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context as _, ensure};

/// This process, S3 and SQS with it, stays off the first cores until this is dropped.
#[derive(Debug)]
pub(super) struct Pinning {
    cores: usize,
}

impl Pinning {
    /// Leaves the first two cores to daemons: with one daemon the rest of the world has as many
    /// cores as with two.
    ///
    /// # Errors
    /// If the machine cannot.
    pub(super) fn leave_free() -> anyhow::Result<Self> {
        let cores = cores();
        confine(&format!("2-{}", cores.saturating_sub(1)))?;
        Ok(Self { cores })
    }

    /// What comes before a command so that it has these cores only.
    pub(super) fn wrapper(cores: &str) -> Vec<String> {
        vec!["taskset".to_owned(), "-c".to_owned(), cores.to_owned()]
    }
}

impl Drop for Pinning {
    fn drop(&mut self) {
        // It went the other way: it goes back.
        drop(confine(&format!("0-{}", self.cores.saturating_sub(1))));
    }
}

/// Cores that this process may use.
pub(super) fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

fn confine(cores: &str) -> anyhow::Result<()> {
    let id = std::process::id().to_string();
    let mut command = Command::new("taskset");
    command.args(["-a", "-c", "-p", cores, id.as_str()]).stdout(Stdio::null());
    let status = command.status().context("could not run taskset")?;
    ensure!(status.success(), "taskset could not move this process to the cores {cores}");
    Ok(())
}
