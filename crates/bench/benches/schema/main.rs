//! Log files to lines, by schema, against inflation alone: how fast, and with how many allocations.
//!
//! In reading order: `pipeline` is what is measured, `allocations` counts, `table` says what came
//! of it and whether it is enough. `README.md` says how to run it.
#![forbid(unsafe_code)]

mod allocations;
mod pipeline;
mod table;

use std::process::ExitCode;

use anyhow::Context as _;
use criterion::{Criterion, Throughput};
use traild_bench::LogFile;

use pipeline::{Pipeline, STEPS};
use table::Table;

const EVENTS: usize = 16_000;
/// Where criterion only tries out whether everything runs.
const FEW_EVENTS: usize = 100;

fn main() -> anyhow::Result<ExitCode> {
    let asked = |flag: &str| std::env::args().any(|argument| argument == flag);
    // Criterion refuses flags that it does not know.
    if asked("--check") {
        let table = Table::of(&LogFile::of(EVENTS)?, &LogFile::of(EVENTS / 2)?)?;
        table.print()?;
        return Ok(if table.is_enough() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    if asked("--bench") {
        let file = LogFile::of(EVENTS)?;
        criterion_groups(&file)?;
        Table::of(&file, &LogFile::of(EVENTS / 2)?)?.print()?;
    } else {
        criterion_groups(&LogFile::of(FEW_EVENTS)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn criterion_groups(file: &LogFile) -> anyhow::Result<()> {
    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    let mut group = criterion.benchmark_group("schema");
    group.throughput(Throughput::Bytes(u64::try_from(file.size)?));
    for &step in STEPS {
        let mut pipeline = Pipeline::new(step)?;
        pipeline.run(file).with_context(|| step.name())?;
        group.bench_function(step.name(), |bencher| bencher.iter(|| pipeline.run(file)));
    }
    group.finish();
    criterion.final_summary();
    Ok(())
}
