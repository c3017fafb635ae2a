//! The shape of a log file: an object with `Records`, or a bare array, and what may stand around.

use std::ops::ControlFlow;

use crate::error::{Cause, Fault, TEXT};
use crate::feed::Feed;
use crate::json::{self, Flaw, Scan, is_space};
use crate::{Error, Limits, Quotes, Record, Summary};

mod run;

use run::Run;

/// Drives a feed to its end and hands out the records on the way.
pub(crate) struct Splitter<'l, F, R> {
    feed: F,
    limits: &'l Limits,
    scan: Scan,
    run: Run,
    on_run: R,
    /// Records handed out.
    count: u64,
}

impl<'l, F, R> Splitter<'l, F, R>
where
    F: Feed,
    R: FnMut(&[Record<'_>]) -> ControlFlow<usize>,
{
    /// `on_run` is given records that follow one another, and breaks with the number of those that
    /// it has taken.
    pub(crate) fn new(feed: F, limits: &'l Limits, on_run: R) -> Self {
        let scan = Scan::new(limits.depth, quotes(limits));
        Self { feed, limits, scan, run: Run::default(), on_run, count: 0 }
    }

    pub(crate) fn run(mut self) -> Result<Summary, Error> {
        let flow = self.file().map_err(|fault| fault.after(self.count))?;
        Ok(Summary {
            records: self.count,
            decompressed: self.feed.offset(),
            stopped: flow.is_break(),
            sha256: if flow.is_break() { None } else { self.feed.sha256() },
        })
    }

    fn file(&mut self) -> Result<ControlFlow<()>, Fault> {
        let flow = match self.token()? {
            b'{' => self.object()?,
            b'[' => self.array()?,
            _ => return Err(self.not_json("neither an object nor an array")),
        };
        if flow.is_continue() && self.token_or_end()?.is_some() {
            return Err(self.fault(Cause::TrailingBytes(TEXT)));
        }
        Ok(flow)
    }

    fn object(&mut self) -> Result<ControlFlow<()>, Fault> {
        let mut seen = false;
        self.feed.consume(1);
        let mut close = self.token()? == b'}';
        while !close {
            if self.key()? {
                if seen {
                    return Err(self.not_json("a second Records"));
                }
                if self.token()? != b'[' {
                    return Err(self.fault(Cause::RecordsMissing));
                }
                seen = true;
                if self.array()?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            } else {
                self.token()?;
                let length = self.value()?;
                self.feed.consume(length);
            }
            close = self.comma_or(b'}')?;
        }
        if !seen {
            return Err(self.fault(Cause::RecordsMissing));
        }
        self.feed.consume(1);
        Ok(ControlFlow::Continue(()))
    }

    /// Reads a key and its colon: whether the key is `Records`.
    fn key(&mut self) -> Result<bool, Fault> {
        if self.token()? != b'"' {
            return Err(self.not_json("expected a key"));
        }
        let length = self.value()?;
        let is_records = self.feed.bytes().get(..length) == Some(br#""Records""#);
        self.feed.consume(length);
        if self.token()? != b':' {
            return Err(self.not_json("expected a colon"));
        }
        self.feed.consume(1);
        Ok(is_records)
    }

    fn array(&mut self) -> Result<ControlFlow<()>, Fault> {
        self.feed.consume(1);
        let mut close = self.token()? == b']';
        while !close {
            if self.token()? != b'{' {
                return Err(self.not_json("expected a record, an object"));
            }
            if self.records()?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            close = self.comma_or(b']')?;
        }
        self.feed.consume(1);
        Ok(ControlFlow::Continue(()))
    }

    /// Hands out the record that starts here, and those behind it that are at hand.
    fn records(&mut self) -> Result<ControlFlow<()>, Fault> {
        let length = self.value()?;
        let (bytes, offset) = (self.feed.bytes(), self.feed.offset());
        self.run.find(&mut self.scan, bytes, length, self.limits.record);
        let mut records = [Record::NONE; Run::MOST];
        let count = self.run.fill(&mut records, bytes, (offset, self.count), self.scan.quotes());
        if count == 0 {
            return Err(self.not_json("a record is not UTF-8"));
        }
        let (taken, flow) = match (self.on_run)(records.get(..count).unwrap_or_default()) {
            ControlFlow::Continue(()) => (count, ControlFlow::Continue(())),
            ControlFlow::Break(taken) => (taken, ControlFlow::Break(())),
        };
        self.count += taken as u64;
        self.feed.consume(self.run.length(taken));
        Ok(flow)
    }

    /// Behind an element: consumes a comma, or stays in front of the closing bracket (true).
    fn comma_or(&mut self, bracket: u8) -> Result<bool, Fault> {
        match self.token()? {
            b',' => self.feed.consume(1),
            byte if byte == bracket => return Ok(true),
            _ => return Err(self.not_json("expected a comma or a closing bracket")),
        }
        Ok(false)
    }

    /// Brings the value that starts here to hand, validated: its length.
    ///
    /// Never looks at more than one byte past the cap, so that whatever is at hand, the same
    /// bytes decide.
    fn value(&mut self) -> Result<usize, Fault> {
        let cap = self.limits.record;
        self.scan.restart(0);
        loop {
            let at_hand = self.feed.bytes();
            let seen = at_hand.get(..=cap).unwrap_or(at_hand);
            let reached = seen.len();
            match self.scan.advance(seen).map_err(|flaw| self.flaw(flaw))? {
                Some(length) if length <= cap => return Ok(length),
                None if reached <= cap => {}
                Some(_) | None => return Err(self.fault(Cause::RecordTooLarge(cap))),
            }
            if !self.feed.more()? {
                let end = self.feed.offset() + reached as u64;
                return Err(Cause::Truncated(TEXT).at(end));
            }
        }
    }

    /// Skips whitespace: the byte that follows, which is not consumed.
    fn token(&mut self) -> Result<u8, Fault> {
        self.token_or_end()?.ok_or_else(|| self.fault(Cause::Truncated(TEXT)))
    }

    fn token_or_end(&mut self) -> Result<Option<u8>, Fault> {
        loop {
            let bytes = self.feed.bytes();
            let found = bytes.iter().enumerate().find(|(_, byte)| !is_space(**byte));
            if let Some((spaces, &byte)) = found {
                self.feed.consume(spaces);
                return Ok(Some(byte));
            }
            let spaces = bytes.len();
            self.feed.consume(spaces);
            if !self.feed.more()? {
                return Ok(None);
            }
        }
    }

    fn flaw(&self, flaw: Flaw) -> Fault {
        let (at, cause) = match flaw {
            Flaw::Syntax { at, what } => (at, Cause::NotJson(what)),
            Flaw::Depth { at } => (at, Cause::TooDeep(self.limits.depth)),
        };
        cause.at(self.feed.offset() + at as u64)
    }

    fn not_json(&self, what: &'static str) -> Fault {
        self.fault(Cause::NotJson(what))
    }

    fn fault(&self, cause: Cause) -> Fault {
        cause.at(self.feed.offset())
    }
}

fn quotes(limits: &Limits) -> json::Quotes {
    match limits.quotes {
        Quotes::Note if u32::try_from(limits.record).is_ok() => json::Quotes::noted(),
        Quotes::Note | Quotes::Skip => json::Quotes::skipped(),
    }
}

#[cfg(test)]
mod tests;
