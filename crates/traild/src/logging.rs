//! Logs: to standard error, for people or for machines.

use crate::config::{Log, LogFormat};
use anyhow::Context;
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// The SDK warns of every object that was uploaded in parts that its checksum cannot be verified;
/// gzip has one of its own. A filter that names this target brings the warning back.
const QUIETED: &str = "aws_sdk_s3::http_response_checksum=error";

/// Starts logging as configured.
pub(crate) fn start(log: &Log) -> anyhow::Result<()> {
    let filter = format!("{QUIETED},{}", log.filter);
    let filter = EnvFilter::try_new(filter)
        .with_context(|| format!("log.filter {:?} is not a filter such as \"info\"", log.filter))?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match log.format {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber.json().flatten_event(true).try_init(),
    }
    .map_err(|error| anyhow::anyhow!("could not start logging: {error}"))
}
