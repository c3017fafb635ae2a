//! Reading a record: where each of its members stands.

mod walk;

use crate::event::Event;
use crate::field::{Field, Shape};
use crate::fields::Fields;
use crate::keys::Keys;
use crate::names::{Before, Names};
use crate::quotes::Quotes;
use std::ops::Range;
use walk::{Found, Walk};

/// Reads records into events, one at a time. It keeps its memory from one record to the next, so
/// that reading allocates nothing.
#[derive(Clone, Debug)]
pub struct Reader {
    quotes: Quotes,
    index: Index,
}

/// Where the members of one record stand.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    /// The value of each field; of several with one key, the last.
    values: [Span; Field::COUNT],
    names: Names,
    /// Keys of free-form objects that are looked into.
    keys: Keys,
    /// Fields that have a value.
    present: Fields,
    /// Whether two members may have the same path.
    ambiguous: bool,
    /// Members of the record and of its structured objects, in order.
    members: Vec<Place>,
}

/// Bytes of the record. A value never starts at its first byte: `0..0` is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

/// Where a member stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) parent: Option<Field>,
    pub(crate) field: Option<Field>,
    pub(crate) key: Span,
    pub(crate) value: Span,
}

/// Members for which memory is kept from one record to the next. Records have some fifty.
const KEPT: usize = 1024;

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

impl Reader {
    /// A reader with no memory taken yet.
    #[must_use]
    pub fn new() -> Self {
        Self { quotes: Quotes::default(), index: Index::default() }
    }

    /// Reads the record `json`, a valid JSON object of less than 4 GiB, that stands at `index` among
    /// the records of its file. Text that is no such object gives an event all the same, with
    /// whatever members were found.
    pub fn read<'a>(&'a mut self, index: u64, json: &'a str) -> Event<'a> {
        self.quotes.find(json.as_bytes());
        self.index.read(json, self.quotes.places());
        Event::new(index, json, &self.index)
    }

    /// As [`read`](Self::read), for a record of which the places are known where its strings begin
    /// and end: all of them, in order, as `trail-logfile` notes them. With others the event has
    /// other members, and nothing worse happens.
    pub fn read_quoted<'a>(&'a mut self, index: u64, json: &'a str, quotes: &[u32]) -> Event<'a> {
        self.index.read(json, quotes);
        Event::new(index, json, &self.index)
    }
}

impl Default for Index {
    fn default() -> Self {
        let values = [Span::default(); Field::COUNT];
        Self {
            values,
            names: Names::new(),
            ambiguous: false,
            present: Fields::NONE,
            keys: Keys::NONE,
            members: Vec::new(),
        }
    }
}

impl Index {
    fn read(&mut self, json: &str, quotes: &[u32]) {
        self.values.fill(Span::default());
        self.present = Fields::NONE;
        self.keys = Keys::NONE;
        self.ambiguous = false;
        self.members.clear();
        self.members.shrink_to(KEPT);
        let mut walk = Walk { bytes: json.as_bytes(), quotes, at: 0 };
        self.structured(&mut walk, None);
    }

    #[inline]
    pub(crate) fn value(&self, field: Field) -> Option<Range<usize>> {
        self.values.get(field.place()).and_then(|span| span.range())
    }

    #[inline]
    pub(crate) fn keys(&self) -> Keys {
        self.keys
    }

    #[inline]
    pub(crate) fn present(&self) -> Fields {
        self.present
    }

    #[inline]
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.ambiguous
    }

    pub(crate) fn members(&self) -> &[Place] {
        &self.members
    }

    /// Whether `place` is what its field has as value: not one of several with the same key, nor
    /// in an object that is.
    pub(crate) fn is_last(&self, place: &Place) -> bool {
        let slot = |field: Field| self.values.get(field.place()).copied().unwrap_or_default();
        match (place.field, place.parent) {
            (Some(field), _) => slot(field) == place.value,
            (None, Some(parent)) => slot(parent).holds(place.value),
            (None, None) => true,
        }
    }

    /// Notes every member of the object that is next.
    fn structured(&mut self, walk: &mut Walk<'_>, parent: Option<Field>) {
        walk.enter();
        let mut before = Before::first_of(parent);
        while let Some(found) = walk.member() {
            let key = found.key.clone();
            let field = self.names.field(&mut before, parent, walk.bytes, key);
            self.ambiguous |= field.is_none() && is_odd(walk.bytes, &found.key);
            let key = Span::of(found.key.start, found.key.end);
            let noted = self.members.len();
            self.members.push(Place { parent, field, key, value: Span::default() });
            let value = self.value_of(walk, &found, field);
            if let Some(place) = self.members.get_mut(noted) {
                place.value = value;
            }
        }
        walk.leave();
    }

    /// Notes the fields that are known by name in the object that is next.
    fn freeform(&mut self, walk: &mut Walk<'_>, parent: Field) {
        walk.enter();
        let mut before = Before::first_of(Some(parent));
        while let Some(found) = walk.member() {
            let key = found.key.clone();
            let bytes = walk.bytes.get(key.clone()).unwrap_or_default();
            self.keys.extend(Keys::written(parent, bytes));
            let field = self.names.field(&mut before, Some(parent), walk.bytes, key);
            self.value_of(walk, &found, field);
        }
        walk.leave();
    }

    /// Passes over the value that was found, and notes it and its own members.
    #[inline(always)]
    fn value_of(&mut self, walk: &mut Walk<'_>, found: &Found, field: Option<Field>) -> Span {
        match field {
            Some(field) if field.shape() != Shape::Scalar => self.object(walk, found, field),
            _ if found.string.is_none() => walk.pass(),
            _ => {}
        }
        let value = Span::of(found.value, walk.at);
        if let Some(field) = field
            && let Some(slot) = self.values.get_mut(field.place())
        {
            self.ambiguous |= *slot != Span::default();
            self.present.insert(field);
            *slot = value;
        }
        value
    }

    fn object(&mut self, walk: &mut Walk<'_>, found: &Found, field: Field) {
        self.forget_within(field);
        if found.string.is_some() {
            return;
        }
        match (walk.bytes.get(walk.at), field.shape()) {
            (Some(b'{'), Shape::Structured) => self.structured(walk, Some(field)),
            (Some(b'{'), Shape::Freeform) if field.has_members() => self.freeform(walk, field),
            _ => walk.pass(),
        }
    }

    /// Forgets what stands in an object of which another comes: the last one counts, whole.
    fn forget_within(&mut self, object: Field) {
        if self.value(object).is_none() {
            return;
        }
        for (field, slot) in Field::ALL.into_iter().zip(&mut self.values) {
            if field.is_within(object) {
                *slot = Span::default();
                self.present.remove(field);
            }
        }
    }
}

/// Whether a key that is not known may be that of a field after all: it holds a dot or an escape.
#[cold]
fn is_odd(bytes: &[u8], key: &Range<usize>) -> bool {
    bytes.get(key.clone()).is_some_and(|key| key.iter().any(|byte| matches!(byte, b'.' | b'\\')))
}

impl Span {
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "records are below 4 GiB")]
    fn of(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// Whether `inner` stands in it.
    fn holds(self, inner: Self) -> bool {
        self.start < inner.start && inner.end < self.end
    }

    #[inline]
    pub(crate) fn range(self) -> Option<Range<usize>> {
        (self.start != 0).then_some(self.start as usize..self.end as usize)
    }
}

#[cfg(test)]
mod tests;
