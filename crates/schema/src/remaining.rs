//! What no row has taken: written under the path it has in the record, so that nothing is lost.
//!
//! What says nothing (null, `{}`, `[]`) is left out. In the flat map an array's values stand
//! together, joined by commas, under the path with `[]`, as Amazon Security Lake writes them.

mod leaves;

use crate::append::{Padded, append, append_part};
use crate::convert;
use crate::escape::json_in_string;
use crate::program::{Taken, end};
use crate::table::{Form, Wrote};
use leaves::Leaves;
use std::sync::LazyLock;
use trail_event::{Event, Field, Fields, Kind, Member, Shape, Text, Value};

/// What no row has taken of an event.
pub(crate) struct Remaining<'a> {
    pub(crate) event: Event<'a>,
    pub(crate) taken: &'a Taken,
    pub(crate) form: Form,
}

/// Memory kept from one event to the next, so that encoding allocates nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    leaves: Leaves,
    /// The map, where it becomes text.
    map: Vec<u8>,
}

/// For each field the path of its members, `userIdentity.`, and its own as a key whose value is a
/// string, `"userIdentity":"`.
static PATHS: LazyLock<Vec<(String, Padded)>> = LazyLock::new(|| {
    let paths = |field: Field| (format!("{field}."), Padded::of(&format!("\"{field}\":\"")));
    Field::ALL.into_iter().map(paths).collect()
});

/// Fields that are members of an event: the others stand in what is kept whole.
static APART: LazyLock<Fields> = LazyLock::new(|| {
    let is_apart =
        |field: &&Field| field.parent().is_none_or(|parent| parent.shape() == Shape::Structured);
    Field::ALL.iter().filter(is_apart).collect()
});

fn path_of(parent: Option<Field>) -> &'static str {
    parent.and_then(|field| PATHS.get(field.place())).map_or("", |(path, _)| path)
}

impl Remaining<'_> {
    /// Appends it; nothing if there is nothing.
    pub(crate) fn write(&self, scratch: &mut Scratch, line: &mut Vec<u8>) -> Wrote {
        let wrote = match self.form {
            Form::FlatMap => self.flat(scratch, line),
            Form::Nested => self.nested(line),
            Form::FlatMapText => self.flat_text(scratch, line),
        };
        if wrote { Wrote::All } else { Wrote::Nothing }
    }

    /// Members to write: what was not taken, and objects only as their members. When an earlier
    /// member has the key of a later one, the later one was taken.
    fn members(&self) -> impl Iterator<Item = Member<'_>> {
        self.event
            .members_but(|field| self.taken.has(field))
            .filter(|member| !member.is_taken_apart())
    }

    fn flat_text(&self, scratch: &mut Scratch, line: &mut Vec<u8>) -> bool {
        let mut map = std::mem::take(&mut scratch.map);
        map.clear();
        let wrote = self.flat(scratch, &mut map);
        if wrote {
            // The map is made of parts of text at borders of characters.
            json_in_string(str::from_utf8(&map).unwrap_or_default(), line);
        }
        scratch.map = map;
        wrote
    }

    fn flat(&self, scratch: &mut Scratch, line: &mut Vec<u8>) -> bool {
        let start = line.len();
        line.push(b'{');
        let leaves = &mut scratch.leaves;
        leaves.clear(self.event.json().len());
        if self.event.is_ambiguous() {
            self.members().for_each(|member| add(&member, leaves));
        } else {
            self.known(leaves, line);
            let unknown = self.event.unknown_members();
            let is_left = |parent: Field| !self.taken.has(parent);
            unknown
                .filter(|member| member.parent.is_none_or(is_left))
                .for_each(|member| add(&member, leaves));
        }
        leaves.append(line);
        if line.last() == Some(&b'{') {
            line.truncate(start);
            return false;
        }
        end(line);
        true
    }

    /// Appends what is left of known fields: no other member has their paths.
    fn known(&self, leaves: &mut Leaves, line: &mut Vec<u8>) {
        for field in self.event.fields().and(*APART).without(*self.taken).iter() {
            if let Some(place) = self.event.text_place(field) {
                if let Some((_, key)) = PATHS.get(field.place()) {
                    key.append(line);
                    append_part(self.event.json().as_bytes(), place, line);
                    line.extend_from_slice(b"\",");
                }
                continue;
            }
            let Some(value) = self.event.value(field) else { continue };
            match value.scalar() {
                Some(text) => scalar(field, text, line),
                None if is_taken_apart(field, value) => {}
                None => {
                    if let Some(quoted) = self.event.quoted(field) {
                        leaves.add(path_of(field.parent()), field.key(), quoted);
                    }
                }
            }
        }
    }

    fn nested(&self, line: &mut Vec<u8>) -> bool {
        let start = line.len();
        let mut open: Vec<Field> = Vec::new();
        line.push(b'{');
        for member in self.members().filter(|member| !member.value.is_empty()) {
            enter(&mut open, member.parent, line);
            line.push(b'"');
            line.extend_from_slice(member.key.escaped().as_bytes());
            line.extend_from_slice(b"\":");
            convert::json(member.value, line);
            line.push(b',');
        }
        enter(&mut open, None, line);
        if line.last() == Some(&b'{') {
            line.truncate(start);
            return false;
        }
        end(line);
        true
    }
}

/// Ends and begins objects until `parent` is the one that is open.
fn enter(open: &mut Vec<Field>, parent: Option<Field>, line: &mut Vec<u8>) {
    let mut chain: Vec<Field> = std::iter::successors(parent, |field| field.parent()).collect();
    chain.reverse();
    let common = open.iter().zip(&chain).take_while(|(open, chain)| open == chain).count();
    for _ended in open.split_off(common) {
        end(line);
        line.push(b',');
    }
    for field in chain.split_off(common) {
        line.push(b'"');
        line.extend_from_slice(field.key().as_bytes());
        line.extend_from_slice(b"\":{");
        open.push(field);
    }
}

/// Appends `"userIdentity.invokedBy":"value",`.
#[inline]
fn scalar(field: Field, text: Text<'_>, line: &mut Vec<u8>) {
    if let Some((_, key)) = PATHS.get(field.place()) {
        key.append(line);
        append(text.escaped().as_bytes(), line);
        append(b"\",", line);
    }
}

/// Adds the leaves of a member.
fn add(member: &Member<'_>, leaves: &mut Leaves) {
    leaves.add(path_of(member.parent), member.key.escaped(), member.value);
}

/// Whether the members of the value are members of the event.
fn is_taken_apart(field: Field, value: Value<'_>) -> bool {
    field.shape() == Shape::Structured && value.kind() == Kind::Object
}

/// What a scalar says, escaped for a string.
fn says(value: Value<'_>) -> &str {
    value.scalar().map_or("", |text| text.escaped())
}
