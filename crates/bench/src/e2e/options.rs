//! What can be asked for on the command line.

use std::path::PathBuf;

use anyhow::bail;
use clap::Parser;

use super::{Scenario, scenarios};

/// Measures the release binary of traild against an S3 and SQS in memory.
#[derive(Clone, Debug, Parser)]
#[command(name = "cargo bench-e2e", bin_name = "cargo bench-e2e")]
pub struct Options {
    /// Only this scenario; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub scenario: Vec<String>,
    /// List the scenarios and end.
    #[arg(long)]
    pub list: bool,
    /// Run each scenario so many times, in turns, and show the medians.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub runs: u32,
    /// Small trails: to see that it works, not how fast.
    #[arg(long)]
    pub quick: bool,
    /// Measure this executable instead of building one.
    #[arg(long, value_name = "PATH")]
    pub binary: Option<PathBuf>,
    /// Write to folders under this one instead of the system's temporary one.
    #[arg(long, value_name = "FOLDER")]
    pub directory: Option<PathBuf>,
    /// Give the daemon two cores, and the others to S3 and SQS: as on a machine of two cores. Needs four.
    #[arg(long)]
    pub two_cores: bool,
    /// Count all system calls too, by one more run of each scenario under strace.
    #[arg(long)]
    pub strace: bool,
    /// Do not measure what the machine allows; what is asked relative to it is left out.
    #[arg(long)]
    pub no_floor: bool,
    /// End with 1 if an ask of the design does not hold.
    #[arg(long)]
    pub check: bool,
    /// Write all figures to this file as JSON.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write the page of results to this file.
    #[arg(long, value_name = "FILE")]
    pub results: Option<PathBuf>,
}

impl Options {
    /// The scenarios that are asked for: all, if none is named.
    pub(super) fn chosen(&self) -> anyhow::Result<Vec<Scenario>> {
        let all = scenarios(self.quick);
        for name in &self.scenario {
            if !all.iter().any(|scenario| scenario.name == name) {
                bail!("there is no scenario {name}: --list shows those that there are");
            }
        }
        let named = |scenario: &Scenario| {
            self.scenario.is_empty() || self.scenario.iter().any(|name| name == scenario.name)
        };
        Ok(all.into_iter().filter(named).collect())
    }
}
