//! Counting what was done.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a server did since it was started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls of `GetObject`, failed ones included.
    pub gets: u64,
    /// Bytes of objects that were sent, or were to be when the connection broke.
    pub bytes_sent: u64,
    /// Calls of `ReceiveMessage`, empty ones included.
    pub receives: u64,
    /// Messages received.
    pub received: u64,
    /// Calls of `DeleteMessage` and `DeleteMessageBatch`.
    pub deletes: u64,
    /// Messages deleted.
    pub deleted: u64,
    /// Messages whose visibility timeout was set to more than zero.
    pub extensions: u64,
    /// Messages whose visibility timeout was set to zero.
    pub released: u64,
    /// Messages that came to the dead-letter queue, by either way.
    pub dead_lettered: u64,
    /// Faults that struck.
    pub faults: u64,
}

/// What of [`Counts`] is counted where it happens.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) gets: Counter,
    pub(super) bytes_sent: Counter,
    pub(super) receives: Counter,
    pub(super) received: Counter,
    pub(super) deletes: Counter,
    pub(super) deleted: Counter,
    pub(super) extensions: Counter,
    pub(super) released: Counter,
}

impl Counters {
    pub(super) fn counts(&self) -> Counts {
        Counts {
            gets: self.gets.get(),
            bytes_sent: self.bytes_sent.get(),
            receives: self.receives.get(),
            received: self.received.get(),
            deletes: self.deletes.get(),
            deleted: self.deleted.get(),
            extensions: self.extensions.get(),
            released: self.released.get(),
            dead_lettered: 0,
            faults: 0,
        }
    }
}

/// A number that only grows.
#[derive(Debug, Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    pub(super) fn add(&self, count: usize) {
        self.0.fetch_add(count as u64, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
