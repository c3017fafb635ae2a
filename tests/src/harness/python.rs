//! Virtual environments of Python, under `target/`.
//!
//! In reading order: `interpreter` finds a Python, `install` makes the environment, once.

mod install;
mod interpreter;

use super::progress::Progress;
use super::{root, target};
use std::path::PathBuf;

/// An environment with what a file of requirements lists.
#[derive(Clone, Copy, Debug)]
pub(super) struct Environment {
    /// What it is for, as people call it.
    pub(super) what: &'static str,
    /// Its folder, below `target/`.
    pub(super) folder: &'static str,
    /// Its file of requirements, from the root.
    pub(super) requirements: &'static str,
    /// What it takes on disk, for people.
    pub(super) size: &'static str,
    /// The last Python 3 that will do; the first is 3.10.
    pub(super) newest: Option<u8>,
    /// A script, from the root, that is run in the end, with [`Environment::output`].
    pub(super) script: Option<&'static str>,
    /// What else can be done where it cannot be made: follows "install one".
    pub(super) otherwise: &'static str,
}

impl Environment {
    /// Makes it, if it is not there as its requirements and its script say.
    pub(super) async fn install(&self, progress: &dyn Progress) -> anyhow::Result<()> {
        install::install(self, progress).await
    }

    /// Where it is.
    pub(super) fn directory(&self) -> PathBuf {
        target().join(self.folder)
    }

    /// A program of it.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.directory().join("bin").join(name)
    }

    /// Where its script writes.
    pub(super) fn output(&self) -> PathBuf {
        self.directory().join("output")
    }

    fn requirements(&self) -> PathBuf {
        root().join(self.requirements)
    }

    fn script(&self) -> Option<PathBuf> {
        self.script.map(|script| root().join(script))
    }
}
