//! `LocalStack` from a virtual environment of Python.

use super::ports::Port;
use super::supervised::Supervised;
use crate::harness::{root, target};
use std::path::PathBuf;
use std::process::Command;

/// Where it is installed.
pub(super) fn directory() -> PathBuf {
    target().join("localstack")
}

/// A program of it.
pub(super) fn program(name: &str) -> PathBuf {
    directory().join("bin").join(name)
}

/// Starts the server, which answers at `port`.
pub(super) fn start(port: &Port) -> anyhow::Result<Supervised> {
    let mut command = Command::new(program("python"));
    command
        .arg(root().join("tests/localstack/supervise.py"))
        .arg(port.number().to_string())
        .arg(port.directory().join("data"))
        .arg(port.directory().join("localstack.log"));
    Supervised::start(command, &port.directory().join("localstack.log"))
}
