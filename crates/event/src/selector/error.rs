//! What is wrong with a selector.

use super::List;
use super::condition::Operator;
use crate::path::{Cursor, PathError, hint, nearest};
use crate::sets::Set;

/// An entry that is neither the name of a ready set nor an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not read `{entry}`, entry {} of {list}", .index + 1)]
pub struct SelectorError {
    /// The list it stands in.
    pub list: List,
    /// Its place there, from 0.
    pub index: usize,
    /// Its text.
    pub entry: String,
    /// What is wrong with it.
    #[source]
    pub fault: SelectorFault,
}

/// What is wrong with an entry. Places are characters of its text, from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SelectorFault {
    /// One word, which is no ready set.
    #[error(
        "no ready set is called `{name}`{}; the sets are {}, and an expression has a field, \
         an operator and values", hint(*nearest), Set::ALL.map(|set| set.name).join(", ")
    )]
    UnknownSet {
        /// The word.
        name: String,
        /// The set that was meant, most likely.
        nearest: Option<&'static str>,
    },
    /// The field of a condition is no path.
    #[error(transparent)]
    Path(PathError),
    /// There is no operator after the field.
    #[error(
        "expected an operator at character {at}, found `{found}`{}; the operators are {}",
        hint(*nearest), Operator::ALL.map(Operator::name).join(", ")
    )]
    Operator {
        /// Where it should stand.
        at: usize,
        /// What stands there.
        found: String,
        /// The operator that was meant, most likely.
        nearest: Option<&'static str>,
    },
    /// Something else should stand there.
    #[error("expected {expected} at character {at}")]
    Expected {
        /// Where it should stand.
        at: usize,
        /// What should.
        expected: &'static str,
    },
}

impl SelectorError {
    pub(super) fn new(list: List, index: usize, entry: &str, fault: SelectorFault) -> Self {
        Self { list, index, entry: entry.to_owned(), fault }
    }
}

impl SelectorFault {
    pub(super) fn unknown_set(name: &str) -> Self {
        let nearest = nearest(name, Set::ALL.map(|set| set.name));
        Self::UnknownSet { name: name.to_owned(), nearest }
    }

    pub(super) fn no_operator(at: usize, found: &str) -> Self {
        let nearest = nearest(found, Operator::ALL.map(Operator::name));
        Self::Operator { at, found: found.to_owned(), nearest }
    }

    pub(super) fn expected(cursor: &Cursor<'_>, expected: &'static str) -> Self {
        Self::Expected { at: cursor.at(), expected }
    }
}
