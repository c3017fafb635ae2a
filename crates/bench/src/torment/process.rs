//! What is done to the daemon as a process, and how its end of the files is seen.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};

use super::{POLL, READY, Torment, admin};
use crate::e2e::daemon::Daemon;

impl Torment {
    /// Sends the daemon a signal, by its name without `SIG`.
    ///
    /// # Errors
    /// If no daemon runs.
    pub fn signal(&mut self, name: &str) -> anyhow::Result<()> {
        // The shell's own `kill`: the program is not everywhere.
        let script = format!("kill -{name} {}", self.daemon()?.id());
        let status =
            Command::new("sh").args(["-c", &script]).status().context("could not run sh")?;
        ensure!(status.success(), "could not send SIG{name} to the daemon");
        Ok(())
    }

    /// Kills the daemon as `kill -9` does; it is gone then.
    ///
    /// # Errors
    /// If it does not run.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.signal("KILL")?;
        while self.daemon()?.runs().is_ok() {
            thread::sleep(POLL);
        }
        self.daemon = None;
        Ok(())
    }

    /// Waits until the daemon says that it is ready.
    ///
    /// # Errors
    /// If it ends, or takes too long; with what it says instead.
    pub fn ready(&mut self) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            self.daemon()?.runs()?;
            match self.readiness() {
                Some(Ok(())) => return Ok(()),
                other if begun.elapsed() > READY => {
                    bail!("not ready after {READY:?}: {other:?}: {}", self.log_tail())
                }
                _ => thread::sleep(POLL),
            }
        }
    }

    /// Whether the daemon says that it is ready, or why it is not; `None` while it says nothing.
    #[must_use]
    pub fn readiness(&self) -> Option<Result<(), String>> {
        admin::readiness(self.admin)
    }

    /// What the daemon has logged in all its lives.
    #[must_use]
    pub fn log(&self) -> String {
        let file = |life| self.folder().join(format!("daemon-{life}/traild.log"));
        (0..self.lives).map(|life| fs::read_to_string(file(life)).unwrap_or_default()).collect()
    }

    /// The [`Self::disk`] as the daemon sees it, which may have mounted another there.
    ///
    /// # Errors
    /// If no daemon runs.
    pub fn disk_of_daemon(&mut self) -> anyhow::Result<PathBuf> {
        let root = format!("/proc/{}/root", self.daemon()?.id());
        Ok(PathBuf::from(root + &self.disk().display().to_string()))
    }

    /// Copies what the daemon's sink has written to where it is looked for: a disk that only the
    /// daemon sees ends with it. A file that is still open is taken for closed.
    ///
    /// # Errors
    /// If that cannot be read.
    pub fn rescue_sink(&mut self) -> anyhow::Result<()> {
        let from = self.disk_of_daemon()?.join("events");
        let to = self.sink();
        fs::create_dir_all(&to)?;
        for entry in fs::read_dir(&from).with_context(|| from.display().to_string())? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).context("an odd name")?;
            fs::copy(&path, to.join(name.strip_suffix(".open").unwrap_or(name)))?;
        }
        Ok(())
    }

    pub(super) fn daemon(&mut self) -> anyhow::Result<&mut Daemon> {
        self.daemon.as_mut().context("no daemon runs")
    }

    pub(super) fn log_tail(&self) -> String {
        self.daemon.as_ref().map(Daemon::log_tail).unwrap_or_default()
    }
}
