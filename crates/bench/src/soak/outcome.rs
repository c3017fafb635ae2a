//! Everything that was seen in one run; what `--json` writes.

use std::collections::BTreeMap;
use std::fs;

use serde::Serialize;

use super::ledger::Accounts;
use super::options::Options;
use super::plan::Mark;
use super::sample::{Metrics, Sample};
use super::verdict::{Finding, findings};
use super::watch::Seen;
use super::world::World;
use crate::e2e::Machine;

/// What one run says.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    /// Where.
    pub(super) machine: Machine,
    /// What was called, without where files lie.
    pub(super) command: String,
    /// What was asked for, and whether it holds.
    pub(super) findings: Vec<Finding>,
    /// What was uploaded and what arrived.
    pub(super) accounts: Accounts,
    /// Messages received, those received again included.
    pub(super) received: u64,
    /// Faults that struck.
    pub(super) faults: u64,
    /// Objects dead-lettered before they had arrived, by reason.
    pub(super) letters: BTreeMap<String, usize>,
    /// The same, after.
    pub(super) late_letters: BTreeMap<String, usize>,
    /// The last metrics of each process, summed.
    pub(super) totals: Metrics,
    /// CPU time of all processes of the daemon.
    pub(super) daemon_cpu_s: f64,
    /// CPU time of the rest.
    pub(super) own_cpu_s: f64,
    /// What was done to the daemon.
    pub(super) marks: Vec<Mark>,
    /// What was seen each second.
    pub(super) samples: Vec<Sample>,
}

impl Outcome {
    /// Of a run that has come to its end, or to a failure.
    ///
    /// # Errors
    /// If the quarantine cannot be read.
    pub(super) fn of(
        machine: Machine,
        options: &Options,
        world: &World,
        seen: Seen,
        failure: Option<anyhow::Error>,
    ) -> anyhow::Result<Self> {
        let mut findings = findings(&world.ledger(), &seen, quarantined(world)?);
        let why = failure.map(|error| format!("{error:#}"));
        findings.push(Finding {
            about: "the daemon lives until SIGTERM, leaves nothing and ends with 0".to_owned(),
            asked: "so".to_owned(),
            holds: why.is_none(),
            seen: why.unwrap_or_else(|| "so".to_owned()),
        });
        let counts = world.server.counts();
        let mut outcome = Self {
            machine,
            command: options.command(),
            findings,
            accounts: world.ledger().accounts().clone(),
            received: counts.received,
            faults: counts.faults,
            letters: seen.letters,
            late_letters: seen.late_letters,
            totals: Metrics::default(),
            daemon_cpu_s: 0.0,
            own_cpu_s: seen.samples.last().map_or(0.0, |last| last.own_cpu_s),
            marks: seen.marks,
            samples: seen.samples,
        };
        outcome.sum_processes();
        Ok(outcome)
    }

    fn sum_processes(&mut self) {
        for life in self.samples.chunk_by(|one, next| one.life == next.life) {
            self.daemon_cpu_s += life.last().map_or(0.0, |last| last.cpu_s);
            self.totals += life.iter().rev().find_map(|sample| sample.metrics).unwrap_or_default();
        }
    }
}

/// Files in the quarantine: each has an event at least.
fn quarantined(world: &World) -> anyhow::Result<usize> {
    let mut files = 0;
    if world.quarantine().exists() {
        for entry in fs::read_dir(world.quarantine())? {
            files += usize::from(entry?.file_name().to_string_lossy().starts_with("quarantine-"));
        }
    }
    Ok(files)
}
