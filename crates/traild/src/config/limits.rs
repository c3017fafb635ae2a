//! `[limits]`: how much may be held and worked on at once, and how large a thing may be.

use super::bounds::{self, GIB, KIB, MIB, non_zero};
use super::units::ByteSize;
use schemars::JsonSchema;
use std::num::NonZeroUsize;

/// Bounds on memory, on work in flight, and on what an object may expand to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Every byte held for an object counts against this, 16MiB to 4GiB. When it is spent,
    /// receiving stops until some is free; nothing is dropped.
    #[serde(deserialize_with = "bounds::size::<_, { 16 * MIB }, { 4 * GIB }>")]
    pub memory: ByteSize,

    /// How many messages may be received and not yet deleted, 1 to 120000 (SQS's own limit).
    /// High, so that a slow sink does not starve the receiving.
    #[serde(deserialize_with = "bounds::count::<_, 120_000>")]
    #[schemars(range(min = 1, max = 120_000))]
    pub messages_in_flight: NonZeroUsize,

    /// How many objects may be fetched and decoded at the same time, 1 to 4096. How many are is
    /// found out, from how quickly S3 answers and whether it refuses.
    #[serde(deserialize_with = "bounds::count::<_, 4_096>")]
    #[schemars(range(min = 1, max = 4_096))]
    pub objects_at_once: NonZeroUsize,

    /// Objects that decompress to at most this, 0B to 1GiB, are fetched whole and inflated in one
    /// go, so that nothing of a damaged one is passed on; larger ones stream through a fixed window,
    /// and so do those that decompress to a fifth of memory or are stored in a twentieth of it. 0
    /// streams everything.
    #[serde(deserialize_with = "bounds::size::<_, 0, GIB>")]
    pub whole_object: ByteSize,

    /// An object that decompresses to more than this, 1MiB to 1024GiB, is dead-lettered: a guard
    /// against gzip bombs.
    #[serde(deserialize_with = "bounds::size::<_, MIB, { 1_024 * GIB }>")]
    pub decompressed_object: ByteSize,

    /// A record larger than this, 1KiB to 64MiB, makes its object a dead letter. CloudTrail's own
    /// limit is 256 KB.
    #[serde(deserialize_with = "bounds::size::<_, KIB, { 64 * MIB }>")]
    pub record: ByteSize,

    /// How deep the JSON of a record may nest, 1 to 1024.
    #[serde(deserialize_with = "bounds::count::<_, 1_024>")]
    #[schemars(range(min = 1, max = 1_024))]
    pub depth: NonZeroUsize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: ByteSize::from_mib(128),
            messages_in_flight: non_zero(8_192),
            objects_at_once: non_zero(512),
            whole_object: ByteSize::from_mib(32),
            decompressed_object: ByteSize::from_mib(8_192),
            record: ByteSize::from_mib(1),
            depth: non_zero(128),
        }
    }
}
