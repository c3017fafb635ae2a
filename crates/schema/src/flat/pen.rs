//! Writing a derived column once for both forms.

use super::cell::{Held, Value};
use crate::convert;
use crate::table::Wrote;
use trail_event::{Text, Timestamp};

/// Writes one value, as JSON or into a cell. Nothing written is a null.
#[derive(Debug)]
pub(super) enum Pen<'p> {
    Json(&'p mut Vec<u8>),
    Cell(&'p mut Held),
}

impl Pen<'_> {
    /// Appends the JSON of what `write` writes.
    #[inline]
    pub(super) fn json(line: &mut Vec<u8>, write: impl FnOnce(&mut Pen<'_>)) -> Wrote {
        let start = line.len();
        write(&mut Pen::Json(line));
        if line.len() == start { Wrote::Nothing } else { Wrote::Part }
    }

    /// Writes text, put together of parts of the record.
    pub(super) fn parts(&mut self, parts: &[Text<'_>]) {
        match self {
            Self::Json(line) => {
                line.push(b'"');
                parts.iter().for_each(|part| line.extend_from_slice(part.escaped().as_bytes()));
                line.push(b'"');
            }
            Self::Cell(held) => parts.iter().for_each(|part| held.append(*part)),
        }
    }

    /// Writes text that is not of the record.
    pub(super) fn text(&mut self, text: &str) {
        match self {
            Self::Json(line) => convert::plain(text, line),
            Self::Cell(held) => held.append_plain(text),
        }
    }

    pub(super) fn boolean(&mut self, boolean: bool) {
        match self {
            Self::Json(line) => line.extend_from_slice(if boolean { b"true" } else { b"false" }),
            Self::Cell(held) => held.set(Value::Boolean(boolean)),
        }
    }

    pub(super) fn integer(&mut self, integer: i64) {
        match self {
            Self::Json(line) => convert::number(integer, line),
            Self::Cell(held) => held.set(Value::Integer(integer)),
        }
    }

    /// Writes the day of a moment.
    pub(super) fn day(&mut self, time: Timestamp) {
        match self {
            Self::Json(line) => {
                line.push(b'"');
                time.append_day(line);
                line.push(b'"');
            }
            Self::Cell(held) => held.set(Value::Day(time)),
        }
    }
}
