//! What is done with a log file: less or more of what the daemon does between fetching and sending.

use std::convert::Infallible;
use std::hint::black_box;
use std::ops::ControlFlow;

use anyhow::{Context as _, ensure};
use trail_event::{Batch, Selectors, Set};
use trail_logfile::{Limits, Quotes, Record, inflate_whole, split_runs};
use trail_schema::Schema;
use traild_bench::{LogFile, Parcel};

/// How far a file is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Inflated in one shot: the yardstick.
    Inflate,
    /// And split into records.
    Split,
    /// And the fields of each record found.
    Read,
    /// And each record asked whether it belongs to any of the ready sets.
    Select,
    /// Read, and each record encoded and appended to a parcel with a line break.
    Encode(Schema),
}

/// Everything that is measured, the yardstick first. A schema more is a line more.
pub(crate) const STEPS: &[Step] = &[
    Step::Inflate,
    Step::Split,
    Step::Read,
    Step::Select,
    Step::Encode(Schema::CloudTrail),
    Step::Encode(Schema::Ocsf18),
    Step::Encode(Schema::Ocsf11),
    Step::Encode(Schema::Ecs),
    Step::Encode(Schema::Flat),
];

impl Step {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Inflate => "inflate",
            Self::Split => "inflate + split",
            Self::Read => "... + read",
            Self::Select => "... + select",
            Self::Encode(schema) => schema.name(),
        }
    }

    /// What its speed is to be at least, as a part of that of inflation alone.
    pub(crate) fn ask(self) -> Option<f64> {
        match self {
            Self::Inflate | Self::Split | Self::Read | Self::Select => None,
            Self::Encode(Schema::CloudTrail) => Some(0.5),
            Self::Encode(_) => Some(0.2),
        }
    }
}

/// One step with the memory it keeps from file to file.
pub(crate) struct Pipeline {
    step: Step,
    limits: Limits,
    selectors: Selectors,
    batch: Batch,
    parcel: Parcel,
}

impl Pipeline {
    pub(crate) fn new(step: Step) -> anyhow::Result<Self> {
        let parcel = Parcel::new(match step {
            Step::Encode(schema) => schema,
            Step::Inflate | Step::Split | Step::Read | Step::Select => Schema::default(),
        });
        let is_read = matches!(step, Step::Read | Step::Select);
        let quotes = if is_read { Quotes::Note } else { parcel.quotes() };
        Ok(Self {
            step,
            limits: Limits { quotes, ..Limits::default() },
            selectors: Selectors::parse(&Set::ALL.map(|set| set.name), &[] as &[&str])?,
            batch: Batch::default(),
            parcel,
        })
    }

    /// Takes a file through. A file that is refused halfway would look fast: that is an error.
    pub(crate) fn run(&mut self, file: &LogFile) -> anyhow::Result<()> {
        let json = inflate_whole(&file.object, file.size).context("not one gzip member")?;
        if self.step == Step::Inflate {
            black_box(&json);
            return Ok(());
        }
        let limits = self.limits;
        let summary = split_runs(&json, &limits, |run| {
            match self.step {
                Step::Inflate | Step::Split => _ = black_box(run),
                Step::Read | Step::Select => self.read(run),
                Step::Encode(_) => {
                    let Ok(()) = self.parcel.add(run, nowhere);
                }
            }
            ControlFlow::Continue(())
        })?;
        let Ok(()) = self.parcel.send(nowhere);
        ensure!(summary.records == file.events as u64, "{} records", summary.records);
        Ok(())
    }

    fn read(&mut self, run: &[Record<'_>]) {
        let records = run.iter().map(|record| (record.index, record.json, record.quotes));
        for event in self.batch.read(records) {
            if self.step == Step::Select {
                black_box(self.selectors.choose(&event));
            } else {
                black_box(event);
            }
        }
    }
}

fn nowhere(lines: &[u8]) -> Result<(), Infallible> {
    black_box(lines);
    Ok(())
}
