//! [`Batching`]: many small writes become few large ones.

mod group;
mod merger;
mod waiting;

use crate::batch::{Batch, BatchLimits};
use crate::contract::{Sink, WriteError, Written};
use group::Job;
use merger::Merger;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

/// Merges concurrent writes into one write of its inner sink (group commit): while one is under way
/// the next fills, up to the sink's [`BatchLimits`]. Only a batch that finds nothing under way
/// waits `linger` for company.
///
/// A parcel is never under way while another of the same object is, so their order holds even when
/// a caller does not await each. A caller that goes away does not disturb the others. Each caller
/// gets the refusals of its own events. A panic of the inner sink is a `Retry` for those whose
/// events it had.
#[derive(Debug)]
pub struct Batching {
    inner: Arc<dyn Sink>,
    /// `None` once closed.
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    /// Owns the one task that merges.
    merger: Mutex<JoinSet<()>>,
}

/// Jobs between the callers and the task. Their bytes are under the callers' permits.
const JOBS_ON_THE_WAY: usize = 256;

impl Batching {
    /// Merges the writes to `inner`, of which `writes_at_once` may be under way together.
    ///
    /// It starts a task, so it must be called within a tokio runtime.
    #[must_use]
    pub fn new(inner: Arc<dyn Sink>, writes_at_once: NonZeroUsize) -> Self {
        let (sender, receiver) = mpsc::channel(JOBS_ON_THE_WAY);
        let mut tasks = JoinSet::new();
        tasks.spawn(Merger::new(Arc::clone(&inner), writes_at_once).run(receiver));
        Self { inner, jobs: Mutex::new(Some(sender)), merger: Mutex::new(tasks) }
    }

    fn sender(&self) -> Option<mpsc::Sender<Job>> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.clone()
    }
}

#[async_trait::async_trait]
#[deny(clippy::missing_trait_methods)]
impl Sink for Batching {
    fn limits(&self) -> BatchLimits {
        self.inner.limits()
    }

    async fn write(&self, batch: &Batch) -> Result<Written, WriteError> {
        if batch.events() == 0 {
            return Ok(Written::default());
        }
        let (reply, answer) = oneshot::channel();
        let batch = batch.clone();
        let sender = self.sender().ok_or_else(|| unanswered("the sink is closed"))?;
        let sent = sender.send(Job { batch, reply }).await;
        drop(sender);
        sent.map_err(|_| unanswered("the task that merges writes has ended"))?;
        let answer = answer.await;
        answer.unwrap_or_else(|_| Err(unanswered("the write ended without an answer")))
    }

    async fn probe(&self) -> Result<(), WriteError> {
        self.inner.probe().await
    }

    async fn close(&self) -> Result<(), WriteError> {
        let sender = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(sender);
        let mut tasks = {
            let mut merger = self.merger.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *merger)
        };
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(error = %error, "task that merges writes panicked");
            }
        }
        self.inner.close().await
    }
}

fn unanswered(what: &'static str) -> WriteError {
    WriteError::Retry { after: None, source: what.into() }
}

#[cfg(test)]
mod tests;
