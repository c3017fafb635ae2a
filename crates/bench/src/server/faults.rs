//! What goes wrong, and how often.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The faults of a server: none at first. They are drawn from a seeded generator, so that the same
/// calls in the same order meet the same faults.
#[derive(Debug, Default)]
pub struct Faults {
    lottery: Mutex<Lottery>,
    /// Whether any are set: a server without faults takes no lock to learn it.
    any: AtomicBool,
    injected: AtomicU64,
}

#[derive(Debug)]
struct Lottery {
    rates: Rates,
    random: fastrand::Rng,
}

/// How often each fault strikes: rates are from 0.0 (never) to 1.0 (always).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rates {
    /// Of S3.
    pub s3: S3Faults,
    /// Of SQS.
    pub sqs: SqsFaults,
}

/// Faults of S3, each drawn once a call; the first that strikes, in this order, is the one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct S3Faults {
    /// How long every answer takes.
    pub latency: Duration,
    /// 500 `InternalError`.
    pub internal_error: f64,
    /// 503 `ServiceUnavailable`.
    pub unavailable: f64,
    /// 503 `SlowDown`.
    pub slow_down: f64,
    /// 301 `PermanentRedirect` to `eu-west-1`. A request that is signed for that region is served.
    pub redirect: f64,
    /// The connection is reset: half the time before the answer, else within its body.
    pub reset: f64,
    /// The head and a part of the body come, then nothing for `stall_for`, then the end.
    pub stall: f64,
    /// How long a stall lasts: 30 seconds at first.
    pub stall_for: Duration,
    /// A part of the body comes, less than its `Content-Length`, and the connection is closed.
    pub truncated: f64,
    /// One byte of the body is another, and nothing tells it.
    pub corrupted: f64,
    /// The body ends early, and its `Content-Length` says the same.
    pub wrong_length: f64,
}

/// Faults of SQS. Those of a call strike in this order, the first is the one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SqsFaults {
    /// How long every answer takes, a long poll aside.
    pub latency: Duration,
    /// A call: 500 `InternalFailure`.
    pub internal_error: f64,
    /// A call: 503 `ServiceUnavailable`.
    pub unavailable: f64,
    /// A call: 403 `RequestThrottled`, or for half the receives `OverLimit`.
    pub throttle: f64,
    /// A call: it is done, but the connection is reset and the answer lost.
    pub reset: f64,
    /// A call: it is done, but nothing comes for `stall_for`; then the connection is closed.
    pub stall: f64,
    /// How long a stall lasts: 30 seconds at first.
    pub stall_for: Duration,
    /// A received message: another receive gets it too. Both receipts are good.
    pub duplicate: f64,
    /// A received message: its visibility timeout ends early, at any time until then.
    pub early_expiry: f64,
    /// A received message: it is any of the visible ones, not the one that waits longest.
    pub reordered: f64,
    /// A receipt in a delete or a visibility change: `ReceiptHandleIsInvalid`, nothing is done.
    pub expired_receipt: f64,
    /// A receipt in a delete: success is answered and nothing is done.
    pub lost_delete: f64,
    /// A batch: one of its entries fails with `InternalError`.
    pub partial_batch: f64,
}

/// A fault of one call to S3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum S3Fault {
    InternalError,
    Unavailable,
    SlowDown,
    Redirect,
    Reset,
    Stall,
    Truncated,
    Corrupted,
    WrongLength,
}

/// A fault of one call to SQS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SqsFault {
    InternalError,
    Unavailable,
    Throttle,
    Reset,
    Stall,
}

impl Faults {
    /// Changes what goes wrong from now on.
    pub fn set(&self, change: impl FnOnce(&mut Rates)) {
        let mut lottery = self.lock();
        change(&mut lottery.rates);
        self.any.store(lottery.rates != Rates::default(), Ordering::Relaxed);
    }

    /// Ends all faults. Stalls that have begun go on.
    pub fn quiet(&self) {
        self.set(|rates| *rates = Rates::default());
    }

    /// Begins the draws anew: they depend on `seed` alone.
    pub fn reseed(&self, seed: u64) {
        self.lock().random = fastrand::Rng::with_seed(seed);
    }

    /// What is set.
    #[must_use]
    pub fn rates(&self) -> Rates {
        if self.any.load(Ordering::Relaxed) { self.lock().rates } else { Rates::default() }
    }

    /// How many struck.
    pub(super) fn injected(&self) -> u64 {
        self.injected.load(Ordering::Relaxed)
    }

    /// Draws for one call to S3. `may_redirect`: whether it is not yet
    /// sent to where a redirect leads.
    pub(super) fn of_s3(&self, may_redirect: bool) -> Option<S3Fault> {
        let may = if may_redirect { 1.0 } else { 0.0 };
        self.first(|Rates { s3, .. }| {
            [
                (s3.internal_error, S3Fault::InternalError),
                (s3.unavailable, S3Fault::Unavailable),
                (s3.slow_down, S3Fault::SlowDown),
                (s3.redirect * may, S3Fault::Redirect),
                (s3.reset, S3Fault::Reset),
                (s3.stall, S3Fault::Stall),
                (s3.truncated, S3Fault::Truncated),
                (s3.corrupted, S3Fault::Corrupted),
                (s3.wrong_length, S3Fault::WrongLength),
            ]
        })
    }

    /// Draws for one call to SQS.
    pub(super) fn of_sqs(&self) -> Option<SqsFault> {
        self.first(|Rates { sqs, .. }| {
            [
                (sqs.internal_error, SqsFault::InternalError),
                (sqs.unavailable, SqsFault::Unavailable),
                (sqs.throttle, SqsFault::Throttle),
                (sqs.reset, SqsFault::Reset),
                (sqs.stall, SqsFault::Stall),
            ]
        })
    }

    /// Draws for one fault of SQS.
    pub(super) fn strikes(&self, rate: impl FnOnce(&SqsFaults) -> f64) -> bool {
        self.first(|rates| [(rate(&rates.sqs), ())]).is_some()
    }

    /// Any number from 0 to below `end`; 0 when that is 0.
    pub(super) fn any_below(&self, end: usize) -> usize {
        if end == 0 { 0 } else { self.lock().random.usize(..end) }
    }

    /// Any number from 0.0 to below 1.0.
    pub(super) fn any_fraction(&self) -> f64 {
        self.lock().random.f64()
    }

    fn first<T: Copy, const N: usize>(
        &self,
        rates: impl FnOnce(&Rates) -> [(f64, T); N],
    ) -> Option<T> {
        if !self.any.load(Ordering::Relaxed) {
            return None;
        }
        let mut lottery = self.lock();
        let rates = rates(&lottery.rates);
        let (_rate, fault) = rates.into_iter().find(|(rate, _)| lottery.random.f64() < *rate)?;
        self.injected.fetch_add(1, Ordering::Relaxed);
        Some(fault)
    }

    fn lock(&self) -> MutexGuard<'_, Lottery> {
        self.lottery.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Lottery {
    fn default() -> Self {
        Self { rates: Rates::default(), random: fastrand::Rng::with_seed(0) }
    }
}

/// As long as a client may take to find that it is stalled.
const STALL: Duration = Duration::from_secs(30);

impl Default for S3Faults {
    fn default() -> Self {
        Self {
            latency: Duration::ZERO,
            internal_error: 0.0,
            unavailable: 0.0,
            slow_down: 0.0,
            redirect: 0.0,
            reset: 0.0,
            stall: 0.0,
            stall_for: STALL,
            truncated: 0.0,
            corrupted: 0.0,
            wrong_length: 0.0,
        }
    }
}

impl Default for SqsFaults {
    fn default() -> Self {
        Self {
            latency: Duration::ZERO,
            internal_error: 0.0,
            unavailable: 0.0,
            throttle: 0.0,
            reset: 0.0,
            stall: 0.0,
            stall_for: STALL,
            duplicate: 0.0,
            early_expiry: 0.0,
            reordered: 0.0,
            expired_receipt: 0.0,
            lost_delete: 0.0,
            partial_batch: 0.0,
        }
    }
}
