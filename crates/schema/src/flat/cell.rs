//! Cells, as sinks see them.

use super::columns::{ColumnKind, says_nothing};
use super::pen::Pen;
use crate::program::{Taken, take};
use crate::remaining::{Remaining, Scratch};
use crate::table::{Form, Wrote};
use trail_event::{Event, Field, Text, Timestamp, Value as Json};

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'c> {
    /// Nothing.
    Null,
    /// Text, or the text of JSON.
    Text(&'c str),
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Milliseconds since 1970, UTC.
    Timestamp(i64),
    /// Days since 1970-01-01, UTC.
    Day(i32),
}

/// The value of a cell that is being made. Memory is kept from one cell to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held {
    text: String,
    value: Value,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Value {
    #[default]
    Null,
    /// What `text` is.
    Text,
    Boolean(bool),
    Integer(i64),
    Day(Timestamp),
}

/// Bytes of text kept from one cell to the next.
const KEPT: usize = 64 * 1024;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

impl Held {
    /// The cell of what `write` writes.
    pub(super) fn write(&mut self, write: impl FnOnce(&mut Pen<'_>)) -> Cell<'_> {
        self.clear();
        write(&mut Pen::Cell(self));
        match self.value {
            Value::Null => Cell::Null,
            Value::Text => Cell::Text(&self.text),
            Value::Boolean(boolean) => Cell::Boolean(boolean),
            Value::Integer(integer) => Cell::Integer(integer),
            Value::Day(time) => day(time),
        }
    }

    pub(super) fn set(&mut self, value: Value) {
        self.value = value;
    }

    pub(super) fn append(&mut self, text: Text<'_>) {
        self.value = Value::Text;
        match text.plain() {
            Some(plain) => self.text.push_str(plain),
            None => self.text.extend(text.chars()),
        }
    }

    pub(super) fn append_plain(&mut self, text: &str) {
        self.value = Value::Text;
        self.text.push_str(text);
    }

    fn clear(&mut self) {
        self.text.clear();
        self.text.shrink_to(KEPT);
        self.value = Value::Null;
    }
}

fn day(time: Timestamp) -> Cell<'static> {
    i32::try_from(time.milliseconds().div_euclid(DAY)).map_or(Cell::Null, Cell::Day)
}

/// The cell of the first field that holds something of this kind; the field is taken, unless it
/// says more than the cell.
pub(super) fn of_fields<'c>(
    fields: &[Field],
    kind: ColumnKind,
    event: &Event<'c>,
    taken: &mut Taken,
    held: &'c mut Held,
) -> Cell<'c> {
    held.clear();
    for field in fields {
        let Some(value) = event.value(*field) else { continue };
        if let Some(made) = made(value, kind, held) {
            if !matches!(made, Made::Part(_)) {
                take(taken, *field);
            }
            return match made {
                Made::Cell(cell) | Made::Part(cell) => cell,
                Made::Held => Cell::Text(&held.text),
            };
        }
    }
    Cell::Null
}

/// Where the cell of a field is.
enum Made<'c> {
    Cell(Cell<'c>),
    /// A cell that does not say all.
    Part(Cell<'c>),
    /// It had to be written into memory.
    Held,
}

fn made<'c>(value: Json<'c>, kind: ColumnKind, held: &mut Held) -> Option<Made<'c>> {
    match kind {
        ColumnKind::Text | ColumnKind::Integer | ColumnKind::Date => {
            let text = value.scalar()?;
            Some(text.plain().map_or_else(
                || {
                    held.append(text);
                    Made::Held
                },
                |plain| Made::Cell(Cell::Text(plain)),
            ))
        }
        ColumnKind::Timestamp => {
            let time = Timestamp::of(value)?;
            let cell = Cell::Timestamp(time.milliseconds());
            Some(if time.is_cut() { Made::Part(cell) } else { Made::Cell(cell) })
        }
        ColumnKind::Boolean => Some(Made::Cell(Cell::Boolean(value.boolean()?))),
        ColumnKind::Json if says_nothing(value.json()) => None,
        ColumnKind::Json => {
            compact(value.json(), &mut held.text);
            Some(Made::Held)
        }
    }
}

/// Appends JSON without the spaces and line breaks between its tokens.
fn compact(json: &str, text: &mut String) {
    let mut rest = json;
    while let Some(quote) = memchr::memchr(b'"', rest.as_bytes()) {
        let (between, from) = rest.split_at_checked(quote + 1).unwrap_or((rest, ""));
        tokens(between, text);
        let (string, after) = from.split_at_checked(string_end(from)).unwrap_or((from, ""));
        text.push_str(string);
        rest = after;
    }
    tokens(rest, text);
}

/// Appends what stands between strings.
fn tokens(tokens: &str, text: &mut String) {
    if tokens.bytes().all(|byte| byte > b' ') {
        text.push_str(tokens);
    } else {
        text.extend(tokens.split_ascii_whitespace());
    }
}

/// Where the string ends, quote included, whose first byte is the first of `text`.
fn string_end(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        match memchr::memchr2(b'"', b'\\', rest) {
            Some(found) if rest.get(found) == Some(&b'"') => return at + found + 1,
            Some(found) => at += found + 2,
            None => return text.len(),
        }
    }
}

/// The cell of what no column has taken.
pub(super) fn of_remaining<'c>(
    event: &Event<'_>,
    taken: &Taken,
    scratch: &mut Scratch,
    held: &'c mut Held,
) -> Cell<'c> {
    held.clear();
    let mut bytes = std::mem::take(&mut held.text).into_bytes();
    let wrote = Remaining { event: *event, taken, form: Form::FlatMap }.write(scratch, &mut bytes);
    // It is made of parts of text at borders of characters.
    held.text = String::from_utf8(bytes).unwrap_or_default();
    match wrote {
        Wrote::Nothing => Cell::Null,
        Wrote::Part | Wrote::All => Cell::Text(&held.text),
    }
}
