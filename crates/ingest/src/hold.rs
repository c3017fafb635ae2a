//! Holding messages: while one is worked on it stays hidden, and when the work ends without
//! success it is given back.
//!
//! A [`Hold`] is a guard. [`Holds::keep`] is the one task that talks to the queue about
//! visibility: it extends at half the timeout, in batches, and gives back what was dropped.

mod entry;

use crate::health::Health;
use crate::metrics::Metrics;
use crate::queue::{BATCH, Message, Queue, QueueError, Receipt};
use entry::{Due, Entries, Entry, Next};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// SQS hides a message at most 12 hours from its receipt, extensions included. Half a minute is
/// kept back, because the clock there and the clock here differ.
const LONGEST_HOLD: Duration = Duration::from_secs(12 * 3600 - 30);

/// How long one call to change visibility may take at most.
const LONGEST_CALL: Duration = Duration::from_secs(5);

/// Batches under way at once: enough for tens of thousands of messages in a few seconds.
const CALLS_AT_ONCE: usize = 16;

/// All messages held now.
#[derive(Clone, Debug)]
pub(crate) struct Holds(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    queue: Arc<dyn Queue>,
    visibility: Duration,
    metrics: Metrics,
    health: Health,
    entries: Mutex<Entries>,
    /// Messages given back so far.
    released: AtomicU64,
    /// Wakes the keeper: something was released, or must be extended sooner than it knew.
    changed: Notify,
}

/// Keeps one message hidden. Dropped, it gives the message back at once, to whichever replica is
/// next; [`Hold::release_after`] and [`Hold::settle`] end it otherwise.
#[derive(Debug)]
#[must_use = "dropping a hold gives the message back"]
pub(crate) struct Hold {
    holds: Holds,
    id: u64,
    receipt: Receipt,
    deadline: Instant,
    settled: bool,
}

impl Holds {
    pub(crate) fn new(
        queue: Arc<dyn Queue>,
        visibility: Duration,
        metrics: Metrics,
        health: Health,
    ) -> Self {
        let (entries, released, changed) = (Mutex::default(), AtomicU64::new(0), Notify::new());
        Self(Arc::new(Shared { queue, visibility, metrics, health, entries, released, changed }))
    }

    /// Holds a message from now on.
    pub(crate) fn hold(&self, message: &Message) -> Hold {
        let receipt = message.receipt.clone();
        let entry = Entry::new(receipt.clone(), message.received, self.0.visibility);
        let deadline = entry.deadline;
        let mut entries = self.lock();
        entries.last += 1;
        let id = entries.last;
        entries.held.insert(id, entry);
        drop(entries);
        self.0.metrics.held.inc();
        Hold { holds: self.clone(), id, receipt, deadline, settled: false }
    }

    /// Extends and releases until `done`, and then until nothing is left to release.
    pub(crate) async fn keep(self, done: CancellationToken) {
        loop {
            let due = self.take_due();
            if due.is_empty() {
                if done.is_cancelled() && !self.releases_waiting() {
                    return;
                }
                self.wait(&done).await;
                continue;
            }
            let mut calls = JoinSet::new();
            for batch in due.chunks(BATCH) {
                if calls.len() >= CALLS_AT_ONCE {
                    calls.join_next().await;
                }
                let (holds, batch) = (self.clone(), batch.to_vec());
                calls.spawn(async move { holds.change(batch).await });
            }
            while calls.join_next().await.is_some() {}
        }
    }

    /// Sleeps until the next entry is due or something changes.
    async fn wait(&self, done: &CancellationToken) {
        let next = self.lock().held.values().map(|entry| entry.due).min();
        // What is held from now on is due by then, and nobody says so.
        let latest = Instant::now() + self.0.visibility / 2;
        let until = next.map_or(latest, |next| next.min(latest));
        tokio::select! {
            biased;
            () = self.0.changed.notified() => {}
            () = tokio::time::sleep_until(until) => {}
            () = done.cancelled(), if !done.is_cancelled() => {}
        }
    }

    /// What is due now, and what will be soon: extending a little early fills the batches.
    fn take_due(&self) -> Vec<Due> {
        let now = Instant::now();
        let soon = now + self.0.visibility / 8;
        let visibility = self.0.visibility;
        let mut entries = self.lock();
        if !entries.held.values().any(|entry| entry.due <= now) {
            return Vec::new();
        }
        let due = entries.held.iter_mut().filter(|(_, entry)| match entry.next {
            Next::Extend => entry.due <= soon,
            Next::Release { .. } => entry.due <= now,
        });
        due.map(|(&id, entry)| {
            let hidden = match entry.next {
                Next::Extend => visibility.min(entry.deadline.saturating_duration_since(now)),
                Next::Release { after, .. } => after,
            };
            // Looked at again if the call fails; a success sets the real time.
            entry.due = now + visibility / 8;
            Due { id, receipt: entry.receipt.clone(), hidden, next: entry.next }
        })
        .collect()
    }

    fn releases_waiting(&self) -> bool {
        self.lock().held.values().any(|entry| matches!(entry.next, Next::Release { .. }))
    }

    async fn change(&self, batch: Vec<Due>) {
        let changes: Vec<_> = batch.iter().map(|due| (due.receipt.clone(), due.hidden)).collect();
        // Others fall due while a call hangs, so it is given up long before they expire.
        let patience = (self.0.visibility / 8).clamp(Duration::from_secs(1), LONGEST_CALL);
        let call = self.0.queue.change_visibility(&changes);
        let changed = tokio::time::timeout(patience, call).await;
        let changed = changed.unwrap_or_else(|_elapsed| {
            Err(QueueError::Unavailable("there was no answer in time".into()))
        });
        self.0.health.judge("queue (visibility)", &changed);
        let failures = match changed {
            Ok(failures) => failures,
            Err(error) => return self.call_failed(&batch, &error),
        };
        for (place, due) in batch.iter().enumerate() {
            match failures.iter().find(|failure| failure.entry == place) {
                None => self.changed(due),
                Some(failure) if failure.gone => self.lost(due.id, &failure.reason),
                Some(_) => self.try_again(due.id),
            }
        }
    }

    fn changed(&self, done: &Due) {
        let mut entries = self.lock();
        let Some(entry) = entries.held.get_mut(&done.id) else {
            return;
        };
        match (done.next, entry.next) {
            (Next::Extend, Next::Extend) => entry.extended(Instant::now(), done.hidden),
            // Released while it was being extended: the release is still to be done.
            (Next::Extend, Next::Release { .. }) => {}
            (Next::Release { .. }, _) => {
                entries.held.remove(&done.id);
            }
        }
    }

    /// The message is visible again or deleted: there is nothing left to hold.
    fn lost(&self, id: u64, reason: &str) {
        let Some(entry) = self.lock().held.remove(&id) else {
            return;
        };
        if entry.next != Next::Extend {
            return;
        }
        if entry.was_deleted(Instant::now()) {
            tracing::debug!(reason, "a message is gone while its delete is under way: it worked");
            return;
        }
        self.0.metrics.holds_lost.inc();
        tracing::warn!(reason, "lost hold of a message: it may be delivered twice");
    }

    fn call_failed(&self, batch: &[Due], error: &QueueError) {
        tracing::warn!(
            error = crate::health::chain(error),
            messages = batch.len(),
            "could not change visibility, will try again"
        );
        batch.iter().for_each(|due| self.try_again(due.id));
    }

    /// A release is tried three times: after that the visibility timeout gives the message back.
    fn try_again(&self, id: u64) {
        let mut entries = self.lock();
        let Some(entry) = entries.held.get_mut(&id) else {
            return;
        };
        // An extension has half the timeout to succeed in; a release is wanted soon.
        let pause = match entry.next {
            Next::Extend => self.0.visibility / 16,
            Next::Release { .. } => (self.0.visibility / 16).min(Duration::from_secs(1)),
        };
        entry.due = Instant::now() + pause;
        if let Next::Release { attempts, .. } = &mut entry.next {
            *attempts += 1;
            if *attempts >= 3 {
                entries.held.remove(&id);
            }
        }
    }

    /// Messages given back so far.
    pub(crate) fn released(&self) -> u64 {
        self.0.released.load(Ordering::Relaxed)
    }

    fn release(&self, id: u64, after: Duration) {
        self.0.released.fetch_add(1, Ordering::Relaxed);
        if let Some(entry) = self.lock().held.get_mut(&id) {
            entry.next = Next::Release { after, attempts: 0 };
            entry.due = Instant::now();
        }
        self.0.changed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hold {
    /// When the queue stops letting the message be hidden.
    pub(crate) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// What the message is deleted by.
    pub(crate) fn receipt(&self) -> &Receipt {
        &self.receipt
    }

    /// Gives the message back, to be received again after `delay`.
    pub(crate) fn release_after(mut self, delay: Duration) {
        self.settled = true;
        self.holds.release(self.id, delay);
    }

    /// The message is being deleted. It is held until that is known to have worked.
    pub(crate) fn deleting(&self) {
        if let Some(entry) = self.holds.lock().held.get_mut(&self.id) {
            entry.deleting();
        }
    }

    /// The message was deleted: there is nothing to give back.
    pub(crate) fn settle(mut self) {
        self.settled = true;
        self.holds.lock().held.remove(&self.id);
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.holds.0.metrics.held.dec();
        if !self.settled {
            self.holds.release(self.id, Duration::ZERO);
        }
    }
}

#[cfg(test)]
mod tests;
