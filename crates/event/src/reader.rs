//! Reading a record: where each of its members stands.

mod batch;
mod shift;
mod walk;

use crate::event::Event;
use crate::field::{Field, Shape};
use crate::fields::Fields;
use crate::keys::Keys;
use crate::names::{Before, Key, Name, Names};
use crate::quotes::Quotes;
use std::ops::Range;
use walk::Found;
pub(crate) use walk::Walk;

pub use batch::{Batch, Unread};
pub use shift::Edit;

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
    /// The value of each field that is present; of several with one key, the last.
    values: [Span; Field::COUNT],
    /// For each field that is present and no string, which quotes stand in its value.
    quotes: [Span; Field::COUNT],
    names: Names,
    /// Keys of free-form objects that are looked into.
    keys: Keys,
    /// Fields that have a value.
    present: Fields,
    /// How many members are fields that are known, those that come twice counted twice.
    known: u32,
    /// Whether two members may have the same path.
    ambiguous: bool,
    /// Members of the record and of its structured objects, in order.
    members: Vec<Place>,
}

/// Bytes of the record, or some of its quotes.
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
        let quotes = self.quotes.places();
        self.index.read(json, quotes);
        Event::new(index, json, quotes, &self.index)
    }

    /// As [`read`](Self::read), for a record of which the places are known where its strings begin
    /// and end: all of them, in order, as `trail-logfile` notes them. With others the event has
    /// other members, and nothing worse happens.
    pub fn read_quoted<'a>(
        &'a mut self,
        index: u64,
        json: &'a str,
        quotes: &'a [u32],
    ) -> Event<'a> {
        self.index.read(json, quotes);
        Event::new(index, json, quotes, &self.index)
    }
}

impl Default for Index {
    fn default() -> Self {
        Self {
            values: [Span::default(); Field::COUNT],
            quotes: [Span::default(); Field::COUNT],
            names: Names::new(),
            keys: Keys::NONE,
            present: Fields::NONE,
            known: 0,
            ambiguous: false,
            members: Vec::new(),
        }
    }
}

impl Index {
    fn read(&mut self, json: &str, quotes: &[u32]) {
        self.present = Fields::NONE;
        self.keys = Keys::NONE;
        self.known = 0;
        self.ambiguous = false;
        self.members.clear();
        self.members.shrink_to(KEPT);
        self.structured(&mut Walk::new(json.as_bytes(), quotes), None);
        self.ambiguous |= self.known != self.present.count();
    }

    #[inline]
    pub(crate) fn value(&self, field: Field) -> Option<Range<usize>> {
        self.span(field).map(Span::range)
    }

    /// Which quotes stand in the value of a field, if it is there and no string.
    #[inline]
    pub(crate) fn quotes(&self, field: Field) -> Option<Range<usize>> {
        let quotes = || self.quotes.get(field.place()).copied();
        if self.present.has(field) { quotes().map(Span::range) } else { None }
    }

    #[inline]
    fn span(&self, field: Field) -> Option<Span> {
        if self.present.has(field) { self.values.get(field.place()).copied() } else { None }
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
    pub(crate) fn has(&self, field: Field) -> bool {
        self.present.has(field)
    }

    #[inline]
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.ambiguous
    }

    #[inline]
    pub(crate) fn members(&self) -> &[Place] {
        &self.members
    }

    /// Whether `place` is what its field has as value: not one of several with the same key, nor
    /// in an object that is.
    #[inline]
    pub(crate) fn is_last(&self, place: &Place) -> bool {
        !self.ambiguous || self.is_last_of_several(place)
    }

    fn is_last_of_several(&self, place: &Place) -> bool {
        match (place.field, place.parent) {
            (Some(field), _) => self.span(field) == Some(place.value),
            (None, Some(parent)) => self.span(parent).is_some_and(|span| span.holds(place.value)),
            (None, None) => true,
        }
    }

    /// Notes every member of the object that is next.
    #[inline(never)]
    fn structured(&mut self, walk: &mut Walk<'_>, parent: Option<Field>) {
        walk.enter();
        let mut before = Before::first_of(parent);
        loop {
            if let Some(found) = walk.string_member() {
                let name = self.name(&mut before, parent, walk, &found);
                let value = Span::of(found.value, walk.at);
                self.members.push(found.place(parent, name, value));
                self.string(name, value);
                continue;
            }
            let Some(found) = walk.member() else { break };
            let name = self.name(&mut before, parent, walk, &found);
            // An object comes before its own members.
            let noted = self.members.len();
            self.members.push(found.place(parent, name, Span::default()));
            let value = self.other(walk, &found, name);
            if let Some(place) = self.members.get_mut(noted) {
                place.value = value;
            }
        }
        walk.leave();
    }

    #[inline(always)]
    fn name(
        &mut self,
        before: &mut Before,
        parent: Option<Field>,
        walk: &Walk<'_>,
        found: &Found,
    ) -> Option<&'static Name> {
        let name = self.names.field(before, parent, Key::of(walk.bytes, &found.key));
        if name.is_none() {
            self.ambiguous |= is_odd(walk.bytes, &found.key);
        }
        name
    }

    /// Notes the fields that are known by name in the object that is next.
    #[inline(never)]
    fn freeform(&mut self, walk: &mut Walk<'_>, parent: Field) {
        walk.enter();
        let mut before = Before::first_of(Some(parent));
        loop {
            let (found, is_string) = match walk.string_member() {
                Some(found) => (found, true),
                None => match walk.member() {
                    Some(found) => (found, false),
                    None => break,
                },
            };
            let key = Key::of(walk.bytes, &found.key);
            self.keys.add_written(parent, &key);
            let name = self.names.field(&mut before, Some(parent), key);
            if is_string {
                self.string(name, Span::of(found.value, walk.at));
            } else {
                self.other(walk, &found, name);
            }
        }
        walk.leave();
    }

    /// Notes a value that is a string.
    #[inline(always)]
    fn string(&mut self, name: Option<&Name>, value: Span) {
        let Some(name) = name else { return };
        if name.shape != Shape::Scalar {
            self.forget_within(name.field);
        }
        self.note(name.field, value);
    }

    /// Passes over the value that is next, and notes it and its own members.
    #[inline(always)]
    fn other(&mut self, walk: &mut Walk<'_>, found: &Found, name: Option<&Name>) -> Span {
        let first_quote = walk.passed();
        match name {
            Some(name) if name.shape != Shape::Scalar => self.object(walk, name),
            _ => walk.pass(),
        }
        let value = Span::of(found.value, walk.at);
        if let Some(name) = name {
            self.note(name.field, value);
            if let Some(quotes) = self.quotes.get_mut(name.field.place()) {
                *quotes = Span::of(first_quote, walk.passed());
            }
        }
        value
    }

    #[inline(always)]
    fn note(&mut self, field: Field, value: Span) {
        self.present.insert(field);
        self.known += 1;
        if let Some(slot) = self.values.get_mut(field.place()) {
            *slot = value;
        }
    }

    #[inline(never)]
    fn object(&mut self, walk: &mut Walk<'_>, name: &Name) {
        self.forget_within(name.field);
        match (walk.bytes.get(walk.at), name.shape) {
            (Some(b'{'), Shape::Structured) => self.structured(walk, Some(name.field)),
            (Some(b'{'), Shape::Freeform) if name.field.has_members() => {
                self.freeform(walk, name.field);
            }
            _ => walk.pass(),
        }
    }

    /// Forgets what stands in an object if another has come: the last one counts, whole.
    #[inline]
    fn forget_within(&mut self, object: Field) {
        if self.present.has(object) {
            self.forget_all_within(object);
        }
    }

    #[cold]
    fn forget_all_within(&mut self, object: Field) {
        for field in Field::ALL.into_iter().filter(|field| field.is_within(object)) {
            self.present.remove(field);
        }
    }
}

impl Found {
    #[inline(always)]
    fn place(&self, parent: Option<Field>, name: Option<&Name>, value: Span) -> Place {
        let field = name.map(|name| name.field);
        Place { parent, field, key: Span::of(self.key.start, self.key.end), value }
    }
}

/// Whether a key that is not known may be that of a field after all: it holds a dot or an escape.
#[cold]
fn is_odd(bytes: &[u8], key: &Range<usize>) -> bool {
    bytes.get(key.clone()).is_some_and(|key| memchr::memchr2(b'.', b'\\', key).is_some())
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
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

#[cfg(test)]
mod tests;
