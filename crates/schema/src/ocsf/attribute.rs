//! A row of the tables, and where it applies.

use super::Version;
use super::class::Class;
use super::facts::Facts;
use crate::table::Row;

/// An attribute: its row, and the versions and classes that have it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attribute {
    /// The first version that has it.
    pub(crate) since: Version,
    /// The last version that has it, if not the newest.
    pub(crate) until: Option<Version>,
    /// The classes that have it.
    pub(crate) classes: &'static [Class],
    pub(crate) row: Row<Facts>,
}

/// An attribute that every class has in every version.
pub(super) const fn always(row: Row<Facts>) -> Attribute {
    Attribute { since: Version::V1_1, until: None, classes: &Class::ALL, row }
}

impl Attribute {
    /// Only from a version on.
    pub(super) const fn since(self, version: Version) -> Self {
        Self { since: version, ..self }
    }

    /// Only up to a version.
    pub(super) const fn until(self, version: Version) -> Self {
        Self { until: Some(version), ..self }
    }

    /// Only in some classes.
    pub(super) const fn of(self, classes: &'static [Class]) -> Self {
        Self { classes, ..self }
    }

    /// Whether a class has it in a version.
    pub(crate) fn is_in(&self, version: Version, class: Class) -> bool {
        self.since <= version
            && self.until.is_none_or(|last| version <= last)
            && self.classes.contains(&class)
    }
}
