//! A path to values of a record: `userIdentity.sessionContext.sessionIssuer.userName`.

mod cursor;
mod error;
mod nearest;
#[cfg(test)]
mod tests;

pub(crate) use cursor::Cursor;
pub use error::PathError;
pub(crate) use nearest::{hint, nearest};

use crate::event::Event;
use crate::field::Field;
use crate::value::{Kind, Value};
use std::fmt;
use std::ops::ControlFlow;

/// A path to values of a record: keys with dots between them.
///
/// Arrays on the way are passed through: `resources.ARN` is the ARN of every resource. `*` as a
/// whole segment is every key: `responseElements.credentials.*`. A key that holds a dot, a space, a
/// comma, a quote or a star is put in quotes, single or double: `requestParameters."a.b"`; a quote
/// of the same kind inside is written twice. Case counts.
///
/// Of several members with one key the last one counts; `*` sees them all. A key of CloudTrail's
/// own that is written with escapes in the record is not found (CloudTrail writes none); any other
/// is.
///
/// Reading a path allocates nothing and, as far as its keys are a [`Field`], looks at nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    segments: Vec<Segment>,
    /// The longest beginning of the path that is a field known by name.
    known: Option<Known>,
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    /// Into the member of this key.
    Key(String),
    /// Into every member.
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Known {
    field: Field,
    /// Segments it covers.
    depth: usize,
}

/// Arrays in arrays are looked into so far. No service writes more than two.
const ARRAYS: usize = 16;

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// [`PathError::Malformed`]; and [`PathError::UnknownField`] if the first key is none of a
    /// record: a typo there would find nothing, without a word. In quotes any key is taken.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let mut cursor = Cursor::new(text);
        let path = Self::read(&mut cursor)?;
        match cursor.peek() {
            None => Ok(path),
            Some(_) => Err(PathError::malformed(&cursor, "`.` or the end of the path")),
        }
    }

    /// Reads the path that comes next, up to whatever cannot be part of it.
    pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Self, PathError> {
        let first = cursor.at();
        let is_quoted = cursor.is_at_quote();
        let mut segments = vec![Segment::read(cursor)?];
        if let Some(Segment::Key(key)) = segments.first()
            && !is_quoted
            && !is_of_record(key)
        {
            return Err(PathError::unknown(key, first));
        }
        while cursor.skip('.') {
            segments.push(Segment::read(cursor)?);
        }
        Ok(Self { known: Known::of(&segments), segments })
    }

    /// Its steps, from the record on.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Hands `see` each value at the path, until it breaks: also null, also objects and arrays.
    #[inline]
    pub fn each<'r, F>(&self, event: &Event<'r>, see: &mut F) -> ControlFlow<()>
    where
        F: FnMut(Value<'r>) -> ControlFlow<()>,
    {
        match self.known {
            Some(known) => match event.value(known.field) {
                Some(value) if known.depth == self.segments.len() => see(value),
                Some(value) => descend(value, self.after(known.depth), ARRAYS, see),
                None => self.each_in_array(known, event, see),
            },
            None => self.each_unknown(event, see),
        }
    }

    /// Inside an array the known fields have no place of their own: they are looked for.
    fn each_in_array<'r, F>(
        &self,
        Known { mut field, mut depth }: Known,
        event: &Event<'r>,
        see: &mut F,
    ) -> ControlFlow<()>
    where
        F: FnMut(Value<'r>) -> ControlFlow<()>,
    {
        while let Some(parent) = field.parent() {
            depth -= 1;
            match event.value(parent) {
                Some(outer) if outer.kind() == Kind::Array => {
                    return descend(outer, self.after(depth), ARRAYS, see);
                }
                Some(_) => return ControlFlow::Continue(()),
                None => field = parent,
            }
        }
        ControlFlow::Continue(())
    }

    fn each_unknown<'r, F>(&self, event: &Event<'r>, see: &mut F) -> ControlFlow<()>
    where
        F: FnMut(Value<'r>) -> ControlFlow<()>,
    {
        let mut members = event.members().filter(|member| member.parent.is_none());
        match self.segments.first() {
            Some(Segment::Key(key)) => match members.filter(|member| member.key.is(key)).last() {
                Some(member) => descend(member.value, self.after(1), ARRAYS, see),
                None => ControlFlow::Continue(()),
            },
            _ => members.try_for_each(|member| descend(member.value, self.after(1), ARRAYS, see)),
        }
    }

    fn after(&self, depth: usize) -> &[Segment] {
        self.segments.get(depth..).unwrap_or_default()
    }
}

impl Segment {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, PathError> {
        if cursor.is_at_quote() {
            let key = cursor.quoted();
            return key
                .map(Self::Key)
                .ok_or_else(|| PathError::malformed(cursor, "a closing quote"));
        }
        if cursor.skip('*') {
            return Ok(Self::Any);
        }
        let ends = |c: char| matches!(c, '.' | ',' | '*' | '"' | '\'') || c.is_whitespace();
        match cursor.until(ends) {
            "" => Err(PathError::malformed(cursor, "a key, a key in quotes or `*`")),
            key => Ok(Self::Key(key.to_owned())),
        }
    }
}

impl Known {
    fn of(segments: &[Segment]) -> Option<Self> {
        let mut known: Option<Self> = None;
        for (before, segment) in segments.iter().enumerate() {
            let Segment::Key(key) = segment else { break };
            let parent = known.map(|known| known.field);
            let is_it = |field: &Field| field.parent() == parent && field.key() == key;
            let Some(field) = Field::ALL.into_iter().find(is_it) else { break };
            known = Some(Self { field, depth: before + 1 });
        }
        known
    }
}

fn descend<'r, F>(
    value: Value<'r>,
    segments: &[Segment],
    arrays: usize,
    see: &mut F,
) -> ControlFlow<()>
where
    F: FnMut(Value<'r>) -> ControlFlow<()>,
{
    let Some((segment, rest)) = segments.split_first() else { return see(value) };
    match (value.kind(), segment) {
        (Kind::Array, _) if arrays > 0 => {
            value.elements().try_for_each(|element| descend(element, segments, arrays - 1, see))
        }
        (Kind::Object, Segment::Key(key)) => match value.member(key) {
            Some(member) => descend(member, rest, arrays, see),
            None => ControlFlow::Continue(()),
        },
        (Kind::Object, Segment::Any) => {
            value.members().try_for_each(|(_, member)| descend(member, rest, arrays, see))
        }
        _ => ControlFlow::Continue(()),
    }
}

/// As it is written, with quotes where they are needed.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, segment) in self.segments.iter().enumerate() {
            let dot = if place == 0 { "" } else { "." };
            match segment {
                Segment::Any => write!(f, "{dot}*")?,
                Segment::Key(key) if place > 0 && is_plain(key) => write!(f, "{dot}{key}")?,
                Segment::Key(key) if is_of_record(key) => write!(f, "{dot}{key}")?,
                Segment::Key(key) => write!(f, "{dot}\"{}\"", key.replace('"', "\"\""))?,
            }
        }
        Ok(())
    }
}

/// Whether records are known to have this key.
fn is_of_record(key: &str) -> bool {
    Field::ALL.into_iter().any(|field| field.parent().is_none() && field.key() == key)
}

fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))
}
