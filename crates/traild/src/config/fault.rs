//! What is wrong with a configuration: all of it at once, a line each.

use std::fmt::{self, Display, Formatter};

/// Everything that is wrong, in the order of the file, then of the environment. Shown one fault
/// a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
pub struct Faults(Vec<Fault>);

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    place: Place,
    message: String,
}

/// Where a fault lies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Nowhere in particular: something is missing, or the file cannot be read.
    Document {
        /// The file as the operator named it.
        name: String,
    },
    /// At a point of the file, both counted from 1, the column in characters.
    Point {
        /// The file as the operator named it.
        name: String,
        line: usize,
        column: usize,
    },
    /// In a variable of the environment.
    Variable(String),
}

impl Faults {
    /// A single fault.
    pub(super) fn one(place: Place, message: String) -> Self {
        Self(vec![Fault { place, message }])
    }

    pub(super) fn push(&mut self, place: Place, message: String) {
        self.0.push(Fault { place, message });
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many things are wrong.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Each fault, a line when shown.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }

    /// In reading order.
    pub(super) fn sorted(mut self) -> Self {
        self.0.sort();
        self
    }
}

impl Display for Faults {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document { name } | Self::Variable(name) => f.write_str(&on_one_line(name)),
            Self::Point { name, line, column } => {
                write!(f, "{}:{line}:{column}", on_one_line(name))
            }
        }
    }
}

/// A file's or a variable's name, which may hold anything, line breaks too.
fn on_one_line(name: &str) -> String {
    name.replace(char::is_control, "\u{fffd}")
}

/// The known word that was most likely meant by `written`, if one is near enough.
pub(super) fn nearest<'w>(written: &str, known: &[&'w str]) -> Option<&'w str> {
    let written: Vec<char> = written.to_lowercase().chars().take(64).collect();
    let near = known.iter().map(|word| (edits(&written, word), *word)).min()?;
    let (edits, word) = near;
    (edits <= 1 + word.len() / 5).then_some(word)
}

/// How many letters must be changed, added or taken away to make `known` of `written`
/// (Levenshtein's distance, a row at a time).
fn edits(written: &[char], known: &str) -> usize {
    let mut row: Vec<usize> = (0..=written.len()).collect();
    for (index, wanted) in known.chars().enumerate() {
        let mut next = vec![index + 1];
        let mut left = index + 1;
        for (letter, pair) in written.iter().zip(row.array_windows()) {
            let [diagonal, above] = *pair;
            let changed = diagonal + usize::from(*letter != wanted);
            left = changed.min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// Names in back quotes, with commas between.
pub(super) fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// Text of the operator's, fit for one line: escaped and cut.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown = String::new();
    for letter in text.chars().take(LONGEST) {
        match letter {
            '\'' => shown.push(letter),
            _ => shown.extend(letter.escape_debug()),
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
