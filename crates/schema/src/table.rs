//! What a schema is: a table of rows, each an attribute of the output and where it comes from.
//!
//! The encoder runs the tables, and the documentation is written from them.

use crate::enrichment::Enrichment;
use trail_event::{Event, Field, Value};

/// One attribute of the output.
///
/// `F` is what a schema finds out about an event once, before its rows are asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<F: 'static> {
    /// Its path in the output, with dots.
    pub(crate) path: &'static str,
    pub(crate) source: Source<F>,
}

/// Where an attribute comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source<F: 'static> {
    /// This JSON, always.
    Constant(&'static str),
    /// A field, if it is there and can be converted.
    Field(Field, As),
    /// The first of these fields that is there and can be converted.
    First(&'static [Field], As),
    /// The one of several fields that the facts name.
    Chosen(Chosen<F>, As),
    /// Made of several things.
    Derived(Derived<F>),
    /// All that no row has taken, so that nothing is lost. The last row of a table.
    Remaining(Form),
}

/// How the value of a field is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum As {
    /// As a string; numbers and booleans too.
    Text,
    /// As [`Text`](Self::Text), but an empty string too.
    Scalar,
    /// As `true` or `false`, if it says so.
    Boolean,
    /// As a string that holds its JSON; a string as it is.
    JsonText,
    /// As milliseconds since 1970, if it is a time.
    Milliseconds,
    /// As a time of RFC 3339 in UTC, if it is a time.
    DateTime,
    /// In a way of its own, which the words describe.
    Custom(fn(Value<'_>, &mut Vec<u8>) -> Wrote, &'static str),
}

/// An attribute that is one of several fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chosen<F: 'static> {
    /// Those that it can be.
    pub(crate) among: &'static [Field],
    /// The one that it is.
    pub(crate) choose: fn(&F) -> Option<Field>,
    /// How it is chosen, in words.
    pub(crate) says: &'static str,
}

/// Appends the JSON of an attribute.
pub(crate) type Write<F> = fn(&Subject<'_, F>, &mut Vec<u8>) -> Wrote;

/// An attribute made of several things.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Derived<F: 'static> {
    /// Fields of which nothing is left to say when this was written.
    pub(crate) takes: &'static [Field],
    /// Fields of which it needs one, if it needs any.
    pub(crate) needs: Option<&'static [Field]>,
    /// Appends the JSON of the attribute.
    pub(crate) write: Write<F>,
    /// What it is made of, in words.
    pub(crate) says: &'static str,
}

/// How what no row has taken is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// One object of strings, keyed by path: `"resources[].ARN": "a,b"`.
    FlatMap,
    /// Objects within objects, as in the record.
    Nested,
    /// The flat map, as JSON in a string.
    FlatMapText,
}

/// What became of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrote {
    /// Nothing was appended: the attribute is left out.
    Nothing,
    /// A value was appended that does not say all that the fields say.
    Part,
    /// A value was appended that says all that the fields say.
    All,
}

/// What rows are asked about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a, F> {
    pub(crate) event: Event<'a>,
    pub(crate) facts: &'a F,
    pub(crate) enrichment: Option<&'a dyn Enrichment>,
}

impl<F> Row<F> {
    /// An attribute that is always the same: `json` is its value.
    pub(crate) const fn constant(path: &'static str, json: &'static str) -> Self {
        Self { path, source: Source::Constant(json) }
    }

    /// An attribute that is a field.
    pub(crate) const fn field(path: &'static str, field: Field, convert: As) -> Self {
        Self { path, source: Source::Field(field, convert) }
    }

    /// An attribute that is a string field.
    pub(crate) const fn text(path: &'static str, field: Field) -> Self {
        Self::field(path, field, As::Text)
    }

    /// An attribute that is the first of several fields.
    pub(crate) const fn first(path: &'static str, fields: &'static [Field], convert: As) -> Self {
        Self { path, source: Source::First(fields, convert) }
    }

    /// An attribute that is the one of several fields that the facts name.
    pub(crate) const fn chosen(path: &'static str, chosen: Chosen<F>, convert: As) -> Self {
        Self { path, source: Source::Chosen(chosen, convert) }
    }

    /// An attribute made of several things, which takes no field away from others.
    pub(crate) const fn derived(path: &'static str, says: &'static str, write: Write<F>) -> Self {
        Self::taking(path, &[], says, write)
    }

    /// An attribute made of several things, which says all that some fields say.
    pub(crate) const fn taking(
        path: &'static str,
        takes: &'static [Field],
        says: &'static str,
        write: Write<F>,
    ) -> Self {
        Self { path, source: Source::Derived(Derived { takes, needs: None, write, says }) }
    }

    /// Only where the event has one of these fields. (That the row is left out without them must
    /// hold already: they are asked first because that is faster.)
    pub(crate) const fn when(mut self, fields: &'static [Field]) -> Self {
        if let Source::Derived(derived) = &mut self.source {
            derived.needs = Some(fields);
        }
        self
    }

    /// The attribute for all that no other row has taken.
    pub(crate) const fn remaining(path: &'static str, form: Form) -> Self {
        Self { path, source: Source::Remaining(form) }
    }
}
