//! Installing `LocalStack` under `target/`, once.
//!
//! A marker with the hash of the requirements is written last: without it, or with another hash,
//! what is there is begun anew. One process at a time does this, by a lock that its children hold
//! too: what survives the death of this process still keeps others out.

use super::environment::{directory, program};
use super::python;
use crate::harness::progress::{Progress, watch};
use crate::harness::tail::last_line;
use crate::harness::{root, target};
use anyhow::{Context as _, bail};
use sha2::{Digest as _, Sha256};
use std::fs::{self, File, TryLockError};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// Installs it, if it is not there as the requirements say.
pub(super) async fn install(progress: &dyn Progress) -> anyhow::Result<()> {
    let wanted = wanted()?;
    if is_installed(&wanted).await {
        return Ok(());
    }
    let lock = lock(progress).await?;
    // Somebody else may have done it while we waited.
    if is_installed(&wanted).await {
        return Ok(());
    }
    let python = python::find().await?;
    make_environment(python, &lock, progress).await?;
    fetch_packages(&lock, progress).await?;
    fs::write(marker(), wanted).with_context(|| format!("could not write {}", marker().display()))
}

fn requirements() -> PathBuf {
    root().join("tests/localstack/requirements.txt")
}

fn marker() -> PathBuf {
    directory().join("requirements.sha256")
}

fn log() -> PathBuf {
    target().join("localstack-install.log")
}

/// What the marker has to hold.
fn wanted() -> anyhow::Result<String> {
    let path = requirements();
    let text = fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
    Ok(Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether all was installed, and the Python that it was installed with is still there.
async fn is_installed(wanted: &str) -> bool {
    if fs::read_to_string(marker()).is_ok_and(|found| found != wanted) || !marker().exists() {
        return false;
    }
    let mut probe = Command::new(program("python"));
    probe.args(["-c", ""]).stdin(Stdio::null()).stderr(Stdio::null());
    probe.status().await.is_ok_and(|status| status.success())
}

async fn lock(progress: &dyn Progress) -> anyhow::Result<File> {
    fs::create_dir_all(target())?;
    let path = target().join("localstack.lock");
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
    let on = "LocalStack: another process installs it, waiting";
    watch(progress, on, wait)
        .await
        .with_context(|| format!("could not lock {}", path.display()))?;
    Ok(file)
}

async fn make_environment(
    python: &str,
    lock: &File,
    progress: &dyn Progress,
) -> anyhow::Result<()> {
    let on = format!("LocalStack: making a virtual environment with {python}");
    let mut venv = Command::new(python);
    venv.args(["-m", "venv", "--clear"]).arg(directory());
    let Some(said) = watch(progress, &on, run(venv, lock)).await? else {
        return Ok(());
    };
    if said.contains("ensurepip") || said.contains("No module named venv") {
        bail!(
            "{python} lacks its module venv: install it (Debian and Ubuntu: apt install {python}-venv), {}",
            python::OTHERWISE
        );
    }
    bail!("{python} could not make a virtual environment: {}", last_line(&said))
}

async fn fetch_packages(lock: &File, progress: &dyn Progress) -> anyhow::Result<()> {
    let on = "LocalStack: installing its packages, 520 MB, once";
    let mut pip = Command::new(program("python"));
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input"]);
    pip.arg("--requirement").arg(requirements());
    let Some(said) = watch(progress, on, run(pip, lock)).await? else {
        return Ok(());
    };
    let why = if is_offline(&said) {
        "the package index of pip cannot be reached: it takes a network this once,"
    } else if said.contains("No space left") {
        "the disk is full: make room,"
    } else {
        bail!("pip could not install LocalStack: {} ({})", last_line(&said), log().display());
    };
    bail!("{why} {} ({})", python::OTHERWISE, log().display())
}

/// Runs `command`. `None` if all went well, else what it said, which is in the log too.
async fn run(mut command: Command, lock: &File) -> anyhow::Result<Option<String>> {
    let (path, what) = (log(), format!("{:?}", command.as_std().get_program()));
    let file = File::create(&path);
    let file = file.with_context(|| format!("could not create {}", path.display()))?;
    command
        // As its standard input the child has the lock: it is held until the last of them ends.
        .stdin(lock.try_clone()?)
        .stdout(file.try_clone()?)
        .stderr(file)
        .kill_on_drop(true);
    let status = command.status().await.with_context(|| format!("could not run {what}"))?;
    if status.success() {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&fs::read(path)?).into_owned()))
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

    #[test]
    fn being_offline_is_told_from_a_package_that_is_not_there() {
        let offline = "WARNING: Retrying (Retry(total=4)) after connection broken by \
            'NewConnectionError(...: Failed to establish a new connection: [Errno -3] \
            Temporary failure in name resolution')': /simple/attrs/";
        assert!(is_offline(offline));
        assert!(!is_offline("ERROR: No matching distribution found for attrs==99"));
    }

    #[test]
    fn marker_is_the_hash_of_the_requirements() {
        let wanted = wanted().unwrap();
        assert_eq!(wanted.len(), 64);
        assert!(wanted.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
