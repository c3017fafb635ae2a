//! Which events are wanted.

mod condition;
mod error;
mod expression;
#[cfg(test)]
mod tests;

pub use error::{SelectorError, SelectorFault};

use crate::event::Event;
use crate::sets::Set;
use condition::Condition;
use std::fmt;

/// Which events are wanted: those that an entry of the select list chooses (all, if it is empty) and
/// no entry of the exclude list.
///
/// An entry is the name of a [ready set](Set) or one line of text, in the vocabulary of CloudTrail's
/// advanced event selectors:
///
/// ```text
/// eventName starts_with Delete, Put and eventSource equals s3.amazonaws.com
/// ```
///
/// - A condition is a [path](crate::Path), an operator and values with commas between them. The
///   operators are `equals`, `not_equals`, `starts_with`, `not_starts_with`, `ends_with` and
///   `not_ends_with`. A condition holds when any of its values matches; one with `not_` when none does.
/// - All conditions of an entry, with `and` between them, must hold. What is joined by "or" is
///   several entries.
/// - A value that holds a space, a comma or a quote, or that is `and` or an operator, is put in
///   quotes, single or double; a quote of the same kind inside is written twice.
/// - Values are compared with strings as they are without escapes, with numbers and booleans as
///   they are written: `readOnly equals true` finds `true` and `"true"`. Case counts. Of an array,
///   any element may match. Objects never match.
/// - For a field that is absent or null no condition holds but those with `not_`. So
///   `errorCode starts_with ""` is: there is an error code; `eventCategory not_starts_with ""` is:
///   there is no category.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selectors {
    select: Vec<Entry>,
    exclude: Vec<Entry>,
}

/// An entry of a list: its name, and the selectors of which any suffices.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Entry {
    name: String,
    selectors: Vec<Vec<Condition>>,
}

/// One of the two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum List {
    /// What is wanted.
    Select,
    /// What is not wanted all the same.
    Exclude,
}

/// What was decided about an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Choice {
    /// It is wanted.
    Selected {
        /// The first entry of the select list that chose it; none if the list is empty.
        by: Option<usize>,
    },
    /// An entry of the exclude list chose it; that it may be selected too does not count.
    Excluded {
        /// The first such entry.
        by: usize,
    },
    /// No entry of the select list chose it.
    Unselected,
}

impl Selectors {
    /// Reads both lists.
    ///
    /// # Errors
    /// [`SelectorError`] for the first entry that is neither the name of a set nor an expression.
    pub fn parse<S, E>(select: &[S], exclude: &[E]) -> Result<Self, SelectorError>
    where
        S: AsRef<str>,
        E: AsRef<str>,
    {
        Ok(Self { select: parse(List::Select, select)?, exclude: parse(List::Exclude, exclude)? })
    }

    /// Whether every event is wanted, so that there is nothing to ask.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.select.is_empty() && self.exclude.is_empty()
    }

    /// Decides about an event.
    #[must_use]
    pub fn choose(&self, event: &Event<'_>) -> Choice {
        if let Some(by) = first(&self.exclude, event) {
            return Choice::Excluded { by };
        }
        if self.select.is_empty() {
            return Choice::Selected { by: None };
        }
        first(&self.select, event)
            .map_or(Choice::Unselected, |by| Choice::Selected { by: Some(by) })
    }

    /// What the entries of a list are called, in its order: the name of the set, or the expression
    /// as it was given. It is a label for counts, where [`Choice`] gives the place.
    pub fn names(&self, list: List) -> impl Iterator<Item = &str> {
        let entries = match list {
            List::Select => &self.select,
            List::Exclude => &self.exclude,
        };
        entries.iter().map(|entry| entry.name.as_str())
    }
}

/// As it is called in the configuration.
impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Select => "select",
            Self::Exclude => "exclude",
        })
    }
}

fn parse<S: AsRef<str>>(list: List, entries: &[S]) -> Result<Vec<Entry>, SelectorError> {
    let entry = |(index, text): (usize, &S)| {
        let text = text.as_ref();
        Entry::parse(text).map_err(|fault| SelectorError::new(list, index, text, fault))
    };
    entries.iter().enumerate().map(entry).collect()
}

fn first(entries: &[Entry], event: &Event<'_>) -> Option<usize> {
    entries.iter().position(|entry| entry.chooses(event))
}

impl Entry {
    /// One word is the name of a set: an expression has three at least.
    fn parse(text: &str) -> Result<Self, SelectorFault> {
        let name = text.trim();
        let selectors = if name.is_empty() || name.contains(char::is_whitespace) {
            vec![expression::parse(text)?]
        } else {
            let set = Set::named(name).ok_or_else(|| SelectorFault::unknown_set(name))?;
            set.expressions.iter().map(|text| expression::parse(text)).collect::<Result<_, _>>()?
        };
        Ok(Self { name: name.to_owned(), selectors })
    }

    fn chooses(&self, event: &Event<'_>) -> bool {
        let hold =
            |selector: &Vec<Condition>| selector.iter().all(|condition| condition.holds(event));
        self.selectors.iter().any(hold)
    }
}
