//! Why a message is not understood.

use crate::reading::MAX_ENTRIES;

/// A message that is not understood, and so is kept for a person to look at.
///
/// The text says what was found and what to do. It ends in logs and in attributes of the dead
/// letter, so it shows nothing of the body but a few short values, escaped. Entries of a list are
/// counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unrecognized {
    /// Not JSON, and not CloudTrail's validation text.
    #[error("message body is not JSON: find out what else sends to this queue or its topic")]
    NotJson,
    /// JSON of no known shape: `Records`, for example, is missing.
    #[error(
        "message body has no known shape (no `Records`, `s3ObjectKey`, SNS envelope or EventBridge \
         event): look for an input transformer, or for what else sends to this queue"
    )]
    UnknownShape,
    /// The keys of two shapes at once, or one key twice.
    #[error(
        "message body has the keys of two notification shapes, or one key twice: look for what \
         rewrites messages before this queue"
    )]
    AmbiguousShape,
    /// SNS asks to confirm that a subscription begins or ends.
    #[error(
        "message is an SNS subscription confirmation: confirm it from the topic's account if the \
         subscription is wanted"
    )]
    SubscriptionConfirmation,
    /// More than three SNS envelopes.
    #[error("message has more than three SNS envelopes: subscribe this queue to an earlier topic")]
    TooDeep,
    /// An EventBridge event of another service.
    #[error("EventBridge event is from {source_name}: narrow the rule's pattern to source aws.s3")]
    OtherSource {
        /// The event's `source`, escaped and cut.
        source_name: String,
    },
    /// A list that is something else.
    #[error("`{field}` is not a list: look for what rewrites messages before this queue")]
    NotAList {
        /// `Records` or `s3ObjectKey`.
        field: &'static str,
    },
    /// More entries than any sender can write.
    #[error(
        "message has more than {} entries, which no AWS service writes: check who may send to \
         this queue",
        MAX_ENTRIES
    )]
    TooManyEntries,
    /// An entry of `Records` that is no event of S3 or SNS.
    #[error(
        "entry {index} of `Records` is from {source_name}, not aws:s3 or aws:sns: send this queue \
         the notification itself, not what a Lambda function was called with"
    )]
    ForeignEntry {
        /// Which entry.
        index: usize,
        /// The entry's `eventSource`, escaped and cut.
        source_name: String,
    },
    /// An entry without its fields, or with fields of another type.
    #[error("entry {index} lacks a field or has one of another type: look for what rewrites it")]
    MalformedEntry {
        /// Which entry.
        index: usize,
    },
    /// An S3 event whose structure is not known.
    #[error(
        "entry {index} has S3 event version {version}, where 2.x is understood: look for a newer \
         release"
    )]
    UnsupportedVersion {
        /// Which entry.
        index: usize,
        /// The entry's `eventVersion`, escaped and cut.
        version: String,
    },
    /// The creation of an object without its name.
    #[error("entry {index} names no bucket or no key: look for what rewrites it")]
    NoObject {
        /// Which entry.
        index: usize,
    },
    /// A bucket, key or version longer than S3 has.
    #[error("entry {index} has a bucket, key or version longer than S3 allows: check its sender")]
    OversizedName {
        /// Which entry.
        index: usize,
    },
    /// A key that is not text once decoded. S3 has no such keys.
    #[error("entry {index} has a key that is not UTF-8 once decoded: check its sender")]
    KeyNotUtf8 {
        /// Which entry.
        index: usize,
    },
}

impl Unrecognized {
    /// A metric label, in `snake_case`.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NotJson => "not_json",
            Self::UnknownShape => "unknown_shape",
            Self::AmbiguousShape => "ambiguous_shape",
            Self::SubscriptionConfirmation => "subscription_confirmation",
            Self::TooDeep => "too_deep",
            Self::OtherSource { .. } => "other_source",
            Self::NotAList { .. } => "not_a_list",
            Self::TooManyEntries => "too_many_entries",
            Self::ForeignEntry { .. } => "foreign_entry",
            Self::MalformedEntry { .. } => "malformed_entry",
            Self::UnsupportedVersion { .. } => "unsupported_version",
            Self::NoObject { .. } => "no_object",
            Self::OversizedName { .. } => "oversized_name",
            Self::KeyNotUtf8 { .. } => "key_not_utf8",
        }
    }
}
