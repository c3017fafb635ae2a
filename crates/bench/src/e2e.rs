//! The release binary of traild, measured from end to end: log files lie in an S3 in memory, their
//! notifications in a queue in memory, and the daemon is a process of its own beside them.
//!
//! In go [`Options`], out come figures for each [`Scenario`], and whether they are what is asked for.
//! A run in which an event is lost or comes twice has no figures: it is an error.
//!
//! In reading order: [`Options`] is what can be asked for, [`scenarios()`] what is done; [`Bench`]
//! does it by way of `drain` and `rest`, with `world` (S3, SQS, a folder), `daemon`, `usage` (what a
//! process has used) and `delivery` (whether all of it arrived). [`Floor`] is what the machine
//! allows, [`asks()`] says whether the daemon is fast enough, `report` and `results` are what people
//! see.

mod asks;
mod bare;
mod bench;
mod binary;
pub(crate) mod daemon;
pub(crate) mod delivery;
mod drain;
mod figures;
mod floor;
mod machine;
mod options;
mod pinning;
mod report;
mod rest;
mod results;
mod scenario;
mod scenarios;
mod slow_sync;
mod strace;
#[cfg(test)]
mod tests;
pub(crate) mod usage;
mod world;

pub use asks::{Ask, asks};
pub use bench::{Bench, Done};
pub use binary::Binary;
pub use figures::{Drained, Figures, Idle};
pub use floor::Floor;
pub use machine::Machine;
pub use options::Options;
pub use scenario::{Feed, Kind, Scenario, Work};
pub use scenarios::scenarios;

use std::fs;
use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;

/// Everything that was found out in one run; what `--json` writes.
#[derive(Debug, serde::Serialize)]
pub struct Outcome {
    /// Where.
    pub machine: Machine,
    /// What the machine allows.
    pub floor: Floor,
    /// What the daemon did, scenario by scenario.
    pub done: Vec<Done>,
    /// Whether that is enough.
    pub asks: Vec<Ask>,
}

/// Does what is asked for. The exit code is 1 if a scenario failed, and with `--check` also if it
/// is not fast enough.
pub fn main(options: &Options) -> ExitCode {
    match run(options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Standard error may be closed: then nobody wants to know.
            drop(writeln!(io::stderr(), "bench-e2e: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> anyhow::Result<bool> {
    let chosen = options.chosen()?;
    if options.list {
        report::list(&chosen)?;
        return Ok(true);
    }
    let machine = Machine::this();
    let binary = match &options.binary {
        Some(path) => Binary::at(path)?,
        None => Binary::build()?,
    };
    let mut bench = Bench::new(binary, options)?;
    let floor = if options.no_floor { Floor::default() } else { Floor::measure(options)? };
    if !options.no_floor {
        report::floor(&floor)?;
    }
    report::head()?;
    let done = rounds(&mut bench, &chosen, options.runs)?;
    let asks = asks(&done);
    report::asks(&asks)?;
    let outcome = Outcome { machine, floor, done, asks };
    save(options, &outcome)?;
    let failed = outcome.done.iter().any(|done| done.failure.is_some());
    let slow = outcome.asks.iter().any(|ask| !ask.holds);
    let enough = !options.check || !slow;
    Ok(enough && !failed)
}

/// Scenarios take turns: what slows the machine down for a minute meets all of them.
fn rounds(bench: &mut Bench, chosen: &[Scenario], rounds: u32) -> anyhow::Result<Vec<Done>> {
    let mut done: Vec<Done> = chosen.iter().map(Done::nothing_of).collect();
    for _ in 0..rounds {
        for (scenario, done) in chosen.iter().zip(&mut done) {
            if bench.run(scenario, done)? {
                report::run(done)?;
            }
        }
    }
    report::rest(&done)?;
    Ok(done)
}

/// What was called, without the paths of the JSON and of another executable: they say nothing elsewhere.
fn command() -> String {
    let mut words = std::env::args().skip(1).filter(|word| word != "--");
    let mut command = "cargo bench-e2e".to_owned();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--json" => drop(words.next()),
            "--binary" => {
                drop(words.next());
                command.push_str(" --binary PATH");
            }
            word => {
                command.push(' ');
                command.push_str(word);
            }
        }
    }
    command
}

fn save(options: &Options, outcome: &Outcome) -> anyhow::Result<()> {
    let write = |path: &std::path::Path, text: String| {
        fs::write(path, text).with_context(|| format!("could not write {}", path.display()))
    };
    if let Some(path) = &options.json {
        write(path, serde_json::to_string_pretty(outcome)? + "\n")?;
    }
    if let Some(path) = &options.results {
        let by_hand = by_hand(&fs::read_to_string(path).unwrap_or_default()).to_owned();
        write(path, results::page(outcome, &command())? + &by_hand)?;
    }
    Ok(())
}

/// What stands on a page from this line on was written by hand, and is kept.
const BY_HAND: &str = "\n<!-- By hand from here on. -->\n";

fn by_hand(page: &str) -> &str {
    page.find(BY_HAND).and_then(|from| page.get(from..)).unwrap_or_default()
}
