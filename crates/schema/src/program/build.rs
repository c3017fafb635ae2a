//! Making the steps of a table.
//!
//! What is known beforehand costs nothing at every event: an object that always holds something is
//! text like that around it, and one of a single attribute is a part of the attribute's step.

use super::run::{AT_ONCE, LONGEST_AT_ONCE};
use super::{Action, DEPTH, Program, Step};
use crate::table::{As, Row, Source};
use trail_event::{Field, Fields};

/// Makes a table ready.
pub(super) fn program<F>(rows: impl IntoIterator<Item = Row<F>>) -> Program<F> {
    let mut inside = Vec::new();
    for row in rows {
        let path: Vec<&'static str> = row.path.split('.').collect();
        assert!(path.len() < DEPTH, "attributes lie too deep");
        if let Some((key, objects)) = path.split_last() {
            place(&mut inside, objects, key, row);
        }
    }
    let program = Program { steps: Vec::new(), rows: Vec::new(), texts: Vec::new() };
    let mut builder = Builder { program, constant: String::new() };
    inside.into_iter().for_each(|node| builder.node(node, "", 0));
    builder.end()
}

/// What a table says of an object.
enum Node<F: 'static> {
    Attribute { key: &'static str, row: Row<F> },
    Object { name: &'static str, inside: Vec<Self> },
}

/// Puts a row into its objects.
fn place<F>(inside: &mut Vec<Node<F>>, objects: &[&'static str], key: &'static str, row: Row<F>) {
    let Some((object, further)) = objects.split_first() else {
        return inside.push(Node::Attribute { key, row });
    };
    if !matches!(inside.last(), Some(Node::Object { name, .. }) if name == object) {
        inside.push(Node::Object { name: object, inside: Vec::new() });
    }
    if let Some(Node::Object { inside, .. }) = inside.last_mut() {
        place(inside, further, key, row);
    }
}

impl<F> Node<F> {
    fn needs(&self) -> Needs {
        match self {
            Self::Attribute { row, .. } => row.source.needs(),
            Self::Object { inside, .. } => {
                inside.iter().map(Self::needs).fold(Needs::any(&[]), Needs::or)
            }
        }
    }

    /// Whether it is always there.
    fn is_certain(&self) -> bool {
        match self {
            Self::Attribute { row, .. } => matches!(row.source, Source::Constant(_)),
            Self::Object { inside, .. } => inside.iter().any(Self::is_certain),
        }
    }
}

/// What a node is made of: one of these fields, or more than fields.
struct Needs {
    fields: Fields,
    is_of_more: bool,
}

impl Needs {
    const NOTHING: Self = Self { fields: Fields::NONE, is_of_more: true };

    fn any(fields: &[Field]) -> Self {
        Self { fields: fields.iter().collect(), is_of_more: false }
    }

    fn or(mut self, other: Self) -> Self {
        self.fields.extend(other.fields);
        self.is_of_more |= other.is_of_more;
        self
    }
}

impl<F> Source<F> {
    fn needs(&self) -> Needs {
        match self {
            Self::Constant(_) | Self::Remaining(_) => Needs::NOTHING,
            Self::Field(field, _) => Needs::any(&[*field]),
            Self::First(fields, _) => Needs::any(fields),
            Self::Chosen(chosen, _) => Needs::any(chosen.among),
            Self::Derived(derived) => derived.needs.map_or(Needs::NOTHING, Needs::any),
        }
    }
}

struct Builder<F: 'static> {
    program: Program<F>,
    /// What is appended before the next step, whatever the event is.
    constant: String,
}

impl<F> Builder<F> {
    /// Adds the steps of a node that begins with `before` and ends so many objects.
    fn node(&mut self, node: Node<F>, before: &str, closes: u8) {
        let is_certain = node.is_certain();
        let needs = node.needs();
        let (name, mut inside) = match node {
            Node::Attribute { key, row } => {
                return self.attribute(&format!("{before}\"{key}\":"), needs, row, closes);
            }
            Node::Object { name, inside } => (name, inside),
        };
        let before = format!("{before}\"{name}\":{{");
        let closes = closes + 1;
        if inside.len() == 1 {
            return inside.drain(..).for_each(|only| self.node(only, &before, closes));
        }
        if is_certain {
            self.constant.push_str(&before);
            inside.into_iter().for_each(|node| self.node(node, "", 0));
            return self.close_certain(closes);
        }
        let open = self.step(&before, 0, needs, Action::Open { behind: 0 });
        inside.into_iter().for_each(|node| self.node(node, "", 0));
        let end = self.step("", closes, Needs::NOTHING, Action::Close) + 1;
        if let Some(step) = self.program.steps.get_mut(usize::from(open)) {
            step.action = Action::Open { behind: end };
        }
    }

    fn attribute(&mut self, before: &str, needs: Needs, row: Row<F>, closes: u8) {
        let place = number(self.program.rows.len());
        let (before, action) = match &row.source {
            Source::Constant(json) => {
                self.constant.push_str(&format!("{before}{json},"));
                if closes > 0 {
                    self.close_certain(closes);
                }
                return;
            }
            Source::Field(field, As::Text | As::Scalar) => {
                (&*format!("{before}\""), Action::Text { field: *field, row: place })
            }
            Source::Derived(_) => (before, Action::Derived { row: place }),
            Source::Field(..) | Source::First(..) | Source::Chosen(..) | Source::Remaining(_) => {
                (before, Action::Attribute { row: place })
            }
        };
        self.step(before, closes, needs, action);
        self.program.rows.push(row);
    }

    /// Ends objects that hold something: as text, if what they hold last is text too.
    fn close_certain(&mut self, closes: u8) {
        if self.constant.pop().is_some() {
            self.constant.extend((0..closes).map(|_| '}'));
            self.constant.push(',');
        } else {
            self.step("", closes, Needs::NOTHING, Action::End);
        }
    }

    /// Adds a step, behind what is appended before it. Gives its place.
    fn step(&mut self, text: &str, closes: u8, needs: Needs, action: Action) -> u16 {
        self.add_constant();
        self.add(text, closes, needs, action)
    }

    fn add_constant(&mut self) {
        let constant = std::mem::take(&mut self.constant);
        if !constant.is_empty() {
            self.add(&constant, 0, Needs::NOTHING, Action::Constant);
        }
    }

    fn add(&mut self, text: &str, closes: u8, needs: Needs, action: Action) -> u16 {
        let Program { steps, texts, .. } = &mut self.program;
        let mut start = [0; AT_ONCE];
        start.iter_mut().zip(text.bytes()).for_each(|(slot, byte)| *slot = byte);
        let Needs { fields, is_of_more } = needs;
        let (length, place) = (number(text.len()), number(texts.len()));
        steps.push(Step { text: start, fields, is_of_more, closes, length, place, action });
        if text.len() > AT_ONCE {
            texts.extend(text.bytes());
        }
        number(steps.len() - 1)
    }

    fn end(mut self) -> Program<F> {
        self.add_constant();
        self.program.texts.extend([0; LONGEST_AT_ONCE]);
        self.program
    }
}

/// A number of a table, which is written down in code and not of any length.
#[expect(clippy::expect_used, reason = "the tables of all schemas are made ready in tests")]
fn number(number: usize) -> u16 {
    number.try_into().expect("a table has fewer than 65,536 of anything")
}
