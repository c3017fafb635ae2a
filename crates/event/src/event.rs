//! A record understood.

use crate::address;
use crate::field::{Field, Shape};
use crate::fields::Fields;
use crate::key::EventKey;
use crate::keys::Keys;
use crate::quoted::Quoted;
use crate::reader::{Index, Place};
use crate::text::Text;
use crate::time::Timestamp;
use crate::value::{Kind, Value};
use std::fmt;
use std::net::IpAddr;
use std::ops::Range;

/// A record understood to be a CloudTrail event: a view that borrows from its log file and from the
/// [`Reader`](crate::Reader) that made it.
#[derive(Clone, Copy)]
pub struct Event<'a> {
    index: u64,
    json: &'a str,
    quotes: &'a [u32],
    places: &'a Index,
}

/// A member of the record or of one of its structured objects.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The object it stands in; none for the record itself.
    pub parent: Option<Field>,
    /// The field it is, where its key is known.
    pub field: Option<Field>,
    /// Its key.
    pub key: Text<'a>,
    /// Its value.
    pub value: Value<'a>,
    /// Whether another member of the same object has the same key and comes later: then that one is
    /// the value of the field. So are the members of an object that is.
    pub is_superseded: bool,
}

impl Member<'_> {
    /// Whether its own members come after it, on their own.
    #[must_use]
    #[inline]
    pub fn is_taken_apart(&self) -> bool {
        let is_structured = self.field.is_some_and(|field| field.shape() == Shape::Structured);
        is_structured && self.value.kind() == Kind::Object
    }
}

impl<'a> Event<'a> {
    pub(crate) fn new(index: u64, json: &'a str, quotes: &'a [u32], places: &'a Index) -> Self {
        Self { index, json, quotes, places }
    }

    /// Where its members stand.
    pub(crate) fn places(&self) -> &'a Index {
        self.places
    }

    /// Where its strings begin and end.
    pub(crate) fn quotes(&self) -> &'a [u32] {
        self.quotes
    }

    /// Place in the object's `Records`, from 0.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The record as CloudTrail wrote it.
    #[must_use]
    pub fn json(&self) -> &'a str {
        self.json
    }

    /// What makes this event recognisable.
    #[must_use]
    pub fn key(&self) -> EventKey {
        EventKey::of(self)
    }

    /// The value of a field, whatever it is; none if the field is not there. An object that should
    /// hold it and is none holds nothing.
    #[must_use]
    #[inline]
    pub fn value(&self, field: Field) -> Option<Value<'a>> {
        let place = self.places.value(field)?;
        self.json.get(place).map(Value::new)
    }

    /// The text of a field, if it is a string that is not empty.
    #[must_use]
    #[inline]
    pub fn text(&self, field: Field) -> Option<Text<'a>> {
        let place = self.places.value(field)?;
        self.string(place).filter(|text| !text.is_empty())
    }

    /// What stands between the quotes of the value at `place`, if it is a string.
    #[inline(always)]
    fn string(&self, place: Range<usize>) -> Option<Text<'a>> {
        let is_string = self.json.as_bytes().get(place.start) == Some(&b'"');
        let inside = place.start + 1..place.end.wrapping_sub(1);
        if is_string { self.json.get(inside).map(Text::new) } else { None }
    }

    /// The text of a field, if it is a string, number or boolean that is not empty.
    #[must_use]
    #[inline]
    pub fn says_something(&self, field: Field) -> Option<Text<'a>> {
        let place = self.places.value(field)?;
        let text = match self.json.as_bytes().get(place.start)? {
            b'"' => self.string(place)?,
            b'{' | b'[' | b'n' => return None,
            _ => Text::new(self.json.get(place)?),
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// Where [`text`](Self::text) stands in the record: between its quotes.
    #[must_use]
    #[inline]
    pub fn text_place(&self, field: Field) -> Option<Range<usize>> {
        let Range { start, end } = self.places.value(field)?;
        let inner = start + 1..end.wrapping_sub(1);
        let is_text = self.json.as_bytes().get(start) == Some(&b'"') && inner.start < inner.end;
        is_text.then_some(inner)
    }

    /// The address that the request came from, if it is one: services have their name there.
    #[must_use]
    pub fn source_address(&self) -> Option<IpAddr> {
        address::parse(self.text(Field::SourceIpAddress)?.escaped())
    }

    /// When it happened: the time of the event; of an aggregated one, when its window starts.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        let value = self.value(Field::EventTime).or_else(|| self.value(Field::WindowStart))?;
        Timestamp::of(value)
    }

    /// Whether a field says `text`.
    #[must_use]
    #[inline]
    pub fn says(&self, field: Field, text: &str) -> bool {
        self.text(field).is_some_and(|value| value.is(text))
    }

    /// The fields that are there.
    #[must_use]
    #[inline]
    pub fn fields(&self) -> Fields {
        self.places.present()
    }

    /// The keys of free-form objects that fields are known in (`requestParameters`, ...), as a sketch.
    #[must_use]
    #[inline]
    pub fn keys(&self) -> Keys {
        self.places.keys()
    }

    /// Whether a field is there.
    #[must_use]
    #[inline]
    pub fn has(&self, field: Field) -> bool {
        self.places.has(field)
    }

    /// The value of a field with the places of its quotes, to be taken apart without a search: of
    /// an object or array. None for any other value.
    #[must_use]
    #[inline]
    pub fn quoted(&self, field: Field) -> Option<Quoted<'a>> {
        let (value, quotes) = (self.places.value(field)?, self.places.quotes(field)?);
        let is_container = matches!(self.json.as_bytes().get(value.start)?, b'{' | b'[');
        let quotes = if is_container { self.quotes.get(quotes)? } else { return None };
        Some(Quoted::new(self.json, value, quotes))
    }

    /// Keys and values of the object that a field is, as [`Value::members`] gives them, but faster.
    #[inline]
    pub fn members_of(
        &self,
        field: Field,
    ) -> impl Iterator<Item = (Text<'a>, Quoted<'a>)> + use<'a> {
        self.quoted(field).into_iter().flat_map(Quoted::members)
    }

    /// Values of the array that a field is, as [`Value::elements`] gives them, but faster.
    #[inline]
    pub fn elements_of(&self, field: Field) -> impl Iterator<Item = Quoted<'a>> + use<'a> {
        self.quoted(field).into_iter().flat_map(Quoted::elements)
    }

    /// The places of all quotes in the object or array that a field is, and the place of its first
    /// byte, which is to be taken from each; for any other value none.
    #[must_use]
    #[inline]
    pub fn quotes_of(&self, field: Field) -> (&'a [u32], usize) {
        self.quoted(field).map_or((&[], 0), Quoted::quotes)
    }

    /// Members of the record and of its structured objects, known or not, in the order of the
    /// record: an object comes before its own members.
    pub fn members(&self) -> impl Iterator<Item = Member<'a>> + use<'a> {
        let Self { json, places, .. } = *self;
        places.members().iter().filter_map(move |place| member(json, places, place))
    }

    /// Members as [`members`](Self::members) gives them, without those of fields that `told` knows
    /// and those in objects that it knows: it has to know objects in such objects too. What is
    /// superseded was not told: the later one was.
    #[inline]
    pub fn members_but(&self, told: impl Fn(Field) -> bool) -> impl Iterator<Item = Member<'a>> {
        let Self { json, places, .. } = *self;
        let is_left = move |place: &&Place| {
            let is_told = place.field.is_some_and(&told) || place.parent.is_some_and(&told);
            !is_told || places.is_ambiguous() && !places.is_last(place)
        };
        let left = places.members().iter().filter(is_left);
        left.filter_map(move |place| member(json, places, place))
    }

    /// Members of which the field is not known.
    #[inline]
    pub fn unknown_members(&self) -> impl Iterator<Item = Member<'a>> + use<'a> {
        let Self { json, places, .. } = *self;
        let unknown = places.members().iter().filter(|place| place.field.is_none());
        unknown.filter_map(move |place| member(json, places, place))
    }

    /// Whether two members may have the same path: a field comes twice in one object, or a key that
    /// is not known holds a dot or an escape.
    #[must_use]
    #[inline]
    pub fn is_ambiguous(&self) -> bool {
        self.places.is_ambiguous()
    }
}

#[inline]
fn member<'a>(json: &'a str, places: &'a Index, place: &Place) -> Option<Member<'a>> {
    Some(Member {
        parent: place.parent,
        field: place.field,
        key: Text::new(json.get(place.key.range())?),
        value: Value::new(json.get(place.value.range())?),
        is_superseded: !places.is_last(place),
    })
}

/// Where it stands, and nothing of what it says: records do not belong into logs.
impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { index, json, .. } = self;
        f.debug_struct("Event").field("index", index).field("bytes", &json.len()).finish()
    }
}
