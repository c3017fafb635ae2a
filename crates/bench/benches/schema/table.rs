//! The figures side by side, and whether they are what is asked for.

use std::io::{self, Write as _};

use anyhow::Context as _;
use traild_bench::{LogFile, Timed, Way, rounds};

use crate::allocations;
use crate::pipeline::{Pipeline, STEPS, Step};

const ROUNDS: usize = 31;

/// A line for each step.
pub(crate) struct Table {
    file: String,
    rows: Vec<Row>,
}

struct Row {
    step: Step,
    timed: Timed,
    megabytes: f64,
    events: f64,
    /// For each event more, once all memory is warm.
    allocations: f64,
}

impl Table {
    /// Measures every step on `file`; its allocations by what `file` needs more than `half`.
    pub(crate) fn of(file: &LogFile, half: &LogFile) -> anyhow::Result<Self> {
        let mut pipelines: Vec<_> =
            STEPS.iter().copied().map(Pipeline::new).collect::<anyhow::Result<_>>()?;
        let mut allocated = Vec::new();
        for (step, pipeline) in STEPS.iter().zip(&mut pipelines) {
            allocated.push(per_event(pipeline, file, half).with_context(|| step.name())?);
        }
        let mut ways: Vec<Way<'_>> = STEPS
            .iter()
            .zip(&mut pipelines)
            .map(|(step, pipeline)| {
                // That it succeeds was seen above.
                Way::new(step.name(), || drop(pipeline.run(file)))
            })
            .collect();
        let timed = rounds(&mut ways, ROUNDS);
        let rows = STEPS.iter().zip(timed).zip(allocated).map(|((&step, timed), allocations)| {
            let seconds = timed.median.as_secs_f64();
            let megabytes = file.size as f64 / 1e6 / seconds;
            Row { step, timed, megabytes, events: file.events as f64 / seconds, allocations }
        });
        let (from, to) = (file.object.len() as f64 / 1e6, file.size as f64 / 1e6);
        let packed = to / from;
        let file = format!("{} events, {to:.1} MB, packed {packed:.1} times", file.events);
        Ok(Self { file, rows: rows.collect() })
    }

    /// Whether every step is as fast as asked and allocates nothing for an event.
    pub(crate) fn is_enough(&self) -> bool {
        self.rows.iter().all(Row::is_enough)
    }

    pub(crate) fn print(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "\n{}; one core, medians of {ROUNDS} rounds", self.file)?;
        writeln!(
            out,
            "{:16}{:>8}{:>11}{:>12}{:>6}{:>14}",
            "", "MB/s", "events/s", "of inflate", "ask", "allocs/event"
        )?;
        for row in &self.rows {
            let Row { step, timed, megabytes, events, allocations } = row;
            let ask = step.ask().map_or_else(String::new, |ask| format!("{ask:.2}"));
            let verdict = if row.is_enough() { "" } else { "  NOT ENOUGH" };
            let (name, ratio) = (timed.name, timed.ratio);
            writeln!(
                out,
                "{name:16}{megabytes:8.0}{events:11.0}{ratio:12.3}{ask:>6}{allocations:14.4}{verdict}"
            )?;
        }
        Ok(())
    }
}

impl Row {
    fn is_enough(&self) -> bool {
        self.allocations <= 0.0 && self.step.ask().is_none_or(|ask| self.timed.ratio >= ask)
    }
}

/// Allocations for each event that `file` has more than `half`; what a file costs falls out.
fn per_event(pipeline: &mut Pipeline, file: &LogFile, half: &LogFile) -> anyhow::Result<f64> {
    pipeline.run(file)?;
    let mut during = |file| {
        let (count, result) = allocations::during(|| pipeline.run(file));
        result.map(|()| count as f64)
    };
    Ok((during(file)? - during(half)?) / (file.events - half.events) as f64)
}
