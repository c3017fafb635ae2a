//! A queue: its messages behind a lock, and those who wait for them.

mod messages;

use super::DeadLetter;
use super::faults::Faults;
use messages::Messages;
pub(super) use messages::{ReceiptError, Received, Sent};
use std::collections::BTreeMap;
use std::mem;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// A queue. Visibility timeouts run on the clock of the runtime.
#[derive(Debug)]
pub(super) struct Queue {
    name: &'static str,
    messages: Mutex<Messages>,
    /// Tells one who waits that a message is visible, or all that one will be sooner than they know.
    news: Notify,
    /// Where messages go that were received too often.
    dead_letters: Option<Arc<Self>>,
}

/// What a receive asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// At most so many messages.
    pub(super) most: usize,
    /// How long to wait for the first.
    pub(super) wait: Duration,
    /// For how long to hide them, if not for the queue's own time.
    pub(super) visibility: Option<Duration>,
}

/// How many messages there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Depth {
    /// All of them.
    pub(super) messages: usize,
    /// Those that are hidden.
    pub(super) hidden: usize,
}

impl Queue {
    pub(super) fn new(name: &'static str, dead_letters: Option<Arc<Self>>) -> Self {
        let messages = Messages::new(name, dead_letters.is_some());
        Self { name, messages: Mutex::new(messages), news: Notify::new(), dead_letters }
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// The name of the queue's own dead-letter queue.
    pub(super) fn dead_letters(&self) -> Option<&'static str> {
        self.dead_letters.as_ref().map(|queue| queue.name)
    }

    pub(super) fn send(&self, body: String, attributes: BTreeMap<String, String>) -> Sent {
        self.change(|messages, now| messages.send(now, body, attributes))
    }

    /// Takes messages, waiting for the first as long as is wanted.
    pub(super) async fn receive(&self, wanted: Wanted, faults: &Faults) -> Vec<Received> {
        let deadline = Instant::now() + wanted.wait;
        loop {
            let mut news = pin!(self.news.notified());
            // From here on, what happens after the look is not missed.
            news.as_mut().enable();
            let (received, next) = self.change(|messages, now| {
                (messages.take(now, wanted.most, wanted.visibility, faults), messages.next_expiry())
            });
            if !received.is_empty() || Instant::now() >= deadline {
                return received;
            }
            let until = next.map_or(deadline, |expiry| expiry.min(deadline));
            tokio::select! {
                () = news => {}
                () = tokio::time::sleep_until(until) => {}
            }
        }
    }

    /// Deletes the message of a receipt. Whether it did: a receipt of an earlier receive deletes
    /// nothing, and neither does one of a message that is gone.
    pub(super) fn delete(&self, receipt: &str) -> Result<bool, ReceiptError> {
        self.change(|messages, now| messages.delete(now, receipt))
    }

    pub(super) fn change_visibility(
        &self,
        receipt: &str,
        visibility: Duration,
    ) -> Result<(), ReceiptError> {
        self.change(|messages, now| messages.change_visibility(now, receipt, visibility))
    }

    pub(super) fn depth(&self) -> Depth {
        self.change(|messages, now| messages.depth(now))
    }

    pub(super) fn visibility(&self) -> Duration {
        self.lock().visibility
    }

    pub(super) fn set_visibility(&self, visibility: Duration) {
        self.lock().visibility = visibility;
    }

    /// None where messages go nowhere.
    pub(super) fn max_receives(&self) -> Option<u32> {
        self.lock().max_receives
    }

    pub(super) fn set_max_receives(&self, max_receives: u32) {
        self.lock().max_receives = Some(max_receives);
    }

    /// All messages, in the order they came.
    pub(super) fn contents(&self) -> Vec<DeadLetter> {
        self.lock().contents()
    }

    /// How many messages ever came.
    pub(super) fn arrivals(&self) -> u64 {
        self.lock().arrivals()
    }

    pub(super) fn lags(&self) -> Vec<Duration> {
        self.lock().lags.clone()
    }

    pub(super) fn forget_lags(&self) {
        self.lock().lags.clear();
    }

    /// Changes the messages, moves those received too often, and tells who waits.
    fn change<T>(&self, change: impl FnOnce(&mut Messages, Instant) -> T) -> T {
        let mut messages = self.lock();
        let known = messages.next_expiry();
        let result = change(&mut messages, Instant::now());
        let exhausted = mem::take(&mut messages.exhausted);
        let arrived = mem::take(&mut messages.arrived);
        let is_sooner =
            messages.next_expiry().is_some_and(|next| known.is_none_or(|known| next < known));
        drop(messages);
        if is_sooner {
            self.news.notify_waiters();
        }
        for _message in 0..arrived {
            self.news.notify_one();
        }
        for body in exhausted {
            if let Some(queue) = &self.dead_letters {
                queue.send(body, BTreeMap::new());
            }
        }
        result
    }

    fn lock(&self) -> MutexGuard<'_, Messages> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
