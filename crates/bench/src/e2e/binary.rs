//! The executable that is measured.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;

/// An executable of traild, and what comes before the daemon's own arguments.
#[derive(Clone, Debug)]
pub struct Binary {
    /// The file.
    pub path: PathBuf,
    /// Arguments that make it the daemon: none of `traild` itself.
    pub arguments: Vec<String>,
}

/// A line of what cargo says with `--message-format json`.
#[derive(Deserialize)]
struct Said {
    executable: Option<PathBuf>,
}

impl Binary {
    /// Builds `traild` with the release profile.
    ///
    /// # Errors
    /// If it cannot be built.
    pub fn build() -> anyhow::Result<Self> {
        let output = Command::new(env!("CARGO"))
            .args(["build", "--release", "--quiet", "--package", "traild", "--bin", "traild"])
            .arg("--message-format=json-render-diagnostics")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stderr(Stdio::inherit())
            .output()
            .context("could not run cargo")?;
        ensure!(output.status.success(), "could not build traild");
        let said = String::from_utf8(output.stdout)?;
        let mut executables = said.lines().filter_map(|line| {
            serde_json::from_str(line).ok().and_then(|said: Said| said.executable)
        });
        let path = executables.next_back().context("cargo did not say where traild is")?;
        Ok(Self { path, arguments: Vec::new() })
    }

    /// The executable at `path`.
    ///
    /// # Errors
    /// If there is none.
    pub fn at(path: &Path) -> anyhow::Result<Self> {
        let whole = path.canonicalize();
        let path = whole.with_context(|| format!("there is no {}", path.display()))?;
        if !path.is_file() {
            bail!("{} is no file", path.display());
        }
        Ok(Self { path, arguments: Vec::new() })
    }
}
