//! The daemon as a child process: started, asked, signalled, and judged by what it leaves.
//!
//! In reading order: `builder` starts it with what `config` composes, [`leash`] ends it with us,
//! `observed` is what it shows, by way of `output`.

mod builder;
mod config;
pub mod leash;
mod observed;
mod output;

pub use builder::DaemonBuilder;
pub use observed::Readiness;

use super::trail::Trail;
use anyhow::{Context as _, bail};
use std::fmt;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long it may take to become ready.
const START_PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);
/// The lines of its log that failures show.
const TAIL: usize = 40;

/// A daemon of its own. Dropping it kills it.
#[derive(Debug)]
pub struct Daemon {
    child: Child,
    directory: PathBuf,
    /// Where in the log this process begins: an earlier one may have had the same directory.
    log_start: u64,
    _temporary: Option<TempDir>,
}

/// A signal that asks for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Stop, as a service manager says it.
    Terminate,
    /// Stop, as Ctrl-C says it.
    Interrupt,
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Terminate => "TERM",
            Self::Interrupt => "INT",
        })
    }
}

impl Daemon {
    /// A daemon that reads this trail. `executable` is this package's `demo`: in its end-to-end
    /// tests `env!("CARGO_BIN_EXE_demo")`. So the daemon is built with the tests, and like them.
    #[must_use]
    pub fn builder<'t>(executable: impl AsRef<Path>, trail: &'t Trail) -> DaemonBuilder<'t> {
        DaemonBuilder::new(executable.as_ref(), trail)
    }

    /// Where it lives: its configuration, its log, and, if not told otherwise, its output.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it says that it is ready.
    ///
    /// # Errors
    /// When it ends instead, or takes too long; with the end of its log.
    pub async fn wait_ready(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + START_PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait()? {
                bail!("the daemon ended before it was ready ({status}); {}", self.log_tail());
            }
            if self.readyz().await.is_ok_and(|readiness| readiness.ready) {
                return Ok(());
            }
            if Instant::now() > deadline {
                let why = self.readyz().await;
                bail!("the daemon does not become ready: {why:?}; {}", self.log_tail());
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Waits until it ends, and answers its exit code: 128 and the signal's number if it was killed.
    ///
    /// # Errors
    /// When it takes longer than this; with the end of its log.
    pub async fn wait_exit(&mut self, patience: Duration) -> anyhow::Result<i32> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(code) = self.exit_code()? {
                return Ok(code);
            }
            if Instant::now() > deadline {
                bail!("the daemon did not end within {patience:?}; {}", self.log_tail());
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Its exit code, if it has ended.
    ///
    /// # Errors
    /// When the system cannot say.
    pub fn exit_code(&mut self) -> anyhow::Result<Option<i32>> {
        let code = |status: ExitStatus| {
            status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(-1)
        };
        Ok(self.child.try_wait()?.map(code))
    }

    /// Asks it for something.
    ///
    /// # Errors
    /// When it is not there any more.
    pub fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let id = self.child.id().to_string();
        // The shell's own `kill`: the program is not everywhere.
        let script = format!("kill -{signal} \"$1\"");
        let sent = Command::new("sh").args(["-c", script.as_str(), "sh", id.as_str()]).status()?;
        if !sent.success() {
            bail!("could not send {signal} to the daemon");
        }
        Ok(())
    }

    /// Kills it, as `kill -9` does, and waits until it is gone.
    ///
    /// # Errors
    /// When the system cannot.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill().context("could not kill the daemon")?;
        self.child.wait().context("could not wait for the daemon")?;
        Ok(())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Both do nothing to a child that has ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
