//! `LocalStack` from a virtual environment of Python.

use super::ports::Port;
use super::supervised::Supervised;
use crate::harness::python::Environment;
use crate::harness::root;
use std::process::Command;

/// The environment that it runs in.
pub(super) const ENVIRONMENT: Environment = Environment {
    what: "LocalStack",
    folder: "localstack",
    requirements: "tests/localstack/requirements.txt",
    size: "520 MB",
    newest: Some(12),
    script: None,
    otherwise: ", or start Docker, or name a running LocalStack in LOCALSTACK_ENDPOINT",
};

/// Starts the server, which answers at `port`.
pub(super) fn start(port: &Port) -> anyhow::Result<Supervised> {
    let mut command = Command::new(ENVIRONMENT.program("python"));
    command
        .arg(root().join("tests/localstack/supervise.py"))
        .arg(port.number().to_string())
        .arg(port.directory().join("data"))
        .arg(port.directory().join("localstack.log"));
    Supervised::start(command, &port.directory().join("localstack.log"))
}
