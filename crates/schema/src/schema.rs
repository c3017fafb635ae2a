//! The schemas by name.

/// What events look like in the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Schema {
    /// The record as CloudTrail wrote it, byte for byte; only line breaks between tokens are
    /// dropped, so that a record is one line.
    #[default]
    CloudTrail,
    /// Open Cybersecurity Schema Framework 1.8.0.
    Ocsf18,
    /// Open Cybersecurity Schema Framework 1.1.0, as Amazon Security Lake has it.
    Ocsf11,
    /// Elastic Common Schema 8.11.0, with the names of Elastic's AWS integration.
    Ecs,
    /// A row of columns, for tables.
    Flat,
}

impl Schema {
    /// Every schema.
    pub const ALL: [Self; 5] =
        [Self::CloudTrail, Self::Ocsf18, Self::Ocsf11, Self::Ecs, Self::Flat];

    /// The name in configuration and on the command line. It is part of a parcel's identity.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CloudTrail => "cloudtrail",
            Self::Ocsf18 => "ocsf-1.8",
            Self::Ocsf11 => "ocsf-1.1",
            Self::Ecs => "ecs",
            Self::Flat => "flat",
        }
    }

    /// The schema of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|schema| schema.name() == name)
    }

    /// Bytes of output for each byte of a record, at most for all but odd records: what memory has
    /// to be set aside before encoding.
    #[must_use]
    pub const fn growth(self) -> usize {
        match self {
            Self::CloudTrail => 1,
            Self::Ocsf18 | Self::Ocsf11 | Self::Flat => 2,
            Self::Ecs => 3,
        }
    }
}
