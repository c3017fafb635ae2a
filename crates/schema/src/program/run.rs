//! One run of a program.
//!
//! Its functions are inlined whatever they cost: they are the inner loop of encoding.

use super::{Action, DEPTH, Observer, Program, Step, Taken, end, take};
use crate::append::{append, append_part};
use crate::escape::quoted_json_in_string;
use crate::remaining::{Remaining, Scratch};
use crate::table::{As, Row, Source, Subject, Wrote};
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
                Action::Open { .. } => self.open(program, *step),
                Action::Close => self.close(),
                Action::Constant => self.begin(program, *step),
                Action::Text { field, row } if self.present.has(field) => {
                    self.text(program, *step, field, row);
                }
                Action::Attribute { of, row } if of.are_met(self.present) => {
                    self.attribute(program, *step, row);
                }
                Action::Text { .. } | Action::Attribute { .. } => {}
            }
        }
        end(self.line);
    }

    /// Appends what a step begins with.
    #[inline(always)]
    fn begin(&mut self, program: &Program<F>, step: Step) {
        let text = program.texts.get(step.text..).unwrap_or_default();
        match text.first_chunk::<AT_ONCE>() {
            Some(text) if step.length <= AT_ONCE => {
                let end = self.line.len() + step.length;
                self.line.extend_from_slice(text);
                self.line.truncate(end);
            }
            _ => self.line.extend_from_slice(text.get(..step.length).unwrap_or_default()),
        }
    }

    #[inline(always)]
    fn open(&mut self, program: &Program<F>, step: Step) {
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
    fn text(&mut self, program: &Program<F>, step: Step, field: Field, row: usize) {
        let event = &self.subject.event;
        if let Some(place) = event.text_place(field) {
            self.begin(program, step);
            append_part(event.json().as_bytes(), place, self.line);
        } else if let Some(text) = event.says_something(field) {
            self.begin(program, step);
            append(text.escaped().as_bytes(), self.line);
        } else {
            return;
        }
        self.line.extend_from_slice(b"\",");
        self.taken.insert(field);
        if let Some(row) = program.rows.get(row) {
            self.observer.wrote(row.path, &[field]);
        }
    }

    #[inline(always)]
    fn attribute(&mut self, program: &Program<F>, step: Step, row: usize) {
        let Some(row) = program.rows.get(row) else { return };
        let start = self.line.len();
        self.begin(program, step);
        match self.write(row) {
            Wrote::Nothing => self.line.truncate(start),
            Wrote::Part | Wrote::All => self.line.push(b','),
        }
    }

    #[inline(always)]
    fn write(&mut self, row: &Row<F>) -> Wrote {
        match &row.source {
            Source::Derived(derived) => {
                let wrote = (derived.write)(self.subject, self.line);
                self.note(row.path, wrote, derived.takes);
                wrote
            }
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
            Source::Constant(_) => Wrote::Nothing,
        }
    }

    #[inline]
    fn field(&mut self, path: &'static str, field: Field, convert: As) -> Wrote {
        let event = &self.subject.event;
        let Some(value) = event.value(field) else { return Wrote::Nothing };
        let is_container = matches!(value.kind(), Kind::Object | Kind::Array);
        let wrote = if is_container && matches!(convert, As::JsonText) {
            quoted_json_in_string(value.json(), event.quotes_of(field), self.line);
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
