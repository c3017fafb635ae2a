//! What can be seen of the daemon from outside: over HTTP, in its files, in `/proc`.

use super::{Daemon, POLL, TAIL, config, output};
use crate::harness::http;
use crate::harness::metrics::Metrics;
use crate::harness::tail::tail;
use anyhow::{Context as _, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

/// What `/readyz` answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Readiness {
    /// Whether the daemon can work.
    pub ready: bool,
    /// Why not, by component.
    pub reasons: BTreeMap<String, String>,
}

impl Daemon {
    /// What it counts.
    ///
    /// # Errors
    /// When its admin server does not answer.
    pub async fn metrics(&self) -> anyhow::Result<Metrics> {
        let answer = http::get(self.url("/metrics")?).await?;
        Ok(Metrics::parse(&answer.body))
    }

    /// Waits until it has counted at least so many.
    ///
    /// # Errors
    /// When it does not come to that in time; with the end of its log.
    pub async fn wait_counted(
        &self,
        name: &str,
        labels: &[(&str, &str)],
        least: u64,
        patience: Duration,
    ) -> anyhow::Result<()> {
        let deadline = Instant::now() + patience;
        loop {
            let counted = self.metrics().await.map(|metrics| metrics.count(name, labels));
            if counted.as_ref().is_ok_and(|counted| *counted >= least) {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!(
                    "{name} is {counted:?} and not {least} after {patience:?}; {}",
                    self.log_tail()
                );
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Whether it is ready, and why not.
    ///
    /// # Errors
    /// When its admin server does not answer.
    pub async fn readyz(&self) -> anyhow::Result<Readiness> {
        let answer = http::get(self.url("/readyz")?).await?;
        serde_json::from_str(&answer.body).context("/readyz is not understood")
    }

    /// The URL of a path on its admin server.
    ///
    /// # Errors
    /// When it has not said yet where that is.
    pub fn url(&self, path: &str) -> anyhow::Result<String> {
        let log = self.log()?;
        let address = output::admin_address(&log);
        let address = address.context("the daemon has not said where its admin server is")?;
        Ok(format!("http://{address}{path}"))
    }

    /// The most memory it had at once.
    ///
    /// # Errors
    /// Where there is no `/proc`, or it has ended.
    pub fn peak_resident_bytes(&self) -> anyhow::Result<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(&path).with_context(|| format!("could not read {path}"))?;
        output::peak_resident(&status).with_context(|| format!("{path} has no VmHWM"))
    }

    /// The events in its output, a line each, sorted; those in files that are still open too.
    ///
    /// # Errors
    /// When a file cannot be read, or is compressed.
    pub fn output_lines(&self) -> anyhow::Result<Vec<String>> {
        output::lines(&self.directory.join(config::EVENTS))
    }

    /// What it has logged.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn log(&self) -> anyhow::Result<String> {
        output::read_from(&self.directory.join(config::LOG), self.log_start)
    }

    /// What it has written to its standard output.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn standard_output(&self) -> anyhow::Result<String> {
        output::read_from(&self.directory.join(config::STANDARD_OUTPUT), 0)
    }

    /// The end of its log, for a failure's text.
    #[must_use]
    pub fn log_tail(&self) -> String {
        tail(&self.directory.join(config::LOG), TAIL)
    }
}
