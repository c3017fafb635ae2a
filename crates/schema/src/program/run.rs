//! One run of a program.
//!
//! Its functions are inlined whatever they cost: they are the inner loop of encoding.

use super::{Action, DEPTH, Observer, Program, Step, Taken, end, take};
use crate::append::append_part;
use crate::escape::quoted_json_in_string;
use crate::remaining::{Remaining, Scratch};
use crate::table::{As, Row, Source, Subject, Write, Wrote};
use std::ops::Range;
use trail_event::{Field, Fields, Kind};

/// Bytes of a step's text that are copied at once, however many it has: most have fewer.
pub(super) const AT_ONCE: usize = 32;

/// One event on its way through the steps.
pub(super) struct Run<'r, 's, F: 'static, O> {
    subject: &'r Subject<'s, F>,
    scratch: &'r mut Scratch,
    observer: &'r mut O,
    line: &'r mut Vec<u8>,
    present: Fields,
    taken: Taken,
    /// Where the objects that are open were begun.
    starts: [usize; DEPTH],
    depth: usize,
}

impl<'r, 's, F, O: Observer> Run<'r, 's, F, O> {
    #[inline(always)]
    pub(super) fn new(
        subject: &'r Subject<'s, F>,
        scratch: &'r mut Scratch,
        observer: &'r mut O,
        line: &'r mut Vec<u8>,
    ) -> Self {
        let present = subject.event.fields();
        let (taken, starts, depth) = (Taken::default(), [0; DEPTH], 0);
        Self { subject, scratch, observer, line, present, taken, starts, depth }
    }

    /// Every step of a program.
    #[inline(always)]
    pub(super) fn all(mut self, program: &Program<F>) {
        self.line.push(b'{');
        let mut place = 0;
        while let Some(step) = program.steps.get(place) {
            place += 1;
            match step.action {
                Action::Open { of, behind } if !of.are_met(self.present) => place = behind,
                Action::Open { .. } => self.open(program, step),
                Action::Close => self.close(),
                Action::Constant => self.begin(program, step),
                Action::Text { field, row } => self.text(program, step, field, row),
                Action::Attribute { of, row } if of.are_met(self.present) => {
                    self.attribute(program, step, row);
                }
                Action::Derived { of, write, row } if of.are_met(self.present) => {
                    self.derived(program, step, write, row);
                }
                Action::Attribute { .. } | Action::Derived { .. } => {}
            }
        }
        end(self.line);
    }

    /// Appends what a step begins with.
    #[inline(always)]
    fn begin(&mut self, program: &Program<F>, step: &Step<F>) {
        if step.length <= AT_ONCE {
            let end = self.line.len() + step.length;
            self.line.extend_from_slice(&step.text);
            self.line.truncate(end);
        } else {
            let text = program.texts.get(step.place..step.place + step.length);
            self.line.extend_from_slice(text.unwrap_or_default());
        }
    }

    #[inline(always)]
    fn open(&mut self, program: &Program<F>, step: &Step<F>) {
        if let Some(start) = self.starts.get_mut(self.depth) {
            *start = self.line.len();
        }
        self.depth += 1;
        self.begin(program, step);
    }

    /// Ends an object, or takes it back if it holds nothing.
    #[inline(always)]
    fn close(&mut self) {
        self.depth -= 1;
        if self.line.last() == Some(&b'{') {
            let start = self.starts.get(self.depth).copied().unwrap_or_default();
            self.line.truncate(start);
        } else {
            end(self.line);
            self.line.push(b',');
        }
    }

    #[inline(always)]
    fn text(&mut self, program: &Program<F>, step: &Step<F>, field: Field, row: usize) {
        let event = &self.subject.event;
        if let Some(place) = event.text_place(field) {
            self.begin(program, step);
            append_part(event.json().as_bytes(), place, self.line);
            self.line.extend_from_slice(b"\",");
            self.taken.insert(field);
            if let Some(row) = program.rows.get(row) {
                self.observer.wrote(row.path, &[field]);
            }
        } else if self.present.has(field) {
            self.other(program, step, row);
        }
    }

    /// A field that is no string, or an empty one: its key ends with a quote that may not belong
    /// there.
    #[inline(never)]
    fn other(&mut self, program: &Program<F>, step: &Step<F>, row: usize) {
        let Some(row) = program.rows.get(row) else { return };
        let start = self.line.len();
        self.begin(program, step);
        self.line.pop();
        match self.write(row) {
            Wrote::Nothing => self.line.truncate(start),
            Wrote::Part | Wrote::All => self.line.push(b','),
        }
    }

    #[inline(always)]
    fn attribute(&mut self, program: &Program<F>, step: &Step<F>, row: usize) {
        let Some(row) = program.rows.get(row) else { return };
        let start = self.line.len();
        self.begin(program, step);
        match self.write(row) {
            Wrote::Nothing => self.line.truncate(start),
            Wrote::Part | Wrote::All => self.line.push(b','),
        }
    }

    #[inline(always)]
    fn derived(&mut self, program: &Program<F>, step: &Step<F>, write: Write<F>, row: usize) {
        let start = self.line.len();
        self.begin(program, step);
        let wrote = write(self.subject, self.line);
        if wrote == Wrote::Nothing {
            return self.line.truncate(start);
        }
        self.line.push(b',');
        if let Some(Row { path, source: Source::Derived(derived) }) = program.rows.get(row) {
            self.note(path, wrote, derived.takes);
        }
    }

    #[inline(always)]
    fn write(&mut self, row: &Row<F>) -> Wrote {
        match &row.source {
            Source::Field(field, convert) => self.field(row.path, *field, *convert),
            Source::First(fields, convert) => {
                let mut written = fields.iter().map(|field| self.field(row.path, *field, *convert));
                written.find(|wrote| *wrote != Wrote::Nothing).unwrap_or(Wrote::Nothing)
            }
            Source::Chosen(chosen, convert) => match (chosen.choose)(self.subject.facts) {
                Some(field) => self.field(row.path, field, *convert),
                None => Wrote::Nothing,
            },
            Source::Remaining(form) => {
                self.observer.left(row.path, *form, &self.taken);
                let event = self.subject.event;
                Remaining { event, taken: &self.taken, form: *form }.write(self.scratch, self.line)
            }
            Source::Constant(_) | Source::Derived(_) => Wrote::Nothing,
        }
    }

    #[inline]
    fn field(&mut self, path: &'static str, field: Field, convert: As) -> Wrote {
        let event = &self.subject.event;
        if let As::Text | As::Scalar = convert
            && let Some(Range { start, end }) = event.text_place(field)
        {
            // With its quotes.
            append_part(event.json().as_bytes(), start - 1..end + 1, self.line);
            self.observer.wrote(path, &[field]);
            self.taken.insert(field);
            return Wrote::All;
        }
        let Some(value) = event.value(field) else { return Wrote::Nothing };
        let is_container = matches!(value.kind(), Kind::Object | Kind::Array);
        let wrote = if is_container && matches!(convert, As::JsonText) {
            quoted_json_in_string(event.json(), value.json(), event.quotes_of(field), self.line);
            Wrote::All
        } else {
            convert.write(value, self.line)
        };
        self.note(path, wrote, &[field]);
        wrote
    }

    #[inline(always)]
    fn note(&mut self, path: &'static str, wrote: Wrote, fields: &[Field]) {
        if wrote != Wrote::Nothing {
            self.observer.wrote(path, fields);
        }
        if wrote == Wrote::All {
            fields.iter().for_each(|field| take(&mut self.taken, *field));
        }
    }
}
