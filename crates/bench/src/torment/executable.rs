//! Where the daemon's executable is.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

use crate::e2e::Binary;

/// A daemon that was built beside `test`, the executable of a test: `traild` itself, or the demo of
/// the end-to-end tests, which is the daemon too and is built before the tests of the workspace run.
/// Where there is none the demo is built.
///
/// # Errors
/// If it cannot be built.
pub fn executable(test: &Path) -> anyhow::Result<Binary> {
    let folder = test.parent().and_then(Path::parent).context("the test is in no target folder")?;
    if let Some(binary) = beside(folder) {
        return Ok(binary);
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", "traild-tests", "--bin", "demo", "--target-dir"]);
    cargo.arg(folder.parent().context("a profile's folder is in the target folder")?);
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    let status = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null()).status()?;
    ensure!(status.success(), "could not build the daemon");
    beside(folder).context("cargo has built the daemon elsewhere")
}

fn beside(folder: &Path) -> Option<Binary> {
    let candidates = [("traild", &[][..]), ("demo", &["traild"][..])];
    candidates.into_iter().find_map(|(name, arguments)| {
        let path = folder.join(name);
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        path.is_file().then_some(Binary { path, arguments })
    })
}
