//! A daemon as a process.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use super::binary::Binary;
use super::usage::Usage;

/// How long it may take to end: more than its own grace period.
const ENDING: Duration = Duration::from_secs(30);
const LOG: &str = "traild.log";
/// Lines of its log that a failure shows.
const TAIL: usize = 10;

/// A daemon that runs in a folder of its own. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Daemon {
    child: Child,
    folder: PathBuf,
    started: Instant,
}

/// What it is started with.
#[derive(Debug)]
pub(crate) struct Launch<'l> {
    pub(crate) binary: &'l Binary,
    /// A command, with arguments, that starts the one behind it.
    pub(crate) wrapper: &'l [String],
    /// Where it lives; its configuration lies here.
    pub(crate) folder: &'l Path,
    pub(crate) configuration: &'l str,
    /// Of S3 and SQS.
    pub(crate) endpoint: &'l str,
}

impl Launch<'_> {
    /// Starts it.
    ///
    /// # Errors
    /// If its folder cannot be written, or it cannot be started.
    pub(crate) fn start(&self) -> anyhow::Result<Daemon> {
        fs::create_dir_all(self.folder)?;
        fs::write(self.folder.join("traild.toml"), self.configuration)?;
        let mut words = self.wrapper.iter();
        let mut command = match words.next() {
            Some(program) => Command::new(program),
            None => Command::new(&self.binary.path),
        };
        command.args(words);
        if !self.wrapper.is_empty() {
            command.arg(&self.binary.path);
        }
        command
            .args(&self.binary.arguments)
            .args(["run", "--config", "traild.toml"])
            .current_dir(self.folder)
            .env("AWS_ENDPOINT_URL", self.endpoint)
            .env("AWS_ACCESS_KEY_ID", "bench")
            .env("AWS_SECRET_ACCESS_KEY", "bench")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(self.folder.join(LOG))?);
        let started = Instant::now();
        let child = command.spawn().context("could not start the daemon")?;
        Ok(Daemon { child, folder: self.folder.to_owned(), started })
    }
}

impl Daemon {
    /// When it was started.
    pub(crate) fn started(&self) -> Instant {
        self.started
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Where it lives.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it has used so far.
    ///
    /// # Errors
    /// If it has ended.
    pub(crate) fn usage(&self) -> anyhow::Result<Usage> {
        Usage::of(self.child.id())
    }

    /// Sees that it still runs.
    ///
    /// # Errors
    /// If it does not; with the end of its log.
    pub(crate) fn runs(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("the daemon ended by itself ({status}): {}", self.log_tail()),
        }
    }

    /// Stops it as a service manager does, and waits until it has ended.
    ///
    /// # Errors
    /// If it does not end, or not well; with the end of its log.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        let id = self.child.id().to_string();
        // The shell's own `kill`: the program is not everywhere.
        let sent = Command::new("sh").args(["-c", "kill -TERM \"$1\"", "sh", &id]).status()?;
        ensure!(sent.success(), "could not stop the daemon");
        let status = self.ended()?;
        ensure!(status.success(), "the daemon did not stop well ({status}): {}", self.log_tail());
        Ok(())
    }

    fn ended(&mut self) -> anyhow::Result<ExitStatus> {
        let asked = Instant::now();
        while asked.elapsed() < ENDING {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        bail!("the daemon does not end: {}", self.log_tail())
    }

    /// The end of what it has logged.
    pub(crate) fn log_tail(&self) -> String {
        let log = fs::read_to_string(self.folder.join(LOG)).unwrap_or_default();
        let skipped = log.lines().count().saturating_sub(TAIL);
        log.lines().skip(skipped).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Both do nothing to a child that has ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
