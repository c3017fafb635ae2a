//! Runs the simulation of the tests over any number of seeds: `--seeds N` (from `--from`, 0 unless it
//! is given), or one of them with `--seed N`, which prints its trace with `--trace`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test program may panic")]

#[path = "../tests/simulation/chance.rs"]
mod chance;
#[path = "../tests/simulation/many.rs"]
mod many;
#[path = "../tests/simulation/objects.rs"]
mod objects;
#[path = "../tests/simulation/plan.rs"]
mod plan;
#[path = "../tests/simulation/queue.rs"]
mod queue;
#[path = "../tests/simulation/replica.rs"]
mod replica;
#[path = "../tests/simulation/run.rs"]
mod run;
#[path = "../tests/simulation/shelf.rs"]
mod shelf;
#[path = "../tests/simulation/sinks.rs"]
mod sinks;
#[path = "../tests/simulation/store.rs"]
mod store;
#[path = "../tests/simulation/world.rs"]
mod world;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> std::io::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1)?.parse::<u64>().ok()
    };
    let (begun, mut out) = (Instant::now(), std::io::stdout().lock());
    if let Some(seed) = number("--seed") {
        let outcome = run::run(seed);
        if arguments.iter().any(|argument| argument == "--trace") {
            out.write_all(outcome.trace.as_bytes())?;
        }
        writeln!(out, "{}", outcome.report())?;
        return Ok(code(outcome.broken.is_empty()));
    }
    let from = number("--from").unwrap_or(0);
    let seeds = from..from + number("--seeds").unwrap_or(1_000);
    let failed = many::run_all(seeds.clone(), 100);
    for outcome in &failed {
        writeln!(out, "{}", outcome.report())?;
    }
    let (count, took) = (seeds.end - seeds.start, begun.elapsed());
    writeln!(out, "{count} seeds from {from}, {} failed, {took:.1?}", failed.len())?;
    Ok(code(failed.is_empty()))
}

fn code(passed: bool) -> ExitCode {
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
