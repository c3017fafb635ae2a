//! How long to wait before the next attempt.

use std::time::Duration;
use trail_sink::Jitter;

/// Exponential back-off with full jitter: each wait is a random part of a ceiling that doubles.
#[derive(Debug)]
pub(crate) struct Backoff {
    base: Duration,
    ceiling: Duration,
    attempt: u32,
    jitter: Jitter,
}

impl Backoff {
    pub(crate) fn new(jitter: &Jitter, base: Duration, ceiling: Duration) -> Self {
        Self { base, ceiling, attempt: 0, jitter: jitter.clone() }
    }

    /// The next wait: at least a quarter of the ceiling of this attempt, so that a burst of zeros
    /// does not make a hot loop.
    pub(crate) fn next(&mut self) -> Duration {
        let doubled = self.base.saturating_mul(1 << self.attempt.min(20));
        self.attempt = self.attempt.saturating_add(1);
        let ceiling = doubled.min(self.ceiling);
        ceiling.mul_f64(0.25 + 0.75 * self.jitter.fraction())
    }

    pub(crate) fn reset(&mut self) {
        self.attempt = 0;
    }
}

#[cfg(test)]
mod tests;
