//! Making an environment, once.
//!
//! A marker with the hash of the requirements and the script is written last: without it, or with
//! another hash, what is there is begun anew. One process at a time does this, by a lock that its
//! children hold too: what survives the death of this process still keeps others out.

use super::{Environment, interpreter};
use crate::harness::progress::{Progress, watch};
use crate::harness::tail::last_line;
use crate::harness::target;
use anyhow::{Context as _, bail};
use sha2::{Digest as _, Sha256};
use std::fs::{self, File, TryLockError};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// Makes `environment`, if it is not there as it has to be.
pub(super) async fn install(
    environment: &Environment,
    progress: &dyn Progress,
) -> anyhow::Result<()> {
    let wanted = wanted(environment)?;
    if is_installed(environment, &wanted).await {
        return Ok(());
    }
    let lock = lock(environment, progress).await?;
    // Somebody else may have done it while we waited.
    if is_installed(environment, &wanted).await {
        return Ok(());
    }
    let work = Work { environment, lock, progress };
    let python = interpreter::find(environment).await?;
    work.make_environment(python).await?;
    work.fetch_packages().await?;
    work.run_script().await?;
    let marker = marker(environment);
    fs::write(&marker, wanted).with_context(|| format!("could not write {}", marker.display()))
}

fn marker(environment: &Environment) -> PathBuf {
    environment.directory().join("requirements.sha256")
}

/// What the marker has to hold.
fn wanted(environment: &Environment) -> anyhow::Result<String> {
    let mut hash = Sha256::new();
    for path in [Some(environment.requirements()), environment.script()].into_iter().flatten() {
        let text = fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
        hash.update(text);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether all was installed, and the Python that it was installed with is still there.
async fn is_installed(environment: &Environment, wanted: &str) -> bool {
    if !fs::read_to_string(marker(environment)).is_ok_and(|found| found == wanted) {
        return false;
    }
    let mut probe = Command::new(environment.program("python"));
    probe.args(["-c", ""]).stdin(Stdio::null()).stderr(Stdio::null());
    probe.status().await.is_ok_and(|status| status.success())
}

async fn lock(environment: &Environment, progress: &dyn Progress) -> anyhow::Result<File> {
    fs::create_dir_all(target())?;
    let path = target().join(format!("{}.lock", environment.folder));
    let file = File::options().create(true).append(true).open(&path);
    let file = file.with_context(|| format!("could not open {}", path.display()))?;
    let wait = async {
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::WouldBlock) => {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    };
    let on = format!("{}: another process installs it, waiting", environment.what);
    watch(progress, &on, wait)
        .await
        .with_context(|| format!("could not lock {}", path.display()))?;
    Ok(file)
}

/// The work of whoever has the lock.
struct Work<'a> {
    environment: &'a Environment,
    lock: File,
    progress: &'a dyn Progress,
}

impl Work<'_> {
    async fn make_environment(&self, python: &str) -> anyhow::Result<()> {
        let &Environment { what, otherwise, .. } = self.environment;
        let on = format!("{what}: making a virtual environment with {python}");
        let mut venv = Command::new(python);
        venv.args(["-m", "venv", "--clear"]).arg(self.environment.directory());
        let Some(said) = self.run(&on, venv).await? else {
            return Ok(());
        };
        if said.contains("ensurepip") || said.contains("No module named venv") {
            bail!(
                "{what}: {python} lacks its module venv: install it (Debian and Ubuntu: apt install {python}-venv){otherwise}"
            );
        }
        bail!("{what}: {python} could not make a virtual environment: {}", last_line(&said))
    }

    async fn fetch_packages(&self) -> anyhow::Result<()> {
        let &Environment { what, size, otherwise, .. } = self.environment;
        let on = format!("{what}: installing packages, {size}, once");
        let mut pip = Command::new(self.environment.program("python"));
        pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input"]);
        pip.arg("--requirement").arg(self.environment.requirements());
        let Some(said) = self.run(&on, pip).await? else {
            return Ok(());
        };
        let why = if is_offline(&said) {
            "the package index of pip cannot be reached: it takes a network this once"
        } else if said.contains("No space left") {
            "the disk is full: make room"
        } else {
            let log = self.log();
            bail!("{what}: pip could not install it: {} ({})", last_line(&said), log.display());
        };
        bail!("{what}: {why}{otherwise} ({})", self.log().display())
    }

    async fn run_script(&self) -> anyhow::Result<()> {
        let Some(script) = self.environment.script() else {
            return Ok(());
        };
        let what = self.environment.what;
        let mut python = Command::new(self.environment.program("python"));
        python.arg(&script).arg(self.environment.output());
        let Some(said) = self.run(&format!("{what}: writing files, once"), python).await? else {
            return Ok(());
        };
        bail!("{what}: {} failed: {}", script.display(), last_line(&said))
    }

    /// Runs `command`. `None` if all went well, else what it said, which is in the log too.
    async fn run(&self, on: &str, mut command: Command) -> anyhow::Result<Option<String>> {
        let (path, program) = (self.log(), format!("{:?}", command.as_std().get_program()));
        let file = File::create(&path);
        let file = file.with_context(|| format!("could not create {}", path.display()))?;
        command
            // As its standard input the child has the lock: it is held until the last of them ends.
            .stdin(self.lock.try_clone()?)
            .stdout(file.try_clone()?)
            .stderr(file)
            .kill_on_drop(true);
        let status = watch(self.progress, on, command.status()).await;
        if status.with_context(|| format!("could not run {program}"))?.success() {
            return Ok(None);
        }
        Ok(Some(String::from_utf8_lossy(&fs::read(path)?).into_owned()))
    }

    fn log(&self) -> PathBuf {
        target().join(format!("{}-install.log", self.environment.folder))
    }
}

fn is_offline(said: &str) -> bool {
    let signs = [
        "NewConnectionError",
        "Failed to establish a new connection",
        "ConnectTimeoutError",
        "ProxyError",
        "Network is unreachable",
        "name resolution",
        // An index that is there has some version or other of every package.
        "(from versions: none)",
    ];
    signs.iter().any(|sign| said.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::progress::Lines;

    const SAMPLE: Environment = Environment {
        what: "the sample",
        folder: "no-such-environment",
        requirements: "tests/localstack/requirements.txt",
        size: "0 MB",
        newest: Some(12),
        script: None,
        otherwise: "",
    };

    #[test]
    fn being_offline_is_told_from_a_package_that_is_not_there() {
        let offline = "WARNING: Retrying (Retry(total=4)) after connection broken by \
            'NewConnectionError(...: Failed to establish a new connection: [Errno -3] \
            Temporary failure in name resolution')': /simple/attrs/";
        assert!(is_offline(offline));
        assert!(!is_offline("ERROR: No matching distribution found for attrs==99"));
    }

    #[test]
    fn marker_is_the_hash_of_the_requirements_and_the_script() {
        let one = wanted(&SAMPLE).unwrap();
        assert_eq!(one.len(), 64);
        assert!(one.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let both = wanted(&Environment { script: Some("README.md"), ..SAMPLE }).unwrap();
        assert_ne!(one, both);
    }

    #[tokio::test]
    async fn environment_without_its_marker_is_not_installed() {
        assert!(!is_installed(&SAMPLE, &wanted(&SAMPLE).unwrap()).await);
    }

    #[tokio::test]
    async fn requirements_that_are_not_there_are_named() {
        let without = Environment { requirements: "no-such-file.txt", ..SAMPLE };
        let error = without.install(&Lines).await.unwrap_err().to_string();
        assert!(error.contains("no-such-file.txt"), "{error}");
    }
}
