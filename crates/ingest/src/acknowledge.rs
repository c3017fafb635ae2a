//! Acknowledging: messages that are done are deleted, in batches, until the queue says each is gone.

use crate::backoff::Backoff;
use crate::health::{Health, chain};
use crate::hold::Hold;
use crate::metrics::Metrics;
use crate::queue::{BATCH, Queue, Receipt};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;
use trail_sink::Jitter;

/// How long a finished message waits for others to fill its batch.
const LINGER: Duration = Duration::from_millis(20);

/// Batches under way at once.
const CALLS_AT_ONCE: usize = 16;

/// A message that is done. Its hold goes on until it is deleted, and so does its slot.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) hold: Hold,
    pub(crate) slot: OwnedSemaphorePermit,
}

/// Deletes what comes in, until the senders are gone and all is deleted.
pub(crate) async fn acknowledge(
    queue: Arc<dyn Queue>,
    mut done: mpsc::Receiver<Done>,
    metrics: Metrics,
    health: Health,
    jitter: Jitter,
) {
    let mut calls = JoinSet::new();
    while let Some(batch) = next_batch(&mut done).await {
        while calls.len() >= CALLS_AT_ONCE {
            calls.join_next().await;
        }
        let backoff = Backoff::new(&jitter, Duration::from_millis(200), Duration::from_secs(20));
        calls.spawn(delete(Arc::clone(&queue), batch, metrics.clone(), health.clone(), backoff));
    }
    while calls.join_next().await.is_some() {}
}

/// At least one message, and as many more as come within the linger.
async fn next_batch(done: &mut mpsc::Receiver<Done>) -> Option<Vec<Done>> {
    let mut batch = vec![done.recv().await?];
    let until = Instant::now() + LINGER;
    while batch.len() < BATCH {
        match tokio::time::timeout_at(until, done.recv()).await {
            Ok(Some(message)) => batch.push(message),
            Ok(None) | Err(_) => break,
        }
    }
    Some(batch)
}

/// Deletes a batch. Entries that fail are tried again until they are gone or cannot be held longer.
async fn delete(
    queue: Arc<dyn Queue>,
    mut batch: Vec<Done>,
    metrics: Metrics,
    health: Health,
    mut backoff: Backoff,
) {
    batch.iter().for_each(|done| done.hold.deleting());
    loop {
        let receipts: Vec<Receipt> = batch.iter().map(|done| done.hold.receipt().clone()).collect();
        let deleted = queue.delete(&receipts).await;
        health.judge("queue (delete)", &deleted);
        batch = match deleted {
            Ok(failures) => {
                let mut kept = Vec::new();
                for (place, done) in batch.into_iter().enumerate() {
                    match failures.iter().find(|failure| failure.entry == place) {
                        None => settle(done, &metrics.deleted),
                        Some(failure) if failure.gone => settle(done, &metrics.deletes_lost),
                        Some(_) => kept.push(done),
                    }
                }
                kept
            }
            Err(error) => {
                tracing::warn!(error = chain(&error), "could not delete messages, will try again");
                batch
            }
        };
        let now = Instant::now();
        batch.retain(|done| done.hold.deadline() > now);
        if batch.is_empty() {
            return;
        }
        metrics.delete_retries.inc_by(batch.len() as u64);
        tokio::time::sleep(backoff.next()).await;
    }
}

fn settle(done: Done, counter: &prometheus_client::metrics::counter::Counter) {
    done.hold.settle();
    drop(done.slot);
    counter.inc();
}
