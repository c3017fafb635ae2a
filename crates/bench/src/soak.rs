//! The soak: the release binary of traild at full load, with every fault of the [`server`] at a low
//! rate, stopped once and killed twice. Nothing may be lost, and nothing may grow.
//!
//! In go [`Options`], out come a verdict, a chart, and all figures as JSON.
//!
//! In reading order: `load` uploads what `template` makes and `ledger` remembers; `world` is around
//! the daemon; `watch` goes through the `plan` and takes a `sample` each second, while `collector`
//! reads what the sinks wrote; `verdict`, `chart` and `report` say what was
//! seen.
//!
//! [`server`]: crate::server

mod bitmap;
mod chart;
mod collector;
mod ledger;
mod load;
mod options;
mod outcome;
mod plan;
mod report;
mod sample;
mod template;
#[cfg(test)]
mod tests;
mod verdict;
mod watch;
mod world;

pub use options::Options;

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::e2e::{Binary, Machine};
use anyhow::{Context as _, anyhow};
use load::Load;
use outcome::Outcome;
use plan::Mark;
use watch::{Seen, Watch};
use world::{SINKS, World};

/// How often folders of sinks are looked at.
const COLLECT: Duration = Duration::from_millis(100);

/// Runs it. The exit code is 1 if something was lost, came from nowhere, or grew.
pub fn main(options: &Options) -> ExitCode {
    match run(options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Standard error may be closed: then nobody wants to know.
            drop(writeln!(io::stderr(), "soak: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> anyhow::Result<bool> {
    let machine = Machine::this();
    let binary = match &options.binary {
        Some(path) => Binary::at(path)?,
        None => Binary::build()?,
    };
    let mut world = World::new(binary, options.directory.as_deref())?;
    if options.keep {
        world.keep()?;
    }
    let length = Duration::from_secs_f64(options.minutes * 60.0);
    let plan = if options.calm { Vec::new() } else { plan::plan(length) };
    let (seen, failure) = soak(&world, plan, length)?;
    let outcome = Outcome::of(machine, options, &world, seen, failure)?;
    write!(io::stdout(), "{}", report::verdict(&outcome))?;
    save(options, &outcome)?;
    let holds = outcome.findings.iter().all(|finding| finding.holds);
    if !holds && !options.keep {
        world.keep()?;
    }
    Ok(holds)
}

/// Load, collectors and the watch, side by side. What was seen, and what ended it early.
fn soak(
    world: &World,
    plan: Vec<Mark>,
    length: Duration,
) -> anyhow::Result<(Seen, Option<anyhow::Error>)> {
    let load = Load::new()?;
    let mut watch = Watch::start(world, plan)?;
    let (fed, written) = (AtomicBool::new(false), AtomicBool::new(false));
    thread::scope(|scope| {
        let load = scope.spawn(|| load.run(&world.server, world.shared_ledger(), &fed));
        let collect = |sink| {
            let written = &written;
            move || collect(world, sink, written)
        };
        let collectors: Vec<_> = (0..SINKS.len()).map(|sink| scope.spawn(collect(sink))).collect();
        let watched = watch.run(length);
        fed.store(true, Ordering::Relaxed);
        let ended = watched.and_then(|()| watch.drain());
        let (seen, stopped) = watch.stop();
        written.store(true, Ordering::Relaxed);
        load.join().map_err(|_| anyhow!("the load panicked"))??;
        for collector in collectors {
            collector.join().map_err(|_| anyhow!("a collector panicked"))??;
        }
        Ok((seen, ended.and(stopped).err()))
    })
}

/// Reads what a sink writes, until all of it `is_written`.
fn collect(world: &World, sink: usize, is_written: &AtomicBool) -> anyhow::Result<()> {
    let folder = world.sink(SINKS.get(sink).context("no such sink")?);
    loop {
        // Looked at before the folder: what is closed last is not missed.
        let is_last = is_written.load(Ordering::Relaxed);
        collector::collect(&folder, sink, world.shared_ledger())?;
        if is_last {
            return Ok(());
        }
        thread::sleep(COLLECT);
    }
}

fn save(options: &Options, outcome: &Outcome) -> anyhow::Result<()> {
    let write = |path: &Path, text: String| {
        fs::write(path, text).with_context(|| format!("could not write {}", path.display()))
    };
    if let Some(path) = &options.json {
        write(path, serde_json::to_string_pretty(outcome)? + "\n")?;
    }
    if let Some(path) = &options.chart {
        write(path, chart::draw(&outcome.samples, &outcome.marks)?)?;
    }
    if let Some(path) = &options.page {
        let chart = options.chart.as_deref().and_then(Path::file_name).unwrap_or_default();
        write(path, report::page(outcome, &chart.to_string_lossy()))?;
    }
    Ok(())
}
