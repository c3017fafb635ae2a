//! What a pipeline runs on, beside its ports: where it decodes, and what chance decides.

use crate::offload::Offload;
use trail_sink::Jitter;

/// What a pipeline runs on. The default is for production; a simulation has its own, so that a run
/// can be repeated exactly.
#[derive(Clone, Debug)]
pub struct Host {
    /// Where decoding runs.
    pub offload: Offload,
    /// By how much waits before another attempt differ.
    pub jitter: Jitter,
    /// Bytes of records in one part, unless a single record is larger. All pipelines before the same
    /// sinks need the same: it decides where an object is cut.
    pub part: usize,
}

impl Default for Host {
    fn default() -> Self {
        Self { offload: Offload::default(), jitter: Jitter::default(), part: PARCEL_BYTES }
    }
}

/// Bytes of records in one part. Where an object is cut depends on its records and on nothing else,
/// not on what is made or chosen of them, so that it is cut alike when it comes again.
const PARCEL_BYTES: usize = 1024 * 1024;
