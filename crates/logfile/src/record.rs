//! What comes out of an object: its records, and a summary of it.

/// One element of `Records`, as the text it was in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'f> {
    /// Its place among the records of the file, from 0.
    pub index: u64,
    /// Its first byte among the decompressed bytes of the file.
    pub offset: u64,
    /// The text of one valid JSON object, from `{` to `}`.
    pub json: &'f str,
    /// Where its strings begin and end, if [`Limits::quotes`](crate::Limits) asks for it: the places
    /// of their quotes in `json`.
    pub quotes: &'f [u32],
}

impl Record<'_> {
    /// The place of a record that is none.
    pub(crate) const NONE: Self = Self { index: 0, offset: 0, json: "", quotes: &[] };
}

/// What was read of an object without an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Summary {
    /// Records handed out.
    pub records: u64,
    /// Decompressed bytes of the object; when stopped, those up to the end of the last record.
    pub decompressed: u64,
    /// Whether the callback broke off; what follows its record was then not looked at.
    pub stopped: bool,
    /// SHA-256 of the decompressed bytes, when asked for and not stopped.
    pub sha256: Option<[u8; 32]>,
}
