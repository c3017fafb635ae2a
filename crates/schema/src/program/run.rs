//! One run of a program.
//!
//! Its functions are inlined whatever they cost: they are the inner loop of encoding.

use super::{Action, DEPTH, Observer, Program, Step, Taken, end, take};
use crate::append::append_part;
use crate::escape::quoted_json_in_string;
use crate::remaining::{Remaining, Scratch};
use crate::table::{As, Row, Source, Subject, Wrote};
use std::ops::Range;
use trail_event::{Field, Fields, Kind};

/// Bytes of a step's text that are copied at once, however many it has: most have fewer.
pub(super) const AT_ONCE: usize = 32;

/// The same for longer texts: so many, and as many again until all are copied.
pub(super) const LONGEST_AT_ONCE: usize = 64;

/// The same for the text of a field.
const TEXT_AT_ONCE: usize = 48;

/// The same for what ends a text: its quote, the objects that end with it, a comma.
const ENDING: usize = 8;

/// By how many objects end.
const ENDINGS: [[u8; ENDING]; 4] = [*b"\",      ", *b"\"},     ", *b"\"}},    ", *b"\"}}},   "];

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
                Action::Open { behind } if !step.may_be_of(self.present) => {
                    place = behind.into();
                }
                Action::Open { .. } => self.open(program, step),
                Action::Close => self.close(step.closes),
                Action::End => self.end(step.closes),
                Action::Constant => self.begin(program, step),
                Action::Text { field, row } => self.text(program, step, field, row),
                Action::Attribute { row } if step.may_be_of(self.present) => {
                    self.attribute(program, step, row);
                }
                Action::Derived { row } if step.may_be_of(self.present) => {
                    self.derived(program, step, row);
                }
                Action::Attribute { .. } | Action::Derived { .. } => {}
            }
        }
        end(self.line);
    }

    /// Appends what a step begins with.
    #[inline(always)]
    fn begin(&mut self, program: &Program<F>, step: &Step) {
        let length = usize::from(step.length);
        if length <= AT_ONCE {
            let end = self.line.len() + length;
            self.line.extend_from_slice(&step.text);
            self.line.truncate(end);
        } else {
            self.longer(program, step);
        }
    }

    #[inline(always)]
    fn longer(&mut self, program: &Program<F>, step: &Step) {
        let length = usize::from(step.length);
        let end = self.line.len() + length;
        let rest = program.texts.get(usize::from(step.place)..).unwrap_or_default();
        let (chunks, _) = rest.as_chunks::<LONGEST_AT_ONCE>();
        for chunk in chunks.iter().take(length.div_ceil(LONGEST_AT_ONCE)) {
            self.line.extend_from_slice(chunk);
        }
        self.line.truncate(end);
    }

    #[inline(always)]
    fn open(&mut self, program: &Program<F>, step: &Step) {
        if let Some(start) = self.starts.get_mut(self.depth) {
            *start = self.line.len();
        }
        self.depth += 1;
        self.begin(program, step);
    }

    /// Ends objects, or takes them back if the inmost holds nothing.
    #[inline(always)]
    fn close(&mut self, closes: u8) {
        self.depth -= 1;
        if self.line.last() == Some(&b'{') {
            let start = self.starts.get(self.depth).copied().unwrap_or_default();
            self.line.truncate(start);
        } else {
            self.end(closes);
        }
    }

    /// Ends objects: the comma behind the last member becomes the first brace.
    #[inline(always)]
    fn end(&mut self, closes: u8) {
        end(self.line);
        (1..closes).for_each(|_| self.line.push(b'}'));
        self.line.push(b',');
    }

    /// Ends an attribute, and objects that hold nothing else.
    #[inline(always)]
    fn separate(&mut self, closes: u8) {
        (0..closes).for_each(|_| self.line.push(b'}'));
        self.line.push(b',');
    }

    #[inline(always)]
    fn text(&mut self, program: &Program<F>, step: &Step, field: Field, row: u16) {
        let event = &self.subject.event;
        if let Some(place) = event.text_place(field) {
            if !self.short_text(step, event.json().as_bytes(), &place) {
                self.begin(program, step);
                append_part(event.json().as_bytes(), place, self.line);
                self.line.push(b'"');
                self.separate(step.closes);
            }
            self.taken.insert(field);
            if let Some(row) = program.rows.get(usize::from(row)) {
                self.observer.wrote(row.path, &[field]);
            }
        } else if self.present.has(field) {
            self.other(program, step, row);
        }
    }

    /// Appends an attribute whose key and text are short, as most are: by copies of fixed sizes,
    /// each over what the one before has too much. False if it is not.
    #[inline(always)]
    fn short_text(&mut self, step: &Step, json: &[u8], place: &Range<usize>) -> bool {
        const ROOM: usize = AT_ONCE + TEXT_AT_ONCE + ENDING;
        let text = json.get(place.start..).and_then(<[u8]>::first_chunk::<TEXT_AT_ONCE>);
        let ending = ENDINGS.get(usize::from(step.closes));
        let (Some(text), Some(ending)) = (text, ending) else { return false };
        let mut end = usize::from(step.length);
        if end > AT_ONCE || place.len() > TEXT_AT_ONCE {
            return false;
        }
        let start = self.line.len();
        self.line.extend_from_slice(&[0; ROOM]);
        let Some(room) = self.line.last_chunk_mut::<ROOM>() else { return false };
        if let Some(key) = room.first_chunk_mut() {
            *key = step.text;
        }
        if let Some(slot) = room.get_mut(end..end + TEXT_AT_ONCE) {
            slot.copy_from_slice(text);
        }
        end += place.len();
        if let Some(slot) = room.get_mut(end..end + ENDING) {
            slot.copy_from_slice(ending);
        }
        self.line.truncate(start + end + r#"","#.len() + usize::from(step.closes));
        true
    }

    /// A field that is no string, or an empty one: its key ends with a quote that may not belong
    /// there.
    #[inline(never)]
    fn other(&mut self, program: &Program<F>, step: &Step, row: u16) {
        let Some(row) = program.rows.get(usize::from(row)) else { return };
        let start = self.line.len();
        self.begin(program, step);
        self.line.pop();
        match self.write(row) {
            Wrote::Nothing => self.line.truncate(start),
            Wrote::Part | Wrote::All => self.separate(step.closes),
        }
    }

    #[inline(always)]
    fn attribute(&mut self, program: &Program<F>, step: &Step, row: u16) {
        let Some(row) = program.rows.get(usize::from(row)) else { return };
        let start = self.line.len();
        self.begin(program, step);
        match self.write(row) {
            Wrote::Nothing => self.line.truncate(start),
            Wrote::Part | Wrote::All => self.separate(step.closes),
        }
    }

    #[inline(always)]
    fn derived(&mut self, program: &Program<F>, step: &Step, row: u16) {
        let row = program.rows.get(usize::from(row));
        let Some(Row { path, source: Source::Derived(derived) }) = row else { return };
        let start = self.line.len();
        self.begin(program, step);
        let wrote = (derived.write)(self.subject, self.line);
        if wrote == Wrote::Nothing {
            return self.line.truncate(start);
        }
        self.separate(step.closes);
        self.note(path, wrote, derived.takes);
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
