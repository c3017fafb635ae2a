//! Running a table: its rows become steps once, and the steps an event's line.

mod build;
mod run;

use crate::remaining::Scratch;
use crate::table::{Form, Row, Subject};
use run::{AT_ONCE, Run};
use std::sync::LazyLock;
use trail_event::{Field, Fields, Shape};

/// A table made ready to run.
#[derive(Debug)]
pub(crate) struct Program<F: 'static> {
    steps: Vec<Step>,
    rows: Vec<Row<F>>,
    /// What steps begin with that has no room in them, one after the other, and room behind.
    texts: Vec<u8>,
}

/// How deep attributes lie in one another, at most.
const DEPTH: usize = 16;

/// A step: what it begins with, made beforehand, and what it does then.
///
/// The steps of a table are gone through for every event: one is one line of a processor's memory.
#[derive(Debug)]
#[repr(align(64))]
struct Step {
    text: [u8; AT_ONCE],
    /// What it is made of: one of these fields.
    fields: Fields,
    /// Whether it is made of more than fields.
    is_of_more: bool,
    /// How many objects end with it.
    closes: u8,
    length: u16,
    /// Where its text stands in the program's, if it is longer than `AT_ONCE`.
    place: u16,
    action: Action,
}

const _: () = assert!(size_of::<Step>() == 64);

impl Step {
    /// Whether an event with these fields may have something of it.
    #[inline]
    fn may_be_of(&self, present: Fields) -> bool {
        self.is_of_more || self.fields.meets(present)
    }
}

#[derive(Clone, Copy, Debug)]
#[repr(u8)]
enum Action {
    /// An object begins that may hold nothing: `"cloud":{`. If the event has none of the fields that
    /// it is made of, it is passed over, up to the step of this number.
    Open { behind: u16 },
    /// It ends, and is taken back if it holds nothing.
    Close,
    /// An object ends that always holds something.
    End,
    /// What is always the same: `"ecs":{"version":"8.11.0"},"event":{"kind":"event",`.
    Constant,
    /// An attribute that most often is a string field: its key, `"region":"`, and the place of its
    /// row.
    Text { field: Field, row: u16 },
    /// An attribute: its key, and the place of its row.
    Attribute { row: u16 },
    /// One that is derived: its key, and the place of its row.
    Derived { row: u16 },
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
        build::program(rows)
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
