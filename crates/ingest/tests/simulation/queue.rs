//! The queue: it hides, forgets, repeats and refuses, as SQS may.

use crate::chance::Trouble;
use crate::shelf::{Kept, State, Taken};
use crate::world::{Me, World};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use trail_ingest::{
    BATCH, DeadLetter, DeadLettered, EntryFailure, Message, Queue, QueueError, Receipt,
};

/// SQS hides a message at most this long from its receive.
const LONGEST_HIDDEN: Duration = Duration::from_secs(12 * 3600);

/// The queue as one replica sees it.
#[derive(Debug)]
pub(crate) struct QueuePort {
    pub(crate) world: Arc<World>,
    pub(crate) me: Arc<Me>,
}

/// What a call does beside its answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    Done,
    /// Done, but the answer is lost.
    Unheard,
}

impl QueuePort {
    /// Time passes, and perhaps the call fails before it has an effect.
    async fn enter(&self, call: &str) -> Result<Effect, QueueError> {
        let chance = &self.world.chance;
        self.me.must_live().await;
        chance.latency(Trouble::SlowQueue).await;
        self.me.must_live().await;
        if chance.comes(Trouble::QueueRefuses) {
            chance.note(&self.me.name, format_args!("{call} refused"));
            return Err(QueueError::Refused("refused by chance".into()));
        }
        if !chance.comes(Trouble::Queue) {
            return Ok(Effect::Done);
        }
        if chance.below(2) == 0 {
            return Ok(Effect::Unheard);
        }
        chance.note(&self.me.name, format_args!("{call} throttled"));
        Err(QueueError::Unavailable("throttled by chance".into()))
    }

    /// The answer takes its time, or is lost.
    async fn leave<T>(&self, call: &str, effect: Effect, answer: T) -> Result<T, QueueError> {
        let chance = &self.world.chance;
        chance.latency(Trouble::SlowQueue).await;
        self.me.must_live().await;
        if effect == Effect::Unheard {
            chance.note(&self.me.name, format_args!("{call} answer lost"));
            return Err(QueueError::Unavailable("the answer was lost by chance".into()));
        }
        Ok(answer)
    }

    fn take(&self, most: usize, asked: Instant, visibility: Duration) -> Vec<Message> {
        let World { chance, plan, shelf, .. } = &*self.world;
        let mut state = shelf.state();
        let now = Instant::now();
        let mut numbers: Vec<usize> = state.kept.keys().copied().collect();
        chance.rng().shuffle(&mut numbers);
        let mut taken = Vec::new();
        for number in numbers {
            let is_hidden = state.kept[&number].visible > now;
            if taken.len() >= most || (is_hidden && !chance.comes(Trouble::Duplicate)) {
                continue;
            }
            state.receipts += 1;
            let receipt = state.receipts;
            let kept = state.kept.get_mut(&number).unwrap();
            if !is_hidden {
                self.check_lapse(number, kept);
            }
            kept.receives += 1;
            kept.visible = now + visibility;
            let by = Arc::clone(&self.me);
            kept.taken = Some(Taken { by, receipt, at: now, answered: false, released: false });
            taken.push(Message {
                id: number.to_string(),
                body: plan.messages[number].body.clone(),
                receipt: Receipt(format!("{number}/{receipt}")),
                receives: kept.receives,
                sent: None,
                received: asked,
            });
        }
        taken
    }

    /// A law: what a replica works on stays hidden, as long as the queue does what it is asked.
    fn check_lapse(&self, number: usize, kept: &Kept) {
        let Some(taken) = &kept.taken else { return };
        let World { chance, .. } = &*self.world;
        let at_its_end = taken.at.elapsed() + Duration::from_secs(60) > LONGEST_HIDDEN;
        let held = taken.answered && !taken.released && !taken.by.is_dead() && !at_its_end;
        chance.holds(!held || !chance.never(Trouble::OF_QUEUE), || {
            format!("message {number} comes again while {} works on it", taken.by.name)
        });
    }

    fn answered(&self, messages: &[Message]) {
        let mut state = self.world.shelf.state();
        for message in messages {
            if let Some((_, true, kept)) = state.find(&message.receipt) {
                kept.taken.iter_mut().for_each(|taken| taken.answered = true);
            }
        }
    }

    /// What comes of one entry of a delete.
    fn delete_one(&self, state: &mut State, receipt: &Receipt) -> Result<(), bool> {
        let chance = &self.world.chance;
        if chance.comes(Trouble::Entry) {
            return Err(false);
        }
        let Some((message, is_last, _)) = state.find(receipt) else {
            return Ok(());
        };
        if !is_last {
            // An old receipt may do, may do nothing, or may be refused.
            match chance.below(3) {
                0 => return Ok(()),
                1 => return Err(true),
                _ => {}
            }
        }
        state.kept.remove(&message);
        Ok(())
    }

    fn hide_one(&self, state: &mut State, receipt: &Receipt, time: Duration) -> Result<(), bool> {
        if self.world.chance.comes(Trouble::Entry) {
            return Err(false);
        }
        let now = Instant::now();
        let Some((_, is_last, kept)) = state.find(receipt) else {
            return Err(true);
        };
        let received = kept.taken.as_ref().map_or(now, |taken| taken.at);
        if !is_last || kept.visible <= now || now + time > received + LONGEST_HIDDEN {
            return Err(true);
        }
        kept.visible = now + time;
        let visibility = self.world.plan.settings.visibility;
        // A message is given back at once or after whole minutes.
        let released = time != visibility && time.as_millis().is_multiple_of(60_000);
        kept.taken.iter_mut().for_each(|taken| taken.released = released);
        if released {
            let stopping = self.me.stopping.load(Ordering::Relaxed);
            let count = if stopping { &self.me.given_back } else { &self.me.given_back_before };
            count.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl Queue for QueuePort {
    async fn receive(
        &self,
        most: usize,
        wait: Duration,
        visibility: Duration,
    ) -> Result<Vec<Message>, QueueError> {
        let World { chance, shelf, .. } = &*self.world;
        let asked = Instant::now();
        let stopping = self.me.stopping.load(Ordering::Relaxed);
        chance.holds(!stopping, || format!("{} receives after the stop", self.me.name));
        let effect = self.enter("receive").await?;
        let taken = loop {
            self.me.must_live().await;
            let arrived = shelf.arrived.notified();
            let taken = self.take(most.min(BATCH), asked, visibility);
            if !taken.is_empty() || asked.elapsed() >= wait {
                break taken;
            }
            let now = Instant::now();
            let next =
                shelf.state().kept.values().map(|kept| kept.visible).filter(|at| *at > now).min();
            let until = next.map_or(asked + wait, |next| next.min(asked + wait));
            tokio::select! {
                biased;
                () = arrived => {}
                () = sleep_until(until) => {}
            }
        };
        let receipts: Vec<&str> = taken.iter().map(|message| &*message.receipt.0).collect();
        chance.note(&self.me.name, format_args!("receive {most} -> {receipts:?}"));
        let taken = self.leave("receive", effect, taken).await?;
        self.answered(&taken);
        Ok(taken)
    }

    async fn delete(&self, receipts: &[Receipt]) -> Result<Vec<EntryFailure>, QueueError> {
        for receipt in receipts {
            let message = receipt.0.split_once('/').and_then(|(message, _)| message.parse().ok());
            self.world.check_delete(message.unwrap());
        }
        let effect = self.enter("delete").await?;
        let answers = {
            let mut state = self.world.shelf.state();
            let each = |receipt: &Receipt| self.delete_one(&mut state, receipt);
            failures(receipts.iter().map(each))
        };
        let names: Vec<_> = receipts.iter().map(|receipt| &receipt.0).collect();
        self.world.chance.note(&self.me.name, format_args!("delete {names:?} -> {answers:?}"));
        let answers = self.leave("delete", effect, answers).await?;
        let deleted = receipts.len() - answers.len();
        self.me.deleted.fetch_add(deleted as u64, Ordering::Relaxed);
        Ok(answers)
    }

    async fn change_visibility(
        &self,
        changes: &[(Receipt, Duration)],
    ) -> Result<Vec<EntryFailure>, QueueError> {
        let effect = self.enter("hide").await?;
        let answers = {
            let mut state = self.world.shelf.state();
            let each = |(receipt, time): &(_, _)| self.hide_one(&mut state, receipt, *time);
            failures(changes.iter().map(each))
        };
        self.world.shelf.arrived.notify_waiters();
        let names: Vec<_> = changes.iter().map(|(receipt, time)| (&receipt.0, time)).collect();
        self.world.chance.note(&self.me.name, format_args!("hide {names:?} -> {answers:?}"));
        self.leave("hide", effect, answers).await
    }

    async fn dead_letter(
        &self,
        message: &Message,
        why: &DeadLetter,
    ) -> Result<DeadLettered, QueueError> {
        let World { chance, plan, shelf, .. } = &*self.world;
        let number: usize = message.id.parse().unwrap();
        let reasons = &plan.messages[number].reasons;
        chance.holds(reasons.contains(&why.reason), || {
            format!("message {number} is set aside for {}: {}", why.reason, why.detail)
        });
        let effect = self.enter("dead-letter").await?;
        if chance.comes(Trouble::NoDeadLetters) {
            return self.leave("dead-letter", effect, DeadLettered::NoDeadLetterQueue).await;
        }
        shelf.state().dead.entry(number).or_default().push(why.reason);
        chance.note(&self.me.name, format_args!("dead-letter {number} {}", why.reason));
        self.leave("dead-letter", effect, DeadLettered::Durable).await
    }

    async fn depth(&self) -> Result<u64, QueueError> {
        Ok(self.world.shelf.state().kept.len() as u64)
    }
}

/// The entries that failed, and whether their receipts are of no use any more.
fn failures(answers: impl Iterator<Item = Result<(), bool>>) -> Vec<EntryFailure> {
    let failed = answers.enumerate().filter_map(|(entry, answer)| Some((entry, answer.err()?)));
    let failure = |(entry, gone)| EntryFailure { entry, gone, reason: "by chance".to_owned() };
    failed.map(failure).collect()
}
