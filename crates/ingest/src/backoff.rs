//! How long to wait before the next attempt.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

/// Exponential back-off with full jitter: each wait is a random part of a ceiling that doubles.
#[derive(Debug)]
pub(crate) struct Backoff {
    base: Duration,
    ceiling: Duration,
    attempt: u32,
}

impl Backoff {
    pub(crate) fn new(base: Duration, ceiling: Duration) -> Self {
        Self { base, ceiling, attempt: 0 }
    }

    /// The next wait: at least a quarter of the ceiling of this attempt, so that a burst of zeros
    /// does not make a hot loop.
    pub(crate) fn next(&mut self) -> Duration {
        let doubled = self.base.saturating_mul(1 << self.attempt.min(20));
        self.attempt = self.attempt.saturating_add(1);
        let ceiling = doubled.min(self.ceiling);
        ceiling.mul_f64(0.25 + 0.75 * random_part())
    }

    pub(crate) fn reset(&mut self) {
        self.attempt = 0;
    }
}

/// A number from 0 to 1. Each `RandomState` is seeded anew, which is chance enough to spread
/// retries; nothing secret depends on it.
#[expect(clippy::cast_precision_loss, reason = "a few lost bits do not matter to jitter")]
fn random_part() -> f64 {
    RandomState::new().build_hasher().finish() as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests;
