//! Fakes for tests: [`MemorySink`] and [`MemoryQuarantine`] keep what they get, and misbehave as
//! they are told. The sink passes the same conformance suite as the real ones.

use crate::batch::{Batch, BatchLimits};
use crate::contract::{BoxError, Refusal, Sink, WriteError, Written};
use crate::parcel::ParcelId;
use crate::quarantine::{Entry, Quarantine, to_lines};
use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// A sink in memory.
///
/// # Duplicates
/// Are counted, and stored again unless [`recognise_duplicates`](Self::recognise_duplicates) was
/// called.
pub struct MemorySink {
    limits: BatchLimits,
    state: Mutex<State>,
    held: watch::Sender<bool>,
    begun: watch::Sender<usize>,
}

/// A class of [`WriteError`] to fail with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// [`WriteError::Retry`], after no less than this time.
    Retry(Option<Duration>),
    /// [`WriteError::Split`].
    Split,
    /// [`WriteError::Pause`].
    Pause,
}

type Predicate = Box<dyn Fn(&[u8]) -> bool + Send + Sync>;

#[derive(Default)]
struct State {
    lines: Vec<Vec<u8>>,
    sizes: Vec<usize>,
    failures: VecDeque<Failure>,
    refuse: Option<Predicate>,
    most_events: Option<usize>,
    takes: Duration,
    seen: HashSet<(ParcelId, usize)>,
    duplicates: usize,
    recognises: bool,
    at_once: usize,
    most_at_once: usize,
    closed: bool,
}

impl Default for MemorySink {
    fn default() -> Self {
        Self::new()
    }
}

impl MemorySink {
    /// A sink that takes everything at once: batches of any size, no linger.
    #[must_use]
    pub fn new() -> Self {
        Self::with_limits(BatchLimits {
            bytes: usize::MAX,
            events: usize::MAX,
            linger: Duration::ZERO,
            merge_objects: true,
        })
    }

    /// A sink that asks for batches of these limits.
    #[must_use]
    pub fn with_limits(limits: BatchLimits) -> Self {
        Self {
            limits,
            state: Mutex::default(),
            held: watch::Sender::new(false),
            begun: watch::Sender::new(0),
        }
    }

    /// Fails the next `writes` writes, after those already told to fail.
    pub fn fail_next(&self, writes: usize, failure: Failure) {
        let failures = std::iter::repeat_n(failure, writes);
        self.state().failures.extend(failures);
    }

    /// Refuses each event that `predicate` holds for.
    pub fn refuse(&self, predicate: impl Fn(&[u8]) -> bool + Send + Sync + 'static) {
        self.state().refuse = Some(Box::new(predicate));
    }

    /// Answers `Split` to batches of more than `events` events.
    pub fn split_above(&self, events: usize) {
        self.state().most_events = Some(events);
    }

    /// Lets each write take `time`.
    pub fn take_time(&self, time: Duration) {
        self.state().takes = time;
    }

    /// Stores a line of a parcel once, however often it comes.
    pub fn recognise_duplicates(&self) {
        self.state().recognises = true;
    }

    /// Blocks writes, those under way too, until [`release`](Self::release).
    pub fn hold(&self) {
        self.held.send_replace(true);
    }

    /// Ends [`hold`](Self::hold).
    pub fn release(&self) {
        self.held.send_replace(false);
    }

    /// Waits until `writes` writes have begun in all.
    pub async fn begun(&self, writes: usize) {
        let mut begun = self.begun.subscribe();
        // Fails only without a sender, which `self` is.
        drop(begun.wait_for(|count| *count >= writes).await);
    }

    /// The stored lines in the order they were stored, without line breaks.
    #[must_use]
    pub fn lines(&self) -> Vec<Vec<u8>> {
        self.state().lines.clone()
    }

    /// Events in each write that was stored.
    #[must_use]
    pub fn sizes(&self) -> Vec<usize> {
        self.state().sizes.clone()
    }

    /// Writes that have begun, failed ones included.
    #[must_use]
    pub fn attempts(&self) -> usize {
        *self.begun.borrow()
    }

    /// Lines of a parcel that came again after they had been stored.
    #[must_use]
    pub fn duplicates(&self) -> usize {
        self.state().duplicates
    }

    /// Most writes that were under way together.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        self.state().most_at_once
    }

    /// Whether it was closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.state().closed
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self) -> UnderWay<'_> {
        let mut state = self.state();
        state.at_once += 1;
        state.most_at_once = state.most_at_once.max(state.at_once);
        drop(state);
        self.begun.send_modify(|count| *count += 1);
        UnderWay(self)
    }
}

impl fmt::Debug for MemorySink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemorySink").field("limits", &self.limits).finish_non_exhaustive()
    }
}

#[async_trait::async_trait]
#[deny(clippy::missing_trait_methods)]
impl Sink for MemorySink {
    fn limits(&self) -> BatchLimits {
        self.limits
    }

    async fn write(&self, batch: &Batch) -> Result<Written, WriteError> {
        let _under_way = self.enter();
        // Fails only without a sender, which `self` is.
        drop(self.held.subscribe().wait_for(|held| !held).await);
        let takes = self.state().takes;
        if !takes.is_zero() {
            tokio::time::sleep(takes).await;
        }
        self.state().write(batch)
    }

    async fn probe(&self) -> Result<(), WriteError> {
        match self.state().failures.front() {
            Some(failure) => Err(failure.error()),
            None => Ok(()),
        }
    }

    async fn close(&self) -> Result<(), WriteError> {
        self.state().closed = true;
        Ok(())
    }
}

impl State {
    fn write(&mut self, batch: &Batch) -> Result<Written, WriteError> {
        if let Some(failure) = self.failures.pop_front() {
            return Err(failure.error());
        }
        if self.most_events.is_some_and(|most| batch.events() > most) {
            return Err(Failure::Split.error());
        }
        let mut written = Written::default();
        for (number, portion) in batch.portions().iter().enumerate() {
            for line in portion.lines() {
                let Some((_, event)) = portion.parcel().lines().event(line) else {
                    continue;
                };
                if self.refuse.as_ref().is_some_and(|refuse| refuse(event)) {
                    written.refused.push(Refusal {
                        portion: number,
                        line,
                        reason: "refused as it was told".to_owned(),
                    });
                } else {
                    self.store((portion.parcel().id(), line), event);
                }
            }
        }
        self.sizes.push(batch.events());
        Ok(written)
    }

    fn store(&mut self, identity: (ParcelId, usize), event: &[u8]) {
        let is_new = self.seen.insert(identity);
        self.duplicates += usize::from(!is_new);
        if is_new || !self.recognises {
            self.lines.push(event.to_vec());
        }
    }
}

impl Failure {
    fn error(self) -> WriteError {
        let source = BoxError::from("failed as it was told");
        match self {
            Self::Retry(after) => WriteError::Retry { after, source },
            Self::Split => WriteError::Split { source },
            Self::Pause => WriteError::Pause { source },
        }
    }
}

/// A write under way, also until it is dropped unfinished.
struct UnderWay<'a>(&'a MemorySink);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.state().at_once -= 1;
    }
}

/// A quarantine in memory.
#[derive(Debug, Default)]
pub struct MemoryQuarantine {
    lines: Mutex<Vec<u8>>,
    failures: Mutex<VecDeque<Failure>>,
}

impl MemoryQuarantine {
    /// Fails the next `times` calls, after those already told to fail.
    pub fn fail_next(&self, times: usize, failure: Failure) {
        let failures = std::iter::repeat_n(failure, times);
        let mut queue = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        queue.extend(failures);
    }

    /// The entries, one line of JSON each, without line breaks.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&lines).lines().map(str::to_owned).collect()
    }
}

#[async_trait::async_trait]
#[deny(clippy::missing_trait_methods)]
impl Quarantine for MemoryQuarantine {
    async fn set_aside(&self, entries: &[Entry<'_>]) -> Result<(), WriteError> {
        let failure = {
            let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
            failures.pop_front()
        };
        if let Some(failure) = failure {
            return Err(failure.error());
        }
        let encoded = to_lines(entries)
            .map_err(|error| WriteError::Retry { after: None, source: error.into() })?;
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.extend(encoded);
        Ok(())
    }
}
