//! Running a table: its rows become steps once, and the steps an event's line.

mod run;

use crate::remaining::Scratch;
use crate::table::{As, Form, Row, Source, Subject, Write};
use run::{AT_ONCE, Run};
use std::sync::LazyLock;
use trail_event::{Field, Fields, Shape};

/// A table made ready to run.
#[derive(Debug)]
pub(crate) struct Program<F: 'static> {
    steps: Vec<Step<F>>,
    rows: Vec<Row<F>>,
    /// What steps begin with that have more than fits into one, one after the other.
    texts: Vec<u8>,
}

/// How deep attributes lie in one another, at most.
const DEPTH: usize = 16;

/// A step: what it begins with, made beforehand, and what it does then.
#[derive(Debug)]
struct Step<F: 'static> {
    text: [u8; AT_ONCE],
    length: usize,
    /// Where its text stands in the program's, if it is longer than `AT_ONCE`.
    place: usize,
    action: Action<F>,
}

/// (Its tag stands apart, so that telling which it is takes one instruction.)
#[derive(Debug)]
#[repr(u8)]
enum Action<F: 'static> {
    /// An object begins: `"cloud":{`. If the event has none of the fields that it is made of, it is
    /// passed over, up to the step of this number.
    Open { of: Needs, behind: usize },
    /// It ends; one that holds nothing is taken back.
    Close,
    /// Attributes that are always the same: `"provider":"AWS",`.
    Constant,
    /// An attribute that most often is a string field: its key, `"region":"`, and the place of its
    /// row.
    Text { field: Field, row: usize },
    /// An attribute: its key, and the place of its row.
    Attribute { of: Needs, row: usize },
    /// One that is derived: its key, who writes it, and the place of its row.
    Derived { of: Needs, write: Write<F>, row: usize },
}

/// What a step is made of.
#[derive(Clone, Copy, Debug)]
enum Needs {
    /// More than fields.
    Always,
    /// One of these fields.
    Any(Fields),
}

impl Needs {
    #[inline]
    fn are_met(self, present: Fields) -> bool {
        match self {
            Self::Always => true,
            Self::Any(fields) => fields.meets(present),
        }
    }

    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any(mut fields), Self::Any(more)) => {
                fields.extend(more);
                Self::Any(fields)
            }
            (Self::Always, _) | (_, Self::Always) => Self::Always,
        }
    }
}

impl<F> Source<F> {
    fn needs(&self) -> Needs {
        match self {
            Self::Constant(_) | Self::Remaining(_) => Needs::Always,
            Self::Field(field, _) => Needs::Any([field].into_iter().collect()),
            Self::First(fields, _) => Needs::Any(fields.iter().collect()),
            Self::Chosen(chosen, _) => Needs::Any(chosen.among.iter().collect()),
            Self::Derived(derived) => match derived.needs {
                Some(fields) => Needs::Any(fields.iter().collect()),
                None => Needs::Always,
            },
        }
    }
}

/// Who is told what became of an event's fields.
pub(crate) trait Observer {
    /// A row was written, from these fields.
    fn wrote(&mut self, path: &'static str, fields: &[Field]);

    /// What was not taken goes here.
    fn left(&mut self, path: &'static str, form: Form, taken: &Taken);
}

/// Nobody.
impl Observer for () {
    #[inline]
    fn wrote(&mut self, _path: &'static str, _fields: &[Field]) {}

    #[inline]
    fn left(&mut self, _path: &'static str, _form: Form, _taken: &Taken) {}
}

/// The fields of which an output says all.
pub(crate) type Taken = Fields;

/// For each field, those that are taken with it: the field, and what stands in an object.
static WITHIN: LazyLock<Vec<Fields>> = LazyLock::new(|| {
    let is_taken_with = |taken: Field, field: Field| {
        field == taken || taken.shape() == Shape::Structured && field.is_within(taken)
    };
    let within = |taken: Field| {
        Field::ALL.iter().filter(|field| is_taken_with(taken, **field)).collect::<Fields>()
    };
    Field::ALL.into_iter().map(within).collect()
});

/// Takes a field, and what stands in an object.
#[inline]
pub(crate) fn take(taken: &mut Taken, field: Field) {
    if field.shape() != Shape::Structured {
        taken.insert(field);
    } else if let Some(within) = WITHIN.get(field.place()) {
        taken.extend(*within);
    }
}

impl<F> Program<F> {
    /// Makes a table ready. Rows that lie in one object stand next to one another in it.
    pub(crate) fn new(rows: impl IntoIterator<Item = Row<F>>) -> Self {
        let mut program = Self { steps: Vec::new(), rows: Vec::new(), texts: Vec::new() };
        // Objects that are open: their names, and the places of their steps.
        let mut open: Vec<(&'static str, usize)> = Vec::new();
        for row in rows {
            let mut path: Vec<&'static str> = row.path.split('.').collect();
            let key = path.pop().unwrap_or_default();
            let same = open.iter().zip(&path).take_while(|((open, _), name)| open == *name).count();
            program.close(open.split_off(same));
            for object in path.split_off(same) {
                open.push((object, program.steps.len()));
                let of = Needs::Any(Fields::NONE);
                program.step(&format!("\"{object}\":{{"), Action::Open { of, behind: 0 });
            }
            assert!(open.len() < DEPTH, "attributes lie too deep");
            program.need(&open, row.source.needs());
            program.attribute(key, row);
        }
        program.close(open);
        program
    }

    fn step(&mut self, text: &str, action: Action<F>) {
        let mut start = [0; AT_ONCE];
        start.iter_mut().zip(text.bytes()).for_each(|(slot, byte)| *slot = byte);
        let (length, place) = (text.len(), self.texts.len());
        self.steps.push(Step { text: start, length, place, action });
        if length > AT_ONCE {
            self.texts.extend(text.bytes());
        }
    }

    /// The objects that are open are there if this is.
    fn need(&mut self, open: &[(&'static str, usize)], needs: Needs) {
        for (_, place) in open {
            if let Some(Step { action: Action::Open { of, .. }, .. }) = self.steps.get_mut(*place) {
                *of = of.or(needs);
            }
        }
    }

    /// Closes objects.
    fn close(&mut self, open: Vec<(&'static str, usize)>) {
        for (_, place) in open.into_iter().rev() {
            self.step("", Action::Close);
            let end = self.steps.len();
            if let Some(Step { action: Action::Open { behind, .. }, .. }) =
                self.steps.get_mut(place)
            {
                *behind = end;
            }
        }
    }

    /// Appends to the step before, if that is one too and has room.
    fn constant(&mut self, json: &str) {
        if let Some(Step { text, length, action: Action::Constant, .. }) = self.steps.last_mut()
            && let Some(room) = text.get_mut(*length..*length + json.len())
        {
            room.copy_from_slice(json.as_bytes());
            *length += json.len();
        } else {
            self.step(json, Action::Constant);
        }
    }

    fn attribute(&mut self, key: &str, row: Row<F>) {
        let (of, place) = (row.source.needs(), self.rows.len());
        match &row.source {
            Source::Constant(json) => {
                return self.constant(&format!("\"{key}\":{json},"));
            }
            Source::Field(field, As::Text | As::Scalar) => {
                self.step(&format!("\"{key}\":\""), Action::Text { field: *field, row: place });
            }
            Source::Derived(derived) => {
                let write = derived.write;
                self.step(&format!("\"{key}\":"), Action::Derived { of, write, row: place });
            }
            Source::Field(..) | Source::First(..) | Source::Chosen(..) | Source::Remaining(_) => {
                self.step(&format!("\"{key}\":"), Action::Attribute { of, row: place });
            }
        }
        self.rows.push(row);
    }

    /// Appends the object that the table makes of an event.
    #[inline]
    pub(crate) fn run(
        &self,
        subject: &Subject<'_, F>,
        scratch: &mut Scratch,
        observer: &mut impl Observer,
        line: &mut Vec<u8>,
    ) {
        Run::new(subject, scratch, observer, line).all(self);
    }
}

/// Ends an object: after a member the comma becomes the brace.
#[inline]
pub(crate) fn end(line: &mut Vec<u8>) {
    match line.last_mut() {
        Some(last @ b',') => *last = b'}',
        _ => line.push(b'}'),
    }
}
