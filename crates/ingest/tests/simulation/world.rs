//! What lies outside of every replica: the durable state of queue, store and sinks, and the laws.

use crate::chance::Chance;
use crate::plan::Plan;
use crate::shelf::Shelf;
use crate::sinks::Stored;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::Notify;

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) chance: Chance,
    pub(crate) plan: Plan,
    pub(crate) shelf: Shelf,
    stored: Mutex<Stored>,
    /// Keys of objects that were damaged on their way.
    damaged: Mutex<BTreeSet<String>>,
}

/// One life of a replica, as what is outside knows it.
#[derive(Debug)]
pub(crate) struct Me {
    pub(crate) name: String,
    dead: AtomicBool,
    /// Steps its calls still go before the last of its life.
    steps: AtomicU64,
    pub(crate) last_step: Notify,
    /// It was told to stop.
    pub(crate) stopping: AtomicBool,
    /// Messages it was told to have deleted.
    pub(crate) deleted: AtomicU64,
    /// Messages it gave back since the stop.
    pub(crate) given_back: AtomicU64,
    /// The same, before the stop.
    pub(crate) given_back_before: AtomicU64,
}

impl World {
    pub(crate) fn new(chance: Chance, plan: Plan) -> Arc<Self> {
        let shelf = Shelf::new(plan.messages.len());
        let stored = Mutex::new(Stored::new(plan.sinks.len()));
        Arc::new(Self { chance, plan, shelf, stored, damaged: Mutex::default() })
    }

    pub(crate) fn stored(&self) -> MutexGuard<'_, Stored> {
        self.stored.lock().unwrap()
    }

    /// Whether an object is damaged on its way for the first time: a second time it would be set aside.
    pub(crate) fn damage_once(&self, key: &str) -> bool {
        self.damaged.lock().unwrap().insert(key.to_owned())
    }

    /// A law: what is deleted is safe at this moment.
    pub(crate) fn check_delete(&self, message: usize) {
        let expected = &self.plan.messages[message];
        let aside = !self.shelf.reasons(message).is_empty();
        self.chance.holds(aside || expected.reasons.is_empty(), || {
            format!("message {message} is deleted without a trace")
        });
        let missing = self.missing(message);
        self.chance.holds(missing.is_empty(), || {
            format!("message {message} is deleted before these are safe: {missing:?}")
        });
    }

    /// Sinks and numbers of a message's records that are neither in the sink nor set aside for it.
    pub(crate) fn missing(&self, message: usize) -> Vec<(usize, usize)> {
        let stored = self.stored();
        let mut missing = Vec::new();
        for (place, sink) in self.plan.sinks.iter().enumerate() {
            for &record in &self.plan.messages[message].records {
                if sink.wants(record) && !stored.is_safe(place, record) {
                    missing.push((place, record));
                }
            }
        }
        missing
    }
}

impl Me {
    pub(crate) fn new(name: String, steps: u64) -> Arc<Self> {
        Arc::new(Self {
            name,
            dead: AtomicBool::new(false),
            steps: AtomicU64::new(steps),
            last_step: Notify::new(),
            stopping: AtomicBool::new(false),
            deleted: AtomicU64::new(0),
            given_back: AtomicU64::new(0),
            given_back_before: AtomicU64::new(0),
        })
    }

    /// The process has ended, in whichever way.
    pub(crate) fn die(&self) {
        self.dead.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Relaxed)
    }

    /// A step of a call. What a dead process asked for has no effect, and no answer.
    pub(crate) async fn must_live(&self) {
        if self.steps.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.last_step.notify_one();
        }
        if self.is_dead() {
            std::future::pending::<()>().await;
        }
    }
}
