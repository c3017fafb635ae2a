//! [`Jitter`]: fractions by which waits differ.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Fractions that are spread evenly but not secret, so that many who wait do not come back at once.
/// Clones go on in one sequence.
#[derive(Clone, Debug)]
pub struct Jitter(Arc<AtomicU64>);

impl Default for Jitter {
    /// Another sequence each time.
    fn default() -> Self {
        Self::seeded(RandomState::new().build_hasher().finish())
    }
}

impl Jitter {
    /// The sequence of this seed: the same each time, so that a run can be repeated.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(AtomicU64::new(seed)))
    }

    /// The next fraction, from 0 up to but without 1 (the generator is SplitMix64).
    #[must_use]
    pub fn fraction(&self) -> f64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut bits = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        let high = u32::try_from(bits >> 32).unwrap_or(u32::MAX);
        f64::from(high) / (f64::from(u32::MAX) + 1.0)
    }
}
