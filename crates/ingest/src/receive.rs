//! Receiving: as many long polls in parallel as keep the workers busy, and never a message without
//! a place for it.

use crate::backoff::Backoff;
use crate::health::chain;
use crate::hold::Hold;
use crate::pace::Place;
use crate::pipeline::Pipeline;
use crate::queue::{BATCH, Message, QueueError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// Long polls at once at most. One brings ten messages per round trip, so these bring thousands a
/// second.
pub(crate) const POLLERS: usize = 16;

/// A message with the places taken for it before it was asked for.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) message: Message,
    /// From its receipt on, so that on no path it stays hidden for nothing.
    pub(crate) hold: Hold,
    pub(crate) places: Places,
}

/// Room for one message.
#[derive(Debug)]
pub(crate) struct Places {
    /// Held until the message is deleted or released.
    pub(crate) slot: OwnedSemaphorePermit,
    /// Held until work on it has begun: what waits for memory stays in the queue, where another
    /// replica can have it.
    pub(crate) entry: Place,
}

/// What a poller tells the pipeline.
#[derive(Debug)]
pub(crate) enum Polled {
    /// Work.
    Message(Box<Received>),
    /// A receive came back full: another poller would find something.
    More,
}

/// Receives until the stop, or until a receive comes back empty if this is not the first poller.
pub(crate) async fn poll(pipeline: Arc<Pipeline>, sender: mpsc::Sender<Polled>, first: bool) {
    let mut backoff =
        Backoff::new(&pipeline.jitter, Duration::from_millis(500), Duration::from_secs(30));
    while let Some(places) = pipeline.places().await {
        let asked = places.len();
        let received = pipeline.receive(asked).await;
        pipeline.health.judge("queue", &received);
        match received {
            Ok(messages) => {
                backoff.reset();
                let got = messages.len();
                if got == BATCH && sender.try_send(Polled::More).is_err() {
                    tracing::trace!("no room to ask for another poller");
                }
                let held: Vec<_> = messages.into_iter().map(|m| (pipeline.hold(&m), m)).collect();
                for ((hold, message), places) in held.into_iter().zip(places) {
                    let received = Box::new(Received { message, hold, places });
                    if sender.send(Polled::Message(received)).await.is_err() {
                        return;
                    }
                }
                if got == 0 && (!first || pipeline.is_idle().await) {
                    return;
                }
            }
            Err(error) => {
                pipeline.metrics.queue_errors.inc();
                if let QueueError::Unavailable(_) = error {
                    pipeline.health.failed("queue", &chain(&error));
                }
                drop(places);
                tokio::select! {
                    biased;
                    () = pipeline.stop.cancelled() => {}
                    () = tokio::time::sleep(backoff.next()) => {}
                }
            }
        }
    }
}

impl Pipeline {
    fn hold(&self, message: &Message) -> Hold {
        self.metrics.received.inc();
        self.holds.hold(message)
    }

    /// Room for up to ten messages: at least one is waited for. `None` at the stop.
    async fn places(&self) -> Option<Vec<Places>> {
        let one = async {
            let entry = self.fetcher.pace.entries().take().await;
            let slot = Arc::clone(&self.slots).acquire_owned().await.ok()?;
            Some(Places { slot, entry })
        };
        let first = tokio::select! {
            biased;
            () = self.stop.cancelled() => return None,
            first = one => first?,
        };
        let mut places = vec![first];
        while places.len() < BATCH {
            let (Some(slot), Some(entry)) =
                (now(&self.slots), self.fetcher.pace.entries().try_take())
            else {
                break;
            };
            places.push(Places { slot, entry });
        }
        Some(places)
    }
}

fn now(places: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
    Arc::clone(places).try_acquire_owned().ok()
}
