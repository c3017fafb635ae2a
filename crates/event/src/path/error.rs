//! What is wrong with a path.

use super::cursor::Cursor;
use super::nearest;
use crate::field::Field;

/// Why a text is no path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// It is not written as a path is.
    #[error("could not read a path: expected {expected} at character {at}")]
    Malformed {
        /// Where, in characters from 1.
        at: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// It begins with a key that records do not have.
    #[error(
        "could not read a path: records have no field `{key}` at character {at}{}; \
         in quotes any name is taken", nearest::hint(*nearest)
    )]
    UnknownField {
        /// Where, in characters from 1.
        at: usize,
        /// The key.
        key: String,
        /// The field that was meant, most likely.
        nearest: Option<&'static str>,
    },
}

impl PathError {
    pub(super) fn malformed(cursor: &Cursor<'_>, expected: &'static str) -> Self {
        Self::Malformed { at: cursor.at(), expected }
    }

    pub(super) fn unknown(key: &str, at: usize) -> Self {
        let fields = Field::ALL.into_iter().filter(|field| field.parent().is_none());
        let nearest = nearest::nearest(key, fields.map(Field::key));
        Self::UnknownField { at, key: key.to_owned(), nearest }
    }
}
