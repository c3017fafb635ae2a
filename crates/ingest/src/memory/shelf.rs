//! What a [`MemoryQueue`](super::MemoryQueue) keeps: messages, when each is visible again, and a log
//! of what happened to them.

use crate::disposition::DeadLetter;
use crate::queue::{Message, Receipt};
use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// SQS hides a message at most this long from its receive, extensions included.
const LONGEST_HIDDEN: Duration = Duration::from_secs(12 * 3600);

/// Something that happened to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// When.
    pub at: Instant,
    /// The message's id.
    pub message: String,
    /// What.
    pub what: Happening,
}

/// What may happen to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// It was received, for the how-manieth time.
    Received(u32),
    /// Its visibility was changed: hidden for this long from then on, zero for given back.
    Hidden(Duration),
    /// A copy with a reason was put into the dead-letter queue.
    DeadLettered,
    /// It was received too often, and was moved into the dead-letter queue.
    Redriven,
    /// It was deleted.
    Deleted,
}

/// A message in the dead-letter queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadMessage {
    /// The id it had in the queue.
    pub message: String,
    /// Its body.
    pub body: String,
    /// Why it is there. `None`: it was received too often.
    pub reason: Option<DeadLetter>,
}

type OnDelete = Box<dyn Fn(&str, &[DeadMessage]) + Send + Sync>;

/// The messages of a queue.
#[derive(Default)]
pub(super) struct Shelf {
    kept: BTreeMap<u64, Kept>,
    sent: u64,
    receives: u64,
    /// Receives after which a message is moved to the dead-letter queue.
    pub(super) most_receives: Option<u32>,
    pub(super) dead: Vec<DeadMessage>,
    pub(super) log: Vec<Logged>,
    pub(super) on_delete: Option<OnDelete>,
}

#[derive(Debug)]
struct Kept {
    body: String,
    sent: SystemTime,
    visible: Instant,
    receives: u32,
    /// The receipt of the last receive, and when that was.
    last: Option<(Receipt, Instant)>,
}

impl Shelf {
    pub(super) fn put(&mut self, body: &str) -> String {
        self.sent += 1;
        let message = Kept {
            body: body.to_owned(),
            sent: SystemTime::now(),
            visible: Instant::now(),
            receives: 0,
            last: None,
        };
        self.kept.insert(self.sent, message);
        id(self.sent)
    }

    /// Takes visible messages and hides them.
    pub(super) fn take(
        &mut self,
        most: usize,
        asked: Instant,
        visibility: Duration,
    ) -> Vec<Message> {
        let now = Instant::now();
        self.redrive(now);
        let visible = self.kept.iter_mut().filter(|(_, kept)| kept.visible <= now);
        let mut taken = Vec::new();
        for (&number, kept) in visible.take(most) {
            self.receives += 1;
            let receipt = Receipt(format!("{}/{}", id(number), self.receives));
            kept.receives += 1;
            kept.visible = now + visibility;
            kept.last = Some((receipt.clone(), now));
            self.log.push(Logged {
                at: now,
                message: id(number),
                what: Happening::Received(kept.receives),
            });
            taken.push(Message {
                id: id(number),
                body: kept.body.clone(),
                receipt,
                receives: kept.receives,
                sent: Some(kept.sent),
                received: asked,
            });
        }
        taken
    }

    fn redrive(&mut self, now: Instant) {
        let Some(most) = self.most_receives else {
            return;
        };
        let spent =
            self.kept.extract_if(.., |_, kept| kept.visible <= now && kept.receives >= most);
        for (number, kept) in spent {
            self.dead.push(DeadMessage { message: id(number), body: kept.body, reason: None });
            self.log.push(Logged { at: now, message: id(number), what: Happening::Redriven });
        }
    }

    /// When the next hidden message is visible again.
    pub(super) fn next_visible(&self) -> Option<Instant> {
        self.kept.values().map(|kept| kept.visible).min()
    }

    /// Whether the message was there under this receipt.
    pub(super) fn delete(&mut self, receipt: &Receipt) -> bool {
        let Some(number) = self.number_of(receipt) else {
            return false;
        };
        let Some(kept) = self.kept.remove(&number) else {
            return false;
        };
        if let Some(watch) = &self.on_delete {
            watch(&kept.body, &self.dead);
        }
        self.note(number, Happening::Deleted);
        true
    }

    /// Whether the message was hidden under this receipt, and may be hidden for this long.
    pub(super) fn hide(&mut self, receipt: &Receipt, time: Duration) -> bool {
        let now = Instant::now();
        let Some(number) = self.number_of(receipt) else {
            return false;
        };
        let Some(kept) = self.kept.get_mut(&number) else {
            return false;
        };
        let received = kept.last.as_ref().map_or(now, |(_, received)| *received);
        let in_flight = kept.visible > now;
        if !in_flight || now + time > received + LONGEST_HIDDEN {
            return false;
        }
        kept.visible = now + time;
        self.note(number, Happening::Hidden(time));
        true
    }

    pub(super) fn dead_letter(&mut self, message: &Message, reason: &DeadLetter) {
        self.dead.push(DeadMessage {
            message: message.id.clone(),
            body: message.body.clone(),
            reason: Some(reason.clone()),
        });
        self.log.push(Logged {
            at: Instant::now(),
            message: message.id.clone(),
            what: Happening::DeadLettered,
        });
    }

    pub(super) fn expose(&mut self) {
        let now = Instant::now();
        self.kept.values_mut().for_each(|kept| kept.visible = now);
    }

    pub(super) fn bodies(&self) -> Vec<String> {
        self.kept.values().map(|kept| kept.body.clone()).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// Only the last receipt of a message is good.
    fn number_of(&self, receipt: &Receipt) -> Option<u64> {
        let (number, _) = receipt.0.split_once('/')?;
        let number = number.strip_prefix("message-")?.parse().ok()?;
        let last = self.kept.get(&number)?.last.as_ref();
        last.is_some_and(|(last, _)| last == receipt).then_some(number)
    }

    fn note(&mut self, number: u64, what: Happening) {
        self.log.push(Logged { at: Instant::now(), message: id(number), what });
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf")
            .field("kept", &self.kept.len())
            .field("dead", &self.dead.len())
            .finish_non_exhaustive()
    }
}

fn id(number: u64) -> String {
    format!("message-{number}")
}
