//! The messages of a queue: which are visible, which are hidden until when, what a receipt stands for.

#[cfg(test)]
mod tests;

use super::Depth;
use crate::server::DeadLetter;
use crate::server::faults::Faults;
use crate::server::objects::hex_md5;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// All messages of a queue. It has no clock of its own.
#[derive(Debug)]
pub(super) struct Messages {
    name: &'static str,
    /// By their numbers, which are given in the order they come and never again.
    messages: BTreeMap<u64, Message>,
    next_number: u64,
    /// The visible ones, in the order they became so; some are deleted since.
    visible: VecDeque<Visible>,
    /// The hidden ones, in the order they become visible again.
    hidden: BTreeSet<(Instant, u64)>,
    /// For how long a receive hides a message unless it says so.
    pub(super) visibility: Duration,
    /// How often a message is received before it is exhausted.
    pub(super) max_receives: Option<u32>,
    /// How many became visible since somebody looked.
    pub(super) arrived: usize,
    /// The bodies of those that were received too often, for the dead-letter queue.
    pub(super) exhausted: Vec<String>,
    /// For each deleted message, how long it was in the queue.
    pub(super) lags: Vec<Duration>,
}

#[derive(Debug)]
struct Message {
    id: String,
    body: Arc<str>,
    md5: Arc<str>,
    attributes: Arc<BTreeMap<String, String>>,
    arrived: Instant,
    sent: SystemTime,
    first_received: SystemTime,
    receives: u32,
    /// The first receive whose receipt is good: after it there were duplicates only.
    good_from: u32,
    hidden_until: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Visible {
    number: u64,
    /// Whether another has the message, and is to keep it.
    is_duplicate: bool,
}

/// A message that was sent.
#[derive(Clone, Debug)]
pub(in crate::server) struct Sent {
    pub(in crate::server) id: String,
    pub(in crate::server) md5: Arc<str>,
}

/// A message that was received.
#[derive(Clone, Debug)]
pub(in crate::server) struct Received {
    pub(in crate::server) id: String,
    pub(in crate::server) receipt: String,
    pub(in crate::server) body: Arc<str>,
    pub(in crate::server) md5: Arc<str>,
    pub(in crate::server) attributes: Arc<BTreeMap<String, String>>,
    pub(in crate::server) receives: u32,
    pub(in crate::server) sent: SystemTime,
    pub(in crate::server) first_received: SystemTime,
}

/// Why nothing can be done with a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) enum ReceiptError {
    /// It is none.
    Invalid,
    /// Its message is deleted.
    Gone,
    /// Its message is visible, or received again since.
    NotInFlight,
}

const DEFAULT_VISIBILITY: Duration = Duration::from_secs(30);
const DEFAULT_MAX_RECEIVES: u32 = 10;

impl Messages {
    /// No messages. `exhausts`: whether one can be received too often.
    pub(super) fn new(name: &'static str, exhausts: bool) -> Self {
        Self {
            name,
            messages: BTreeMap::new(),
            next_number: 0,
            visible: VecDeque::new(),
            hidden: BTreeSet::new(),
            visibility: DEFAULT_VISIBILITY,
            max_receives: exhausts.then_some(DEFAULT_MAX_RECEIVES),
            arrived: 0,
            exhausted: Vec::new(),
            lags: Vec::new(),
        }
    }

    pub(super) fn send(
        &mut self,
        now: Instant,
        body: String,
        attributes: BTreeMap<String, String>,
    ) -> Sent {
        let number = self.next_number;
        self.next_number += 1;
        let sent = Sent {
            id: format!("{}-{number:012}", self.name),
            md5: hex_md5(body.as_bytes()).into(),
        };
        let message = Message {
            id: sent.id.clone(),
            body: body.into(),
            md5: Arc::clone(&sent.md5),
            attributes: Arc::new(attributes),
            arrived: now,
            sent: SystemTime::now(),
            first_received: SystemTime::UNIX_EPOCH,
            receives: 0,
            good_from: 1,
            hidden_until: None,
        };
        self.messages.insert(number, message);
        self.show(number, false);
        sent
    }

    /// Receives up to `most` visible messages and hides them.
    pub(super) fn take(
        &mut self,
        now: Instant,
        most: usize,
        visibility: Option<Duration>,
        faults: &Faults,
    ) -> Vec<Received> {
        self.surface(now);
        let visibility = visibility.unwrap_or(self.visibility);
        let mut taken = Vec::new();
        let mut duplicates = Vec::new();
        while taken.len() < most
            && let Some(visible) = self.next_visible(faults)
        {
            let Some(received) = self.receive(visible) else { continue };
            taken.push(received);
            let early = faults.strikes(|sqs| sqs.early_expiry);
            let hidden_for =
                if early { visibility.mul_f64(faults.any_fraction()) } else { visibility };
            self.hide(visible.number, now + hidden_for);
            if faults.strikes(|sqs| sqs.duplicate) {
                duplicates.push(visible.number);
            }
        }
        for number in duplicates {
            self.show(number, true);
        }
        taken
    }

    /// Deletes the message of a receipt; whether there was anything to delete.
    pub(super) fn delete(&mut self, now: Instant, receipt: &str) -> Result<bool, ReceiptError> {
        let (number, receive) = parsed(receipt).ok_or(ReceiptError::Invalid)?;
        let is_good = self.messages.get(&number).is_some_and(|own| receive >= own.good_from);
        if !is_good {
            return Ok(false);
        }
        self.unhide(number);
        let deleted = self.messages.remove(&number);
        self.lags.extend(deleted.map(|message| now - message.arrived));
        Ok(true)
    }

    pub(super) fn change_visibility(
        &mut self,
        now: Instant,
        receipt: &str,
        visibility: Duration,
    ) -> Result<(), ReceiptError> {
        self.surface(now);
        let (number, receive) = parsed(receipt).ok_or(ReceiptError::Invalid)?;
        let message = self.messages.get(&number).ok_or(ReceiptError::Gone)?;
        if receive < message.good_from || message.hidden_until.is_none() {
            return Err(ReceiptError::NotInFlight);
        }
        self.hide(number, now + visibility);
        Ok(())
    }

    pub(super) fn depth(&mut self, now: Instant) -> Depth {
        self.surface(now);
        Depth { messages: self.messages.len(), hidden: self.hidden.len() }
    }

    /// When the next hidden message becomes visible.
    pub(super) fn next_expiry(&self) -> Option<Instant> {
        self.hidden.first().map(|(expiry, _)| *expiry)
    }

    pub(super) fn arrivals(&self) -> u64 {
        self.next_number
    }

    pub(super) fn contents(&self) -> Vec<DeadLetter> {
        let letter = |message: &Message| DeadLetter {
            body: message.body.to_string(),
            attributes: (*message.attributes).clone(),
        };
        self.messages.values().map(letter).collect()
    }

    /// One more receive of a message; none if it is deleted, or was received often enough.
    fn receive(&mut self, visible: Visible) -> Option<Received> {
        let message = self.messages.get_mut(&visible.number)?;
        if self.max_receives.is_some_and(|most| message.receives >= most) {
            self.unhide(visible.number);
            let message = self.messages.remove(&visible.number)?;
            self.exhausted.push(message.body.to_string());
            return None;
        }
        if message.receives == 0 {
            message.first_received = SystemTime::now();
        }
        message.receives += 1;
        if !visible.is_duplicate {
            message.good_from = message.receives;
        }
        Some(Received {
            id: message.id.clone(),
            receipt: format!("{:016x}{:08x}", visible.number, message.receives),
            body: Arc::clone(&message.body),
            md5: Arc::clone(&message.md5),
            attributes: Arc::clone(&message.attributes),
            receives: message.receives,
            sent: message.sent,
            first_received: message.first_received,
        })
    }

    fn next_visible(&mut self, faults: &Faults) -> Option<Visible> {
        if !self.visible.is_empty() && faults.strikes(|sqs| sqs.reordered) {
            self.visible.swap_remove_front(faults.any_below(self.visible.len()))
        } else {
            self.visible.pop_front()
        }
    }

    /// Makes visible what is hidden no longer.
    fn surface(&mut self, now: Instant) {
        while let Some((expiry, number)) = self.hidden.first().copied()
            && expiry <= now
        {
            self.unhide(number);
            self.show(number, false);
        }
    }

    fn show(&mut self, number: u64, is_duplicate: bool) {
        self.visible.push_back(Visible { number, is_duplicate });
        self.arrived += 1;
    }

    fn hide(&mut self, number: u64, until: Instant) {
        self.unhide(number);
        if let Some(message) = self.messages.get_mut(&number) {
            message.hidden_until = Some(until);
            self.hidden.insert((until, number));
        }
    }

    fn unhide(&mut self, number: u64) {
        let message = self.messages.get_mut(&number);
        if let Some(until) = message.and_then(|message| message.hidden_until.take()) {
            self.hidden.remove(&(until, number));
        }
    }
}

/// The number of a receipt's message, and which of its receives it is of.
fn parsed(receipt: &str) -> Option<(u64, u32)> {
    let (number, receive) = receipt.split_at_checked(16)?;
    let is_whole = receive.len() == 8;
    let number = u64::from_str_radix(number, 16).ok()?;
    let receive = u32::from_str_radix(receive, 16).ok()?;
    is_whole.then_some((number, receive))
}
