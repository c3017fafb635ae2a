//! What can be wrong with an object, and where.

use std::fmt;
use std::io;

/// Why an object could not be read to its end. Every record before the place was handed out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The transport failed: the object may be sound, read it again.
    #[error("could not read the object further {at}")]
    Read {
        /// Where reading stopped.
        at: Position,
        /// What the reader said.
        source: io::Error,
    },
    /// The compressed bytes are damaged.
    #[error("gzip stream is damaged ({what}) {at}")]
    Gzip {
        /// What had been decompressed by then.
        at: Position,
        /// The part that is wrong.
        what: &'static str,
    },
    /// The object ends before what it began.
    #[error("{part} ends too early {at}")]
    Truncated {
        /// The end.
        at: Position,
        /// What is cut off: the gzip stream or the JSON text.
        part: &'static str,
    },
    /// Something follows the end.
    #[error("{part} is followed by other bytes {at}")]
    TrailingBytes {
        /// The first such byte, or the end of what was decompressed.
        at: Position,
        /// What had ended: the gzip stream or the JSON text.
        part: &'static str,
    },
    /// The object decompresses to more than the cap.
    #[error("object decompresses to more than {limit} bytes {at}")]
    TooLarge {
        /// The byte behind the last one accepted.
        at: Position,
        /// [`Limits::decompressed`](crate::Limits::decompressed)
        limit: u64,
    },
    /// The text is no JSON, or not that of a log file.
    #[error("not the JSON of a log file ({what}) {at}")]
    NotJson {
        /// The first byte that cannot be.
        at: Position,
        /// What is wrong there.
        what: &'static str,
    },
    /// The top-level object has no `Records`, or one that is no array.
    #[error("no array named Records {at}")]
    RecordsMissing {
        /// The end of the object, or the value of `Records`.
        at: Position,
    },
    /// A record, or another value or key of the top level, is larger than the cap.
    #[error("record or other value is larger than {limit} bytes {at}")]
    RecordTooLarge {
        /// Its first byte.
        at: Position,
        /// [`Limits::record`](crate::Limits::record)
        limit: usize,
    },
    /// A record, or another value of the top level, is nested deeper than the cap.
    #[error("nested deeper than {limit} levels {at}")]
    TooDeep {
        /// The bracket that opens one level too many.
        at: Position,
        /// [`Limits::depth`](crate::Limits::depth)
        limit: usize,
    },
}

/// A place in an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Bytes before it, decompressed.
    pub offset: u64,
    /// Records handed out before it.
    pub records: u64,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { offset, records } = self;
        write!(f, "at decompressed byte {offset}, after {records} records")
    }
}

impl Error {
    /// Where.
    #[must_use]
    pub fn position(&self) -> Position {
        match self {
            Self::Read { at, .. }
            | Self::Gzip { at, .. }
            | Self::Truncated { at, .. }
            | Self::TrailingBytes { at, .. }
            | Self::TooLarge { at, .. }
            | Self::NotJson { at, .. }
            | Self::RecordsMissing { at }
            | Self::RecordTooLarge { at, .. }
            | Self::TooDeep { at, .. } => *at,
        }
    }

    /// Decompressed bytes before the place.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.position().offset
    }

    /// Records handed out before it.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.position().records
    }

    /// A label of fixed spelling, for metrics and message attributes.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Read { .. } => "read",
            Self::Gzip { .. } => "gzip",
            Self::Truncated { .. } => "truncated",
            Self::TrailingBytes { .. } => "trailing_bytes",
            Self::TooLarge { .. } => "too_large",
            Self::NotJson { .. } => "not_json",
            Self::RecordsMissing { .. } => "records_missing",
            Self::RecordTooLarge { .. } => "record_too_large",
            Self::TooDeep { .. } => "too_deep",
        }
    }
}

/// What is cut off or overrun.
pub(crate) const GZIP: &str = "gzip stream";
pub(crate) const TEXT: &str = "json text";

/// An error before it is known how many records came before it.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) offset: u64,
    pub(crate) cause: Cause,
}

#[derive(Debug)]
pub(crate) enum Cause {
    Read(io::Error),
    Gzip(&'static str),
    Truncated(&'static str),
    TrailingBytes(&'static str),
    TooLarge(u64),
    NotJson(&'static str),
    RecordsMissing,
    RecordTooLarge(usize),
    TooDeep(usize),
}

impl Cause {
    pub(crate) fn at(self, offset: u64) -> Fault {
        Fault { offset, cause: self }
    }
}

impl Fault {
    pub(crate) fn after(self, records: u64) -> Error {
        let at = Position { offset: self.offset, records };
        match self.cause {
            Cause::Read(source) => Error::Read { at, source },
            Cause::Gzip(what) => Error::Gzip { at, what },
            Cause::Truncated(part) => Error::Truncated { at, part },
            Cause::TrailingBytes(part) => Error::TrailingBytes { at, part },
            Cause::TooLarge(limit) => Error::TooLarge { at, limit },
            Cause::NotJson(what) => Error::NotJson { at, what },
            Cause::RecordsMissing => Error::RecordsMissing { at },
            Cause::RecordTooLarge(limit) => Error::RecordTooLarge { at, limit },
            Cause::TooDeep(limit) => Error::TooDeep { at, limit },
        }
    }
}
