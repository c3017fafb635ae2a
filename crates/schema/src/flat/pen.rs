//! Writing a derived column once for both forms.

use super::cell::{self, Held};
use crate::append::append;
use crate::convert;
use crate::table::Wrote;
use trail_event::{Text, Timestamp, Value};

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
            Self::Cell(held) => held.set(cell::Value::Boolean(boolean)),
        }
    }

    pub(super) fn integer(&mut self, integer: i64) {
        match self {
            Self::Json(line) => convert::number(integer, line),
            Self::Cell(held) => held.set(cell::Value::Integer(integer)),
        }
    }

    /// Writes the day of the moment that a value says.
    pub(super) fn day(&mut self, time: Timestamp, value: Value<'_>) {
        match self {
            Self::Json(line) => {
                line.push(b'"');
                match day_of_usual(value) {
                    Some(day) => append(day, line),
                    None => time.append_day(line),
                }
                line.push(b'"');
            }
            Self::Cell(held) => held.set(cell::Value::Day(time)),
        }
    }
}

/// The day of a time in CloudTrail's own form, `2023-07-10T11:44:26Z`, which is its beginning: a
/// leap second would belong to the next.
fn day_of_usual(value: Value<'_>) -> Option<&[u8]> {
    match value.text()?.escaped().as_bytes() {
        text @ [_, _, _, _, b'-', _, _, b'-', _, _, b'T', .., b':', b'0'..b'6', _, b'Z']
            if text.len() == "2023-07-10T11:44:26Z".len() =>
        {
            text.get(.."2023-07-10".len())
        }
        _ => None,
    }
}
