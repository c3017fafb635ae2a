//! A [`Condition`]: whether a sink accepts at this moment, for readiness and for people.

use crate::contract::WriteError;
use crate::jitter::Jitter;
use crate::reason::reason_of;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::sync::watch;

/// Whether a sink accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The last that was heard of it was good, or nothing has been written yet.
    Accepting,
    /// A passing fault: the same batch is tried again and again.
    Retrying {
        /// When it began.
        since: SystemTime,
        /// The last fault, with its causes, in one line.
        reason: String,
    },
    /// Nothing is accepted until a person acts.
    Paused {
        /// When it began.
        since: SystemTime,
        /// The last fault, with its causes, in one line.
        reason: String,
    },
}

/// What is known of a sink's troubles, over all writes under way.
#[derive(Debug)]
pub(crate) struct Troubles {
    sink: String,
    condition: watch::Sender<Condition>,
    counts: Mutex<Counts>,
    jitter: Jitter,
}

/// One write's part in the troubles of its sink. A write that is dropped in trouble leaves the
/// condition as it was: only a success shows that the sink accepts again.
#[derive(Debug)]
pub(crate) struct Trouble {
    troubles: Arc<Troubles>,
    kind: Option<Kind>,
    retries: u32,
    pauses: u32,
}

#[derive(Debug, Default)]
struct Counts {
    retrying: usize,
    paused: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Retry,
    Pause,
}

impl Troubles {
    pub(crate) fn new(sink: &str, jitter: Jitter) -> Arc<Self> {
        Arc::new(Self {
            sink: sink.to_owned(),
            condition: watch::Sender::new(Condition::Accepting),
            counts: Mutex::default(),
            jitter,
        })
    }

    pub(crate) fn condition(&self) -> watch::Receiver<Condition> {
        self.condition.subscribe()
    }

    /// The record of a write that begins.
    pub(crate) fn of_a_write(self: &Arc<Self>) -> Trouble {
        Trouble { troubles: Arc::clone(self), kind: None, retries: 0, pauses: 0 }
    }

    fn update(&self, from: Option<Kind>, to: Option<Kind>, publish: impl FnOnce(&Counts)) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        match from {
            Some(Kind::Retry) => counts.retrying = counts.retrying.saturating_sub(1),
            Some(Kind::Pause) => counts.paused = counts.paused.saturating_sub(1),
            None => {}
        }
        match to {
            Some(Kind::Retry) => counts.retrying += 1,
            Some(Kind::Pause) => counts.paused += 1,
            None => {}
        }
        // Under the lock, so that what is published and logged keeps the order of what happened.
        publish(&counts);
    }

    fn publish(&self, next: Condition) {
        let changed = self.condition.send_if_modified(|condition| {
            let changed = std::mem::discriminant(condition) != std::mem::discriminant(&next);
            if changed {
                *condition = next.clone();
            } else {
                condition.renew_reason(&next);
            }
            changed
        });
        if changed {
            self.log(&next);
        }
    }

    fn log(&self, condition: &Condition) {
        let sink = self.sink.as_str();
        match condition {
            Condition::Accepting => tracing::info!(sink, "sink accepts again"),
            Condition::Retrying { reason, .. } => {
                tracing::warn!(sink, reason, "sink fails, trying again");
            }
            Condition::Paused { reason, .. } => {
                tracing::error!(sink, reason, "sink refuses everything until it is set right");
            }
        }
    }
}

impl Condition {
    /// Why the sink does not accept, if it does not.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Accepting => None,
            Self::Retrying { reason, .. } | Self::Paused { reason, .. } => Some(reason),
        }
    }

    fn renew_reason(&mut self, newer: &Self) {
        let (Self::Retrying { reason, .. } | Self::Paused { reason, .. }) = self else {
            return;
        };
        if let Some(newer) = newer.reason() {
            newer.clone_into(reason);
        }
    }
}

impl Trouble {
    /// Publishes the fault, and waits as long as it asks for.
    pub(crate) async fn wait(&mut self, error: &WriteError) {
        let (kind, delay) = match error {
            WriteError::Retry { after, .. } => (Kind::Retry, self.retry_delay(*after)),
            WriteError::Split { .. } => (Kind::Retry, self.retry_delay(None)),
            WriteError::Pause { .. } => (Kind::Pause, self.pause_delay()),
        };
        self.raise(kind, error);
        tokio::time::sleep(delay).await;
    }

    /// The write has succeeded.
    pub(crate) fn over(mut self) {
        let troubles = Arc::clone(&self.troubles);
        troubles.update(self.kind.take(), None, |counts| {
            if counts.retrying == 0 && counts.paused == 0 {
                troubles.publish(Condition::Accepting);
            }
        });
    }

    fn raise(&mut self, kind: Kind, error: &WriteError) {
        let troubles = Arc::clone(&self.troubles);
        let (since, reason) = (SystemTime::now(), reason_of(error));
        troubles.update(self.kind.replace(kind), Some(kind), |counts| match kind {
            Kind::Pause => troubles.publish(Condition::Paused { since, reason }),
            Kind::Retry if counts.paused == 0 => {
                troubles.publish(Condition::Retrying { since, reason });
            }
            // Another write found the graver fault.
            Kind::Retry => {}
        });
    }

    fn retry_delay(&mut self, after: Option<Duration>) -> Duration {
        let ceiling = doubled(RETRY_BASE, self.retries, MOST_DELAY);
        self.retries = self.retries.saturating_add(1);
        let delay = ceiling.mul_f64(self.troubles.jitter.fraction());
        delay.max(after.unwrap_or_default())
    }

    fn pause_delay(&mut self) -> Duration {
        let delay = doubled(PAUSE_BASE, self.pauses, MOST_DELAY);
        self.pauses = self.pauses.saturating_add(1);
        delay
    }
}

impl Drop for Trouble {
    fn drop(&mut self) {
        if let Some(kind) = self.kind.take() {
            self.troubles.update(Some(kind), None, |_| {});
        }
    }
}

const RETRY_BASE: Duration = Duration::from_millis(250);
const PAUSE_BASE: Duration = Duration::from_secs(5);
const MOST_DELAY: Duration = Duration::from_secs(60);

fn doubled(base: Duration, times: u32, most: Duration) -> Duration {
    let factor = 1_u32.checked_shl(times).unwrap_or(u32::MAX);
    base.saturating_mul(factor).min(most)
}

#[cfg(test)]
mod tests;
