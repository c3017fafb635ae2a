//! Health that tells the truth: what is wrong now, by component, for `/readyz` and logs.

use crate::queue::QueueError;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What keeps the daemon from being ready, by component (`queue`, `bucket org-trail`, `sink lake`).
/// A component is set right by its next success.
#[derive(Clone, Debug, Default)]
pub struct Health {
    faults: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Health {
    /// A component does not work, for this reason. Logged when it begins; after that only the reason
    /// shown is renewed, since S3's names a key and so is another for each object.
    pub fn fault(&self, component: &str, reason: &str) {
        let known = self.lock().insert(component.to_owned(), reason.to_owned());
        if known.is_none() {
            tracing::error!(component, reason, "not ready");
        }
    }

    /// A component works.
    pub fn well(&self, component: &str) {
        if self.lock().remove(component).is_some() {
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
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        // The map is whole between any two statements, so a panic elsewhere does not spoil it.
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
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
