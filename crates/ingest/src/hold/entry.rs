//! What is known of each message that is held.

use super::LONGEST_HOLD;
use crate::queue::Receipt;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) last: u64,
    pub(super) held: BTreeMap<u64, Entry>,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) receipt: Receipt,
    /// When the message may no longer be extended.
    pub(super) deadline: Instant,
    pub(super) due: Instant,
    pub(super) next: Next,
    /// When the message comes into view unless it is extended before.
    hidden_until: Instant,
    /// Whether its delete was asked for. The answer may be lost and the message deleted.
    deleting: bool,
}

/// What the keeper does about an entry when it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Extend,
    Release { after: Duration, attempts: u32 },
}

/// A change of visibility to be made now.
#[derive(Clone, Debug)]
pub(super) struct Due {
    pub(super) id: u64,
    pub(super) receipt: Receipt,
    pub(super) hidden: Duration,
    pub(super) next: Next,
}

impl Entry {
    /// A message that was received then, hidden for this long.
    pub(super) fn new(receipt: Receipt, received: Instant, hidden: Duration) -> Self {
        Self {
            receipt,
            deadline: received + LONGEST_HOLD,
            due: received + hidden / 2,
            next: Next::Extend,
            hidden_until: received + hidden,
            deleting: false,
        }
    }

    /// The message is hidden for this long. One that is hidden to its deadline is not extended again.
    pub(super) fn extended(&mut self, now: Instant, hidden: Duration) {
        self.hidden_until = now + hidden;
        self.due = if now + hidden < self.deadline {
            now + hidden / 2
        } else {
            self.deadline + LONGEST_HOLD
        };
    }

    /// Its delete was asked for.
    pub(super) fn deleting(&mut self) {
        self.deleting = true;
    }

    /// Whether a message that is gone must have been deleted: it cannot have come into view.
    pub(super) fn was_deleted(&self, now: Instant) -> bool {
        self.deleting && now < self.hidden_until
    }
}
