//! The executable as a user has it: arguments, an environment with nothing in it but what is given,
//! two streams, an exit code. Where a test needs no more than a daemon on a trail, the harness's
//! `Daemon` does; here are commands, and a daemon whose standard output is a pipe.

use crate::TRAILD;
use anyhow::Context as _;
use std::fs::{self, File};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use traild_tests::harness::daemon::leash;
use traild_tests::harness::{Metrics, Trail};

/// Longer than any command takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A command that is yet to run, in a directory of its own.
#[derive(Debug)]
pub(crate) struct Program {
    directory: TempDir,
    command: Command,
}

/// How it went.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

impl Program {
    /// `traild` with these arguments.
    pub(crate) fn new(arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut command = Command::new(TRAILD);
        command.arg(leash::PLAIN).args(arguments).env_clear().current_dir(directory.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.kill_on_drop(true);
        Self { directory, command }
    }

    /// With a variable in its environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// With what it takes to reach the trail's server.
    pub(crate) fn on(mut self, trail: &Trail) -> Self {
        self.command.envs(trail.environment());
        self
    }

    /// With a file in its directory. One called `traild.toml` is its configuration.
    pub(crate) fn file(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        fs::write(self.directory.path().join(name), bytes).unwrap();
        self
    }

    /// Runs it to its end.
    pub(crate) async fn run(self) -> anyhow::Result<Ran> {
        self.run_with_input(b"").await
    }

    /// Runs it to its end, with this on its standard input.
    pub(crate) async fn run_with_input(mut self, input: &[u8]) -> anyhow::Result<Ran> {
        let started = Instant::now();
        let mut child = self.command.spawn().context("could not start traild")?;
        let mut stdin = child.stdin.take().context("it has no standard input")?;
        // What fits a pipe, or what it reads before it writes.
        drop(stdin.write_all(input).await);
        drop(stdin);
        let ended = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
        let output = ended.context("it does not end")??;
        Ok(Ran {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout)?,
            stderr: String::from_utf8(output.stderr)?,
            took: started.elapsed(),
        })
    }
}

/// The least that makes a daemon on this trail, to which sinks and more can be added.
pub(crate) fn config(trail: &Trail) -> String {
    format!(
        "source.queue_url = \"{}\"\nsource.buckets = [\"{}\"]\nsource.receive_wait = \"1s\"\n\
         admin.listen = \"127.0.0.1:0\"\nlimits.memory = \"64MiB\"\n",
        trail.queue_url(),
        trail.bucket()
    )
}

/// A daemon with one sink, its standard output: a pipe that is read when the test says so.
#[derive(Debug)]
pub(crate) struct Piped {
    child: Child,
    /// It ends when this does.
    _input: Option<ChildStdin>,
    output: Option<ChildStdout>,
    directory: TempDir,
}

impl Piped {
    /// Starts it, with more of a configuration.
    pub(crate) fn start(trail: &Trail, more: &str) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        let config = format!("{}{more}\n[[sink]]\ntype = \"stdout\"\n", config(trail));
        fs::write(directory.path().join("traild.toml"), config)?;
        let mut command = Command::new(TRAILD);
        command.arg(leash::ARGUMENT).env_clear().envs(trail.environment());
        command.current_dir(directory.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        command.stderr(File::create(directory.path().join("log"))?).kill_on_drop(true);
        let mut child = command.spawn().context("could not start traild")?;
        // Taken, because waiting for a child closes what it still has of these.
        let (input, output) = (child.stdin.take(), child.stdout.take());
        Ok(Self { child, _input: input, output, directory })
    }

    /// What it writes, from now on to be read.
    pub(crate) fn output(&mut self) -> ChildStdout {
        self.output.take().unwrap()
    }

    /// What it counts.
    pub(crate) async fn metrics(&self) -> anyhow::Result<Metrics> {
        let address = self.address()?;
        let (_, text) = http_get(format!("http://{address}/metrics")).await?;
        Ok(Metrics::parse(&text))
    }

    /// Waits until it has counted at least so many.
    pub(crate) async fn wait_counted(&self, name: &str, least: u64) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let counted = self.metrics().await.map(|metrics| metrics.count(name, &[]));
            if counted.as_ref().is_ok_and(|counted| *counted >= least) {
                return Ok(());
            }
            anyhow::ensure!(Instant::now() < deadline, "{name} is {counted:?}; {}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Asks it to stop.
    pub(crate) fn terminate(&self) -> anyhow::Result<()> {
        let id = self.child.id().context("it has ended")?.to_string();
        let kill = std::process::Command::new("sh").args(["-c", "kill -TERM $0", &id]).status()?;
        anyhow::ensure!(kill.success(), "could not send SIGTERM");
        Ok(())
    }

    /// Its exit code, if it has ended.
    pub(crate) fn exit_code(&mut self) -> anyhow::Result<Option<i32>> {
        Ok(self.child.try_wait()?.and_then(|status| status.code()))
    }

    /// Its exit code, once it has ended.
    pub(crate) async fn wait_exit(&mut self, patience: Duration) -> anyhow::Result<Option<i32>> {
        let ended = tokio::time::timeout(patience, self.child.wait()).await;
        Ok(ended.with_context(|| format!("it does not end; {}", self.log()))??.code())
    }

    /// What it has logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.directory.path().join("log")).unwrap_or_default()
    }

    fn address(&self) -> anyhow::Result<String> {
        let log = self.log();
        let (_, after) = log.split_once("address=").context("no admin server yet")?;
        Ok(after.split_whitespace().next().unwrap_or_default().to_owned())
    }
}

/// Status and body.
pub(crate) async fn http_get(url: String) -> anyhow::Result<(u16, String)> {
    let get = move || {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).proxy(None);
        let agent = agent.timeout_global(Some(PATIENCE)).build().new_agent();
        let mut response = agent.get(&url).call()?;
        Ok((response.status().as_u16(), response.body_mut().read_to_string()?))
    };
    tokio::task::spawn_blocking(get).await?
}
