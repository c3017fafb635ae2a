//! Health that tells the truth: what is wrong now, by component, for `/readyz` and logs.
//!
//! A fault that only a person can mend is told at once, one that may pass when it persists. Each is
//! told once, and so is its end.

use crate::queue::QueueError;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Failures that may pass are told when there are so many of them in a row, over so long a time.
/// Either alone says little: calls in parallel fail together, and two failures may be hours apart.
const PERSISTENT: (u32, Duration) = (3, Duration::from_secs(5));

/// How long a fault is believed after its last failure. Some components are asked only when there is
/// work, and the work may have gone to another replica, which found them well.
const LEAST_BELIEF: Duration = Duration::from_secs(10 * 60);
/// A message that cannot be set aside comes again after half an hour: three times that.
const MOST_BELIEF: Duration = Duration::from_secs(90 * 60);

/// What keeps the daemon from being ready, by component (`queue`, `bucket org-trail`, `sink lake`).
/// A component is set right by its next success. One that has not been asked for ten minutes, or for
/// three times the longest pause between two of its failures, is unknown again and not a fault.
#[derive(Clone, Debug, Default)]
pub struct Health {
    /// Every component that was asked, and what is wrong with it.
    components: Arc<Mutex<BTreeMap<String, Option<Trouble>>>>,
}

/// Failures of a component in a row, without a success between them.
#[derive(Debug)]
struct Trouble {
    /// What the last failure said.
    reason: String,
    failures: u32,
    first: Instant,
    last: Instant,
    /// The longest time between two of them.
    pause: Duration,
    /// Whether it was told, and the daemon is not ready because of it.
    told: bool,
}

/// Who mends a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mended {
    ByTime,
    ByPerson,
}

impl Health {
    /// A component does not work until a person acts, or has failed for too long, for this reason.
    /// Logged when it begins; after that only the reason shown is renewed, since S3's names a key and
    /// so is another for each object.
    pub fn fault(&self, component: &str, reason: &str) {
        self.note(component, reason, Mended::ByPerson);
    }

    /// A component failed, for a reason that may pass: it is a fault if it persists.
    pub fn failed(&self, component: &str, reason: &str) {
        self.note(component, reason, Mended::ByTime);
    }

    /// A component works.
    pub fn well(&self, component: &str) {
        let trouble = {
            let mut components = self.lock();
            match components.get_mut(component) {
                Some(known) => known.take(),
                None => components.insert(component.to_owned(), None).flatten(),
            }
        };
        if trouble.is_some_and(|trouble| trouble.told) {
            tracing::info!(component, "works again");
        }
    }

    /// What a call to the queue says of a component: a refusal has to be mended by a person, a passing
    /// fault says nothing, and an answer is well.
    pub(crate) fn judge<T>(&self, component: &str, answer: &Result<T, QueueError>) {
        match answer {
            Ok(_) => self.well(component),
            Err(error @ QueueError::Refused(_)) => self.fault(component, &chain(error)),
            Err(QueueError::Unavailable(_)) => {}
        }
    }

    /// What is wrong now. Nothing wrong is ready.
    #[must_use]
    pub fn faults(&self) -> BTreeMap<String, String> {
        let components = self.components().into_iter();
        components.filter_map(|(component, fault)| Some((component, fault?))).collect()
    }

    /// Every component that was asked so far, with what is wrong with it now.
    #[must_use]
    pub fn components(&self) -> BTreeMap<String, Option<String>> {
        let now = Instant::now();
        let mut components = self.lock();
        for (component, trouble) in components.iter_mut() {
            if let Some(trouble) = trouble.as_mut().filter(|known| known.told && known.is_old(now))
            {
                trouble.told = false;
                tracing::info!(component, "was not asked for long: it may work again");
            }
        }
        let fault = |trouble: &Option<Trouble>| {
            let told = trouble.as_ref().filter(|trouble| trouble.told);
            told.map(|trouble| trouble.reason.clone())
        };
        components.iter().map(|(component, trouble)| (component.clone(), fault(trouble))).collect()
    }

    fn note(&self, component: &str, reason: &str, mended: Mended) {
        let now = Instant::now();
        let (begins, failures) = {
            let mut components = self.lock();
            let known = components.entry(component.to_owned()).or_default();
            let row = known.take().filter(|trouble| !trouble.is_old(now));
            let trouble = known.insert(row.unwrap_or_else(|| Trouble::new(now)));
            trouble.fails(reason, now);
            let is_fault = mended == Mended::ByPerson || trouble.persists();
            let begins = is_fault && !trouble.told;
            trouble.told |= is_fault;
            (begins, trouble.failures)
        };
        if begins {
            tracing::error!(component, reason, "not ready");
        } else if failures == 1 {
            tracing::warn!(component, reason, "failed, will try again");
        } else {
            tracing::debug!(component, reason, failures, "failed again");
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Option<Trouble>>> {
        // The map is whole between any two statements, so a panic elsewhere does not spoil it.
        self.components.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Trouble {
    fn new(now: Instant) -> Self {
        let (reason, pause) = (String::new(), Duration::ZERO);
        Self { reason, failures: 0, first: now, last: now, pause, told: false }
    }

    fn fails(&mut self, reason: &str, now: Instant) {
        reason.clone_into(&mut self.reason);
        self.failures = self.failures.saturating_add(1);
        self.pause = self.pause.max(now - self.last);
        self.last = now;
    }

    fn persists(&self) -> bool {
        let (failures, time) = PERSISTENT;
        self.failures >= failures && self.last - self.first >= time
    }

    /// Whether it says nothing of now.
    fn is_old(&self, now: Instant) -> bool {
        let belief = (self.pause * 3).clamp(LEAST_BELIEF, MOST_BELIEF);
        now.saturating_duration_since(self.last) > belief
    }
}

/// An error and all its sources on one line, for a log or a person.
#[must_use]
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        // Some libraries repeat their source in their own text.
        if !text.ends_with(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    // The SDK lists the credentials it looked for on lines of their own.
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
