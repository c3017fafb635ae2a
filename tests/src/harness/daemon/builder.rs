//! How a daemon is to be, and its start.

use super::config::{self, LOG, STANDARD_OUTPUT};
use super::{Daemon, leash};
use crate::harness::trail::Trail;
use anyhow::Context as _;
use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A daemon that is yet to start.
#[derive(Debug)]
pub struct DaemonBuilder<'t> {
    executable: PathBuf,
    trail: &'t Trail,
    directory: Option<PathBuf>,
    overrides: Vec<String>,
    environment: Vec<(String, String)>,
    command: String,
    arguments: Vec<String>,
}

impl<'t> DaemonBuilder<'t> {
    pub(super) fn new(executable: &Path, trail: &'t Trail) -> Self {
        Self {
            executable: executable.to_owned(),
            trail,
            directory: None,
            overrides: Vec::new(),
            environment: Vec::new(),
            command: "run".to_owned(),
            arguments: Vec::new(),
        }
    }

    /// Where it lives: a directory that outlives it. By default one that goes with it.
    #[must_use]
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// More configuration. A key goes before the harness's own; a `[[sink]]` replaces its sink.
    /// Relative paths begin at the daemon's directory.
    #[must_use]
    pub fn config_toml(mut self, toml: impl Into<String>) -> Self {
        self.overrides.push(toml.into());
        self
    }

    /// How long a message stays hidden.
    #[must_use]
    pub fn visibility(self, timeout: Duration) -> Self {
        let milliseconds = timeout.as_millis();
        self.config_toml(format!("[source]\nvisibility_timeout = \"{milliseconds}ms\""))
    }

    /// A variable of its environment. It has those that it needs to reach the server, and no other.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Another command than `run`, of those that take a configuration.
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.command = command.into();
        self
    }

    /// An argument more.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// It is to end once the queue has been empty this long.
    #[must_use]
    pub fn until_idle(self, idle: Duration) -> Self {
        self.argument("--until-idle").argument(format!("{}ms", idle.as_millis()))
    }

    /// Starts it.
    ///
    /// # Errors
    /// When its files cannot be written, or the executable is not there.
    pub fn spawn(self) -> anyhow::Result<Daemon> {
        let (directory, temporary) = self.make_directory()?;
        let config = directory.join("traild.toml");
        let toml = config::compose(self.trail, &self.overrides)?;
        let could_not = |path: &Path| format!("could not write {}", path.display());
        fs::write(&config, toml).with_context(|| could_not(&config))?;

        let log = directory.join(LOG);
        let stderr = File::options().create(true).append(true).open(&log);
        let stderr = stderr.with_context(|| could_not(&log))?;
        let log_start = stderr.metadata()?.len();
        let stdout = directory.join(STANDARD_OUTPUT);
        let stdout = File::create(&stdout).with_context(|| could_not(&stdout))?;

        let mut command = self.into_command(&config);
        let child = command
            .current_dir(&directory)
            .stdin(Stdio::piped())
            .stdout(stdout)
            .stderr(stderr)
            .spawn();
        let program = command.get_program();
        let child = child.with_context(|| format!("could not start {}", program.display()))?;
        Ok(Daemon { child, directory, log_start, _temporary: temporary })
    }

    fn make_directory(&self) -> anyhow::Result<(PathBuf, Option<TempDir>)> {
        if let Some(directory) = self.directory.clone() {
            fs::create_dir_all(&directory)
                .with_context(|| format!("could not create {}", directory.display()))?;
            return Ok((directory, None));
        }
        let temporary = tempfile::tempdir().context("could not make a temporary directory")?;
        Ok((temporary.path().to_owned(), Some(temporary)))
    }

    fn into_command(self, config: &Path) -> Command {
        let mut command = Command::new(&self.executable);
        command
            .args([leash::ARGUMENT, self.command.as_str(), "--config"])
            .arg(config)
            .args(self.arguments)
            .env_clear()
            .env("RUST_BACKTRACE", "1")
            .envs(self.trail.environment())
            .envs(self.environment)
            // Ctrl-C is for us, and what becomes of the daemon then is ours to say.
            .process_group(0);
        command
    }
}
