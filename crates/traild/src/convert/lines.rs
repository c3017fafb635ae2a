//! Records, one a line.

use super::converter::{Converter, Trouble};
use std::io::{self, BufRead, Cursor, Read, Write};
use std::ops::ControlFlow;
use trail_logfile::{Error, Limits, Record};

/// Converts each line. One that is no record is told, and the others go on; empty ones say nothing.
pub(super) fn convert(
    text: Box<dyn BufRead + '_>,
    limits: &Limits,
    converter: &mut Converter<impl Write>,
    tell: &mut dyn FnMut(Option<u64>, &str),
) -> Result<(), Trouble> {
    let mut lines = Lines { text, number: 0, record: limits.record };
    let mut line = Vec::new();
    loop {
        match lines.next(&mut line) {
            Ok(Next::Line) => {}
            Ok(Next::TooLong) => {
                tell(Some(lines.number), &format!("longer than {} bytes", limits.record));
                continue;
            }
            Ok(Next::End) => return Ok(()),
            Err(error) => {
                tell(Some(lines.number + 1), &format!("could not be read further: {error}"));
                return Ok(());
            }
        }
        match record(&line, lines.number, limits, converter)? {
            Ok(()) => {}
            Err(Flaw::Cut) if lines.number == 1 => {
                return spread(line, lines, limits, converter, tell);
            }
            Err(Flaw::Cut) => tell(Some(lines.number), "ends in the middle of a record"),
            Err(Flaw::Within(flaw)) => tell(Some(lines.number), &flaw),
        }
    }
}

/// The first line is only the beginning of a record: is the whole file one, over several lines?
fn spread(
    first: Vec<u8>,
    mut lines: Lines<'_>,
    limits: &Limits,
    converter: &mut Converter<impl Write>,
    tell: &mut dyn FnMut(Option<u64>, &str),
) -> Result<(), Trouble> {
    let mut rest = Vec::new();
    let read = lines.text.by_ref().take(limits.record as u64).read_to_end(&mut rest);
    if read.is_ok() {
        let whole = [first.as_slice(), b"\n", rest.as_slice()].concat();
        if record(&whole, 1, limits, converter)?.is_ok() {
            return Ok(());
        }
    }
    tell(
        Some(1),
        "ends in the middle of a record: each must stand on one line, as jq -c writes it",
    );
    // An empty line stands for the first, so that the numbers are those of the file.
    let text = Cursor::new(*b"\n").chain(Cursor::new(rest)).chain(lines.text);
    convert(Box::new(text), limits, converter, tell)
}

/// Converts a line that is one record, or says what else it is. It is given to the reader of log
/// files, as a file with this record alone: what holds there holds here.
fn record(
    line: &[u8],
    number: u64,
    limits: &Limits,
    converter: &mut Converter<impl Write>,
) -> Result<Result<(), Flaw>, Trouble> {
    let line = line.trim_ascii();
    if line.is_empty() {
        return Ok(Ok(()));
    }
    let file = [b"[", line, b"]"].concat();
    let mut converted = Ok(());
    let each = |record: Record<'_>| {
        // Anything behind it is told by the error that follows, before anything is written.
        if record.json.len() == line.len() {
            converted = converter.record(number - 1, record.json);
        }
        ControlFlow::Continue(())
    };
    let split = trail_logfile::split(&file, limits, each);
    converted?;
    Ok(split.map(drop).map_err(|error| Flaw::of(&error, line.len())))
}

/// Why a line is no record.
enum Flaw {
    /// It ends too early.
    Cut,
    /// Something in it is wrong.
    Within(String),
}

impl Flaw {
    /// The bracket before the line makes an offset a column; the one behind it is its end.
    fn of(error: &Error, length: usize) -> Self {
        let column = error.offset();
        Self::Within(match error {
            _ if column > length as u64 => return Self::Cut,
            Error::NotJson { what, .. } => format!("not a record of JSON at byte {column}: {what}"),
            Error::TooDeep { limit, .. } => {
                format!("nested deeper than {limit} levels at byte {column}")
            }
            Error::RecordTooLarge { limit, .. } => format!("longer than {limit} bytes"),
            Error::Read { .. }
            | Error::Gzip { .. }
            | Error::Truncated { .. }
            | Error::TrailingBytes { .. }
            | Error::TooLarge { .. }
            | Error::RecordsMissing { .. } => error.to_string(),
        })
    }
}

struct Lines<'i> {
    text: Box<dyn BufRead + 'i>,
    /// Of the line read last, from 1.
    number: u64,
    /// Bytes a line may have.
    record: usize,
}

enum Next {
    Line,
    TooLong,
    End,
}

impl Lines<'_> {
    /// Reads the next line; of one that is too long no more than that is held.
    fn next(&mut self, line: &mut Vec<u8>) -> io::Result<Next> {
        line.clear();
        let most = self.record as u64 + 2;
        if self.text.by_ref().take(most).read_until(b'\n', line)? == 0 {
            return Ok(Next::End);
        }
        self.number += 1;
        if line.ends_with(b"\n") || (line.len() as u64) < most {
            return Ok(Next::Line);
        }
        self.text.skip_until(b'\n')?;
        Ok(Next::TooLong)
    }
}
