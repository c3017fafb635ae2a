//! A row of the tables, and where it applies.

use super::Version;
use super::class::Class;
use super::facts::Facts;
use crate::table::{Row, Wrote};

/// An attribute: its row, and the versions and classes that have it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attribute {
    /// The first version that has it.
    pub(crate) since: Version,
    /// The last version that has it, if not the newest.
    pub(crate) until: Option<Version>,
    /// The classes that have it.
    pub(crate) classes: &'static [Class],
    /// Its JSON, where it is the same in every event of a class.
    pub(crate) same: Option<fn(Class) -> &'static str>,
    /// Whether it is left out without enrichment.
    pub(crate) is_enriched: bool,
    /// Whether it is left out where [`Facts::is_complete`].
    pub(crate) is_stand_in: bool,
    /// Whether it is left out but in extended detail.
    pub(crate) is_extended: bool,
    pub(crate) row: Row<Facts>,
}

/// An attribute that every class has in every version.
pub(super) const fn always(row: Row<Facts>) -> Attribute {
    Attribute {
        since: Version::V1_1,
        until: None,
        classes: &Class::ALL,
        same: None,
        is_enriched: false,
        is_stand_in: false,
        is_extended: false,
        row,
    }
}

/// An attribute that is the same in every event of a class.
pub(super) const fn same(
    path: &'static str,
    says: &'static str,
    json: fn(Class) -> &'static str,
) -> Attribute {
    let row = Row::derived(path, says, |_subject, _line| Wrote::Nothing);
    Attribute { same: Some(json), ..always(row) }
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

    /// Only with enrichment.
    pub(super) const fn enriched(self) -> Self {
        Self { is_enriched: true, ..self }
    }

    /// Only where something is missing, so that it is left out where [`Facts::is_complete`]. (That
    /// its row is left out then must hold already.)
    pub(super) const fn stand_in(self) -> Self {
        Self { is_stand_in: true, ..self }
    }

    /// Only in extended detail.
    pub(super) const fn extended(self) -> Self {
        Self { is_extended: true, ..self }
    }

    /// The row that writes it for the events of a class.
    pub(crate) fn row_of(&self, class: Class) -> Row<Facts> {
        self.same.map_or(self.row, |json| Row::constant(self.row.path, json(class)))
    }

    /// Whether a class has it in a version.
    pub(crate) fn is_in(&self, version: Version, class: Class) -> bool {
        self.since <= version
            && self.until.is_none_or(|last| version <= last)
            && self.classes.contains(&class)
    }
}
