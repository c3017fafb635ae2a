//! A queue in memory, with visibility timeouts on tokio's clock.

use super::shelf::{DeadMessage, Happening, Logged, Shelf};
use crate::disposition::DeadLetter;
use crate::queue::{DeadLettered, EntryFailure, Message, Queue, QueueError, Receipt};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// A queue in memory, with a dead-letter queue unless it is told to have none.
///
/// A message comes again when its visibility ends, under a new receipt; the old one is then good
/// for nothing. Times are tokio's, so a paused clock works.
#[derive(Debug, Default)]
pub struct MemoryQueue {
    state: Mutex<State>,
    /// Something is visible that was not, or was not there.
    arrived: Notify,
}

/// The calls of a [`Queue`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// [`Queue::receive`]
    Receive,
    /// [`Queue::change_visibility`]
    ChangeVisibility,
    /// [`Queue::dead_letter`]
    DeadLetter,
    /// [`Queue::delete`]
    Delete,
    /// [`Queue::depth`]
    Depth,
}

/// How one entry of a batch call fails, while the others succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryFault {
    /// This time.
    Passing,
    /// For good: the receipt is of no use any more.
    Gone,
}

#[derive(Debug, Default)]
struct State {
    shelf: Shelf,
    without_dead_letter_queue: bool,
    calls: HashMap<Call, usize>,
    takes: HashMap<Call, Duration>,
    failures: HashMap<Call, VecDeque<fn() -> QueueError>>,
    entry_faults: HashMap<Call, VecDeque<EntryFault>>,
}

impl MemoryQueue {
    /// An empty queue that has a dead-letter queue.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on there is no dead-letter queue.
    pub fn remove_dead_letter_queue(&self) {
        self.state().without_dead_letter_queue = true;
    }

    /// Moves a message to the dead-letter queue when it would be received more often than this, as
    /// SQS does with `maxReceiveCount`.
    pub fn redrive_after(&self, receives: u32) {
        self.state().shelf.most_receives = Some(receives);
    }

    /// Sends a message. The answer is its id.
    pub fn send(&self, body: &str) -> String {
        let id = self.state().shelf.put(body);
        self.arrived.notify_waiters();
        id
    }

    /// Ends the visibility timeout of all messages at once.
    pub fn expose(&self) {
        self.state().shelf.expose();
        self.arrived.notify_waiters();
    }

    /// Lets the next `times` calls fail with [`QueueError::Unavailable`].
    pub fn fail_next(&self, call: Call, times: usize) {
        let error = || QueueError::Unavailable("failed as it was told".into());
        self.fail_with(call, times, error);
    }

    /// Lets the next `times` calls fail with [`QueueError::Refused`].
    pub fn refuse_next(&self, call: Call, times: usize) {
        let error = || QueueError::Refused("refused as it was told".into());
        self.fail_with(call, times, error);
    }

    /// Ends all failures that were told and have not come yet.
    pub fn mend(&self) {
        let mut state = self.state();
        state.failures.clear();
        state.entry_faults.clear();
    }

    /// Lets the next `entries` entries of `delete` or `change_visibility` fail.
    pub fn fail_entries(&self, call: Call, entries: usize, fault: EntryFault) {
        let faults = std::iter::repeat_n(fault, entries);
        let mut state = self.state();
        state.entry_faults.entry(call).or_default().extend(faults);
    }

    /// Lets each call take `time`. Its effect comes at the end of it.
    pub fn take_time(&self, call: Call, time: Duration) {
        self.state().takes.insert(call, time);
    }

    /// Calls `watch` at the moment a message is deleted, with its body and all dead letters. It must
    /// not call this queue.
    pub fn on_delete(&self, watch: impl Fn(&str, &[DeadMessage]) + Send + Sync + 'static) {
        self.state().shelf.on_delete = Some(Box::new(watch));
    }

    /// How often a call was made, those that failed included.
    #[must_use]
    pub fn calls(&self, call: Call) -> usize {
        self.state().calls.get(&call).copied().unwrap_or(0)
    }

    /// All that happened to messages, in order.
    #[must_use]
    pub fn log(&self) -> Vec<Logged> {
        self.state().shelf.log.clone()
    }

    /// How often something happened that `predicate` holds for.
    #[must_use]
    pub fn count(&self, predicate: impl Fn(Happening) -> bool) -> usize {
        let log = self.log();
        log.iter().filter(|logged| predicate(logged.what)).count()
    }

    /// What lies in the dead-letter queue.
    #[must_use]
    pub fn dead_letters(&self) -> Vec<DeadMessage> {
        self.state().shelf.dead.clone()
    }

    /// The bodies of the messages that were not deleted, hidden ones included.
    #[must_use]
    pub fn bodies(&self) -> Vec<String> {
        self.state().shelf.bodies()
    }

    /// Whether every message was deleted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.state().shelf.len() == 0
    }

    fn fail_with(&self, call: Call, times: usize, error: fn() -> QueueError) {
        let errors = std::iter::repeat_n(error, times);
        self.state().failures.entry(call).or_default().extend(errors);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What all calls have in common: they are counted, take their time, and may fail.
    async fn begin(&self, call: Call) -> Result<(), QueueError> {
        let takes = {
            let mut state = self.state();
            *state.calls.entry(call).or_default() += 1;
            state.takes.get(&call).copied()
        };
        if let Some(time) = takes {
            tokio::time::sleep(time).await;
        }
        let mut state = self.state();
        let failure = state.failures.get_mut(&call).and_then(VecDeque::pop_front);
        failure.map_or(Ok(()), |error| Err(error()))
    }
}

#[async_trait::async_trait]
#[deny(clippy::missing_trait_methods)]
impl Queue for MemoryQueue {
    async fn receive(
        &self,
        most: usize,
        wait: Duration,
        visibility: Duration,
    ) -> Result<Vec<Message>, QueueError> {
        let asked = Instant::now();
        self.begin(Call::Receive).await?;
        let most = most.min(crate::queue::BATCH);
        loop {
            let arrived = self.arrived.notified();
            let next = {
                let mut state = self.state();
                let taken = state.shelf.take(most, asked, visibility);
                if !taken.is_empty() || asked.elapsed() >= wait {
                    return Ok(taken);
                }
                state.shelf.next_visible()
            };
            let until = next.map_or(asked + wait, |next| next.min(asked + wait));
            tokio::select! {
                () = arrived => {}
                () = tokio::time::sleep_until(until) => {}
            }
        }
    }

    async fn delete(&self, receipts: &[Receipt]) -> Result<Vec<EntryFailure>, QueueError> {
        self.begin(Call::Delete).await?;
        let mut state = self.state();
        let delete = |shelf: &mut Shelf, place: usize| {
            receipts.get(place).is_some_and(|receipt| shelf.delete(receipt))
        };
        Ok(state.entries(Call::Delete, receipts.len(), delete))
    }

    async fn change_visibility(
        &self,
        changes: &[(Receipt, Duration)],
    ) -> Result<Vec<EntryFailure>, QueueError> {
        self.begin(Call::ChangeVisibility).await?;
        let failures = {
            let hide = |shelf: &mut Shelf, place: usize| {
                let change = changes.get(place);
                change.is_some_and(|(receipt, time)| shelf.hide(receipt, *time))
            };
            let mut state = self.state();
            state.entries(Call::ChangeVisibility, changes.len(), hide)
        };
        self.arrived.notify_waiters();
        Ok(failures)
    }

    async fn dead_letter(
        &self,
        message: &Message,
        reason: &DeadLetter,
    ) -> Result<DeadLettered, QueueError> {
        self.begin(Call::DeadLetter).await?;
        let mut state = self.state();
        if state.without_dead_letter_queue {
            return Ok(DeadLettered::NoDeadLetterQueue);
        }
        state.shelf.dead_letter(message, reason);
        Ok(DeadLettered::Durable)
    }

    async fn depth(&self) -> Result<u64, QueueError> {
        self.begin(Call::Depth).await?;
        Ok(self.state().shelf.len() as u64)
    }
}

impl State {
    /// Does one entry after the other, unless it was told to fail.
    fn entries(
        &mut self,
        call: Call,
        count: usize,
        each: impl Fn(&mut Shelf, usize) -> bool,
    ) -> Vec<EntryFailure> {
        let mut failures = Vec::new();
        for entry in 0..count {
            let faults = self.entry_faults.get_mut(&call);
            let gone = match faults.and_then(VecDeque::pop_front) {
                Some(fault) => fault == EntryFault::Gone,
                None if each(&mut self.shelf, entry) => continue,
                None => true,
            };
            failures.push(EntryFailure { entry, gone, reason: "the entry failed".to_owned() });
        }
        failures
    }
}
