//! What is done with a log file: less or more of what the daemon does between fetching and sending.

use std::hint::black_box;
use std::ops::ControlFlow;

use anyhow::{Context as _, ensure};
use trail_event::{Batch, Selectors, Set};
use trail_logfile::{Limits, Quotes, Record, inflate_whole, split_runs};
use trail_schema::{Encoder, Format, Redaction, Schema, Scratch};
use traild_bench::LogFile;

/// As many bytes as the daemon puts into one parcel.
const PARCEL_BYTES: usize = 1 << 20;

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
    encoder: Encoder,
    batch: Batch,
    scratch: Scratch,
    parcel: Vec<u8>,
}

impl Pipeline {
    pub(crate) fn new(step: Step) -> anyhow::Result<Self> {
        let schema = match step {
            Step::Encode(schema) => schema,
            Step::Inflate | Step::Split | Step::Read | Step::Select => Schema::default(),
        };
        // What a daemon hides unless it is told otherwise.
        let redaction = if schema == Schema::CloudTrail {
            Redaction::default()
        } else {
            Redaction::session_credentials()
        };
        let encoder = Encoder::new(&Format { schema, redaction, ..Format::default() });
        let is_read = matches!(step, Step::Read | Step::Select) || !encoder.is_verbatim();
        let quotes = if is_read { Quotes::Note } else { Quotes::Skip };
        let selectors = Selectors::parse(&Set::ALL.map(|set| set.name), &[] as &[&str])?;
        Ok(Self {
            step,
            limits: Limits { quotes, ..Limits::default() },
            encoder,
            batch: Batch::default(),
            scratch: Scratch::default(),
            parcel: Vec::with_capacity(2 * PARCEL_BYTES),
            selectors,
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
                Step::Encode(_) if self.encoder.is_verbatim() => self.copy(run),
                Step::Read | Step::Select | Step::Encode(_) => self.read(run),
            }
            ControlFlow::Continue(())
        })?;
        self.send();
        ensure!(summary.records == file.events as u64, "{} records", summary.records);
        Ok(())
    }

    /// As the daemon does: a record that is kept as it is need not be understood.
    fn copy(&mut self, run: &[Record<'_>]) {
        for record in run {
            Encoder::copy(record.json, &mut self.parcel);
            self.end_line();
        }
    }

    fn read(&mut self, run: &[Record<'_>]) {
        let mut batch = std::mem::take(&mut self.batch);
        let records = run.iter().map(|record| (record.index, record.json, record.quotes));
        for event in batch.read(records) {
            match self.step {
                Step::Select => _ = black_box(self.selectors.choose(&event)),
                Step::Encode(_) => {
                    self.encoder.encode(&event, &mut self.scratch, &mut self.parcel);
                    self.end_line();
                }
                Step::Inflate | Step::Split | Step::Read => _ = black_box(event),
            }
        }
        self.batch = batch;
    }

    fn end_line(&mut self) {
        self.parcel.push(b'\n');
        if self.parcel.len() >= PARCEL_BYTES {
            self.send();
        }
    }

    fn send(&mut self) {
        black_box(&self.parcel);
        self.parcel.clear();
    }
}
