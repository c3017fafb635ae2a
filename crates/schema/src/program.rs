//! Running a table: its rows become steps once, and the steps an event's line.

use crate::append::append;
use crate::remaining::{Remaining, Scratch};
use crate::table::{As, Form, Row, Source, Subject, Wrote};
use std::sync::LazyLock;
use trail_event::{Field, Fields, Shape};

/// A table made ready to run.
#[derive(Debug)]
pub(crate) struct Program<F: 'static> {
    steps: Vec<Step>,
    rows: Vec<Row<F>>,
    /// What steps begin with, one after the other, and room for one more look behind the last.
    texts: Vec<u8>,
}

/// Bytes of a step's text that are copied at once, however many it has: most have fewer.
const AT_ONCE: usize = 32;

/// How deep attributes lie in one another, at most.
const DEPTH: usize = 16;

/// A step: what it begins with, made beforehand, and what it does then.
#[derive(Clone, Copy, Debug)]
struct Step {
    text: usize,
    length: usize,
    action: Action,
}

#[derive(Clone, Copy, Debug)]
enum Action {
    /// An object begins: `"cloud":{`. If the event has none of the fields that it is made of, it is
    /// passed over, up to the step of this number.
    Open { of: Needs, behind: usize },
    /// It ends; one that holds nothing is taken back.
    Close,
    /// Attributes that are always the same: `"provider":"AWS",`.
    Constant,
    /// An attribute that is a string field: its key, `"region":"`, and the place of its row.
    Text { field: Field, row: usize },
    /// An attribute: its key, and the place of its row.
    Attribute { of: Needs, row: usize },
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
        program.texts.extend([0; AT_ONCE]);
        program
    }

    fn step(&mut self, text: &str, action: Action) {
        self.steps.push(Step { text: self.texts.len(), length: text.len(), action });
        self.texts.extend(text.bytes());
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

    fn attribute(&mut self, key: &str, row: Row<F>) {
        if let Source::Constant(json) = row.source {
            return self.constant(&format!("\"{key}\":{json},"));
        }
        let place = self.rows.len();
        match row.source {
            Source::Field(field, As::Text) => {
                self.step(&format!("\"{key}\":\""), Action::Text { field, row: place });
            }
            _ => {
                let of = row.source.needs();
                self.step(&format!("\"{key}\":"), Action::Attribute { of, row: place });
            }
        }
        self.rows.push(row);
    }

    fn constant(&mut self, json: &str) {
        match self.steps.last_mut() {
            Some(Step { length, action: Action::Constant, .. }) => {
                *length += json.len();
                self.texts.extend(json.bytes());
            }
            _ => self.step(json, Action::Constant),
        }
    }

    /// Appends what a step begins with.
    #[inline(always)]
    fn begin(&self, step: Step, line: &mut Vec<u8>) {
        let text = self.texts.get(step.text..).unwrap_or_default();
        match text.first_chunk::<AT_ONCE>() {
            Some(text) if step.length <= AT_ONCE => {
                let end = line.len() + step.length;
                line.extend_from_slice(text);
                line.truncate(end);
            }
            _ => line.extend_from_slice(text.get(..step.length).unwrap_or_default()),
        }
    }

    /// Appends the object that the table makes of an event.
    pub(crate) fn run(
        &self,
        subject: &Subject<'_, F>,
        scratch: &mut Scratch,
        observer: &mut impl Observer,
        line: &mut Vec<u8>,
    ) {
        let mut taken = Taken::default();
        let present = subject.event.fields();
        let (mut starts, mut depth) = ([0; DEPTH], 0);
        let mut place = 0;
        line.push(b'{');
        while let Some(step) = self.steps.get(place) {
            place += 1;
            match step.action {
                Action::Open { of, behind } if !of.are_met(present) => place = behind,
                Action::Open { .. } => {
                    if let Some(start) = starts.get_mut(depth) {
                        *start = line.len();
                    }
                    depth += 1;
                    self.begin(*step, line);
                }
                Action::Close => {
                    depth -= 1;
                    close(line, starts.get(depth).copied().unwrap_or_default());
                }
                Action::Constant => self.begin(*step, line),
                Action::Text { field, row } if present.has(field) => {
                    let start = line.len();
                    self.begin(*step, line);
                    let Some(text) = subject.event.says_something(field) else {
                        line.truncate(start);
                        continue;
                    };
                    append(text.escaped().as_bytes(), line);
                    line.extend_from_slice(b"\",");
                    taken.insert(field);
                    self.tell(row, field, observer);
                }
                Action::Attribute { of, row } if of.are_met(present) => {
                    let Some(row) = self.rows.get(row) else { continue };
                    let start = line.len();
                    self.begin(*step, line);
                    let wrote = match &row.source {
                        Source::Derived(derived) => (derived.write)(subject, line),
                        _ => row.write(subject, &mut taken, scratch, observer, line),
                    };
                    if wrote == Wrote::Nothing {
                        line.truncate(start);
                        continue;
                    }
                    line.push(b',');
                    if let Source::Derived(derived) = &row.source {
                        note(row.path, wrote, derived.takes, &mut taken, observer);
                    }
                }
                Action::Text { .. } | Action::Attribute { .. } => {}
            }
        }
        end(line);
    }

    #[inline]
    fn tell(&self, row: usize, field: Field, observer: &mut impl Observer) {
        if let Some(row) = self.rows.get(row) {
            observer.wrote(row.path, &[field]);
        }
    }
}

/// Ends the object that was begun at `start`, or takes it back.
#[inline]
fn close(line: &mut Vec<u8>, start: usize) {
    if line.last() == Some(&b'{') {
        line.truncate(start);
    } else {
        end(line);
        line.push(b',');
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

impl<F> Row<F> {
    /// Appends what a row is that is made of fields, or of what remains.
    fn write(
        &self,
        subject: &Subject<'_, F>,
        taken: &mut Taken,
        scratch: &mut Scratch,
        observer: &mut impl Observer,
        line: &mut Vec<u8>,
    ) -> Wrote {
        let event = &subject.event;
        let chosen;
        let fields: &[Field] = match &self.source {
            Source::Constant(_) | Source::Derived(_) => return Wrote::Nothing,
            Source::Remaining(form) => {
                observer.left(self.path, *form, taken);
                return Remaining { event: *event, taken, form: *form }.write(scratch, line);
            }
            Source::Field(field, _) => std::slice::from_ref(field),
            Source::First(fields, _) => fields,
            Source::Chosen(among, _) => {
                chosen = (among.choose)(subject.facts);
                chosen.as_slice()
            }
        };
        let (Source::Field(_, convert) | Source::First(_, convert) | Source::Chosen(_, convert)) =
            &self.source
        else {
            return Wrote::Nothing;
        };
        for field in fields {
            let Some(value) = event.value(*field) else { continue };
            let wrote = convert.write(value, line);
            if wrote != Wrote::Nothing {
                note(self.path, wrote, std::slice::from_ref(field), taken, observer);
                return wrote;
            }
        }
        Wrote::Nothing
    }
}

#[inline]
fn note(
    path: &'static str,
    wrote: Wrote,
    fields: &[Field],
    taken: &mut Taken,
    observer: &mut impl Observer,
) {
    if wrote == Wrote::Nothing {
        return;
    }
    observer.wrote(path, fields);
    if wrote == Wrote::All {
        fields.iter().for_each(|field| take(taken, *field));
    }
}
