//! A value whose quotes are known: taken apart from quote to quote, without a search.

use crate::reader::Walk;
use crate::text::Text;
use crate::value::Value;
use std::ops::Range;

/// A value of a record, with the places of its quotes.
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'a> {
    record: &'a str,
    place: (usize, usize),
    /// Those in the value.
    quotes: &'a [u32],
}

impl<'a> Quoted<'a> {
    #[inline]
    pub(crate) fn new(record: &'a str, place: Range<usize>, quotes: &'a [u32]) -> Self {
        Self { record, place: (place.start, place.end), quotes }
    }

    /// The value. (Where quotes were wrong that a record was read with, it may be nothing.)
    #[must_use]
    #[inline]
    pub fn value(self) -> Value<'a> {
        let (start, end) = self.place;
        Value::new(self.record.get(start..end).unwrap_or_default())
    }

    /// The places of its quotes, all that are not escaped, and that of its first byte, which is to
    /// be taken from each.
    #[must_use]
    #[inline]
    pub fn quotes(self) -> (&'a [u32], usize) {
        (self.quotes, self.place.0)
    }

    /// Keys and values, in order, if it is an object; else none.
    #[must_use]
    #[inline]
    pub fn members(self) -> QuotedMembers<'a> {
        QuotedMembers { record: self.record, walk: self.inside(b'{') }
    }

    /// The values, in order, if it is an array; else none.
    #[must_use]
    #[inline]
    pub fn elements(self) -> QuotedElements<'a> {
        QuotedElements { record: self.record, walk: self.inside(b'[') }
    }

    /// A walk that begins behind the first byte, if it is this one; else at the end.
    #[inline]
    fn inside(self, first: u8) -> Walk<'a> {
        let bytes = self.record.as_bytes();
        let (start, end) = self.place;
        let mut walk = Walk::new(bytes.get(..end).unwrap_or_default(), self.quotes);
        walk.at = start + 1;
        if bytes.get(start) == Some(&first) { walk } else { Walk::new(&[], &[]) }
    }
}

/// Keys and values of an object.
#[derive(Clone, Debug)]
pub struct QuotedMembers<'a> {
    record: &'a str,
    walk: Walk<'a>,
}

impl<'a> Iterator for QuotedMembers<'a> {
    type Item = (Text<'a>, Quoted<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let Self { record, walk } = self;
        let (found, quotes) = walk.quoted_member()?;
        let key = Text::new(record.get(found.key)?);
        Some((key, Quoted { record, place: (found.value, walk.at), quotes }))
    }
}

/// Values of an array.
#[derive(Clone, Debug)]
pub struct QuotedElements<'a> {
    record: &'a str,
    walk: Walk<'a>,
}

impl<'a> Iterator for QuotedElements<'a> {
    type Item = Quoted<'a>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let Self { record, walk } = self;
        let start = walk.element()?;
        let quotes = walk.pass_quoted();
        Some(Quoted { record, place: (start, walk.at), quotes })
    }
}

#[cfg(test)]
mod tests;
