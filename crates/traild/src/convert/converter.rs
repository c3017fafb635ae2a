//! Turning records into lines, or one of them into a table.

use super::explain;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use trail_event::{Choice, Reader, Selectors};
use trail_ingest::chain;
use trail_logfile::{Limits, Record};
use trail_schema::{Encoder, Format, Redaction, Scratch};

/// What is made of the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// A line of each that is wanted.
    Write,
    /// A table of one: the `nth` that is wanted, from 1.
    Explain { nth: u64 },
}

/// Why nothing more is converted.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It is done, before the end of the input.
    Enough,
    /// The output takes nothing more.
    Output(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Turns records into output.
pub(super) struct Converter<W> {
    encoder: Encoder,
    /// What a table does not show: what the format hides, and session credentials in any case.
    hidden: [Redaction; 2],
    choices: Vec<Selectors>,
    task: Task,
    /// Records that were wanted so far.
    wanted: u64,
    reader: Reader,
    scratch: Scratch,
    line: Vec<u8>,
    out: W,
}

impl<W: Write> Converter<W> {
    pub(super) fn new(format: &Format, task: Task, out: W) -> Self {
        Self {
            encoder: Encoder::new(format),
            hidden: [format.redaction.clone(), Redaction::session_credentials()],
            choices: Vec::new(),
            task,
            wanted: 0,
            reader: Reader::new(),
            scratch: Scratch::default(),
            line: Vec::new(),
            out,
        }
    }

    /// Wants only what these choose, too.
    pub(super) fn choose(&mut self, selectors: Selectors) {
        self.choices.push(selectors);
    }

    /// Converts a log file, as far as it is sound.
    pub(super) fn log_file(
        &mut self,
        object: impl Read,
        tell: &mut dyn FnMut(Option<u64>, &str),
    ) -> Result<(), Trouble> {
        let mut converted = Ok(());
        let each = |record: Record<'_>| {
            converted = self.record(record.index, record.json);
            if converted.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let summary = trail_logfile::stream(object, &Limits::default(), each);
        if let Err(error) = summary {
            tell(None, &chain(&error));
        }
        converted
    }

    /// Converts one record, a valid JSON object, if it is wanted.
    pub(super) fn record(&mut self, index: u64, json: &str) -> Result<(), Trouble> {
        let event = self.reader.read(index, json);
        let is_wanted =
            |selectors: &Selectors| matches!(selectors.choose(&event), Choice::Selected { .. });
        if !self.choices.iter().all(is_wanted) {
            return Ok(());
        }
        self.wanted += 1;
        match self.task {
            Task::Write => {
                self.line.clear();
                self.encoder.encode(&event, &mut self.scratch, &mut self.line);
                self.line.push(b'\n');
                self.out.write_all(&self.line)?;
            }
            Task::Explain { nth } if nth == self.wanted => {
                let traces = self.encoder.explain(&event, &mut self.scratch);
                let table = explain::table(&event, &traces, &self.hidden);
                self.out.write_all(table.as_bytes())?;
                self.out.flush()?;
                return Err(Trouble::Enough);
            }
            Task::Explain { .. } => {}
        }
        Ok(())
    }

    /// What was asked for and not found.
    pub(super) fn unfinished(&self) -> Option<String> {
        match (self.task, self.wanted) {
            (Task::Explain { nth }, wanted) if wanted < nth => {
                Some(format!("there is no event {nth} to explain: {wanted} were found"))
            }
            _ => None,
        }
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
