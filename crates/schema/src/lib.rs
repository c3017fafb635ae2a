//! An event goes in; what comes out is its bytes in an output schema, on one line. This crate does
//! no I/O, reads no clock, and the same event always gives the same bytes.
//!
//! In reading order: [`Schema`] names the schemas, `cloudtrail` keeps a record as it is.
#![forbid(unsafe_code)]

mod cloudtrail;

use trail_event::Event;

/// What events look like in the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Schema {
    /// The record as CloudTrail wrote it, byte for byte; only line breaks between tokens are
    /// dropped, so that a record is one line.
    #[default]
    CloudTrail,
}

impl Schema {
    /// The name in configuration and on the command line. It is part of a parcel's identity.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CloudTrail => "cloudtrail",
        }
    }

    /// Appends `event` to `line`, without a line break anywhere.
    pub fn encode(self, event: &Event<'_>, line: &mut Vec<u8>) {
        match self {
            Self::CloudTrail => cloudtrail::encode(event, line),
        }
    }
}
