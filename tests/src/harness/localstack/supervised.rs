//! A child process that ends when its standard input does.

use crate::harness::tail::tail;
use anyhow::{Context as _, bail};
use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// More than the supervisor grants the server.
const PATIENCE: Duration = Duration::from_secs(12);

/// The supervisor of a server. We hold the one end of a pipe that it reads from: the kernel closes
/// it with this process, however this process ends.
#[derive(Debug)]
pub(super) struct Supervised {
    child: Child,
    log: PathBuf,
}

impl Supervised {
    /// Starts `command`, with what it says in `log`.
    pub(super) fn start(mut command: Command, log: &Path) -> anyhow::Result<Self> {
        let file = open_log(log).with_context(|| format!("could not open {}", log.display()))?;
        command
            .stdin(Stdio::piped())
            .stdout(file.try_clone()?)
            .stderr(file)
            // Ctrl-C is for us: the server goes after those that use it.
            .process_group(0);
        let child = command.spawn();
        let child =
            child.with_context(|| format!("could not start {:?}", command.get_program()))?;
        Ok(Self { child, log: log.to_owned() })
    }

    /// Fails if it has ended, with the end of its log.
    pub(super) fn verify_running(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("it ended by itself ({status}); {}", self.tail()),
        }
    }

    pub(super) fn tail(&self) -> String {
        tail(&self.log, super::TAIL)
    }
}

/// Empty, and to be appended to: the supervisor opens it once more for the server.
fn open_log(path: &Path) -> io::Result<File> {
    File::create(path)?;
    File::options().append(true).open(path)
}

impl Drop for Supervised {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let deadline = Instant::now() + PATIENCE;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        // Does nothing to a child that has ended and was waited for.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn dropping_it_ends_the_child_by_its_standard_input() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("log");
        let script = "echo started; cat; echo end of input";
        let mut server = Supervised::start(shell(script), &log).unwrap();
        server.verify_running().unwrap();
        drop(server);
        assert_eq!(std::fs::read_to_string(log).unwrap(), "started\nend of input\n");
    }

    #[test]
    fn child_that_ended_by_itself_is_told_with_its_log() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("log");
        let mut server = Supervised::start(shell("echo no memory; exit 3"), &log).unwrap();
        let deadline = Instant::now() + PATIENCE;
        while server.verify_running().is_ok() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
        let error = server.verify_running().unwrap_err().to_string();
        assert!(error.contains("exit status: 3") && error.contains("no memory"), "{error}");
    }
}
