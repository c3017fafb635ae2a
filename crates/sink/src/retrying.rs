//! [`Retrying`]: a sink that never fails, only takes longer.

use crate::batch::{Batch, BatchLimits};
use crate::condition::{Condition, Troubles};
use crate::contract::{BoxError, Refusal, Sink, WriteError, Written};
use crate::jitter::Jitter;
use crate::quarantine::{Entry, Quarantine};
use crate::reason::reason_of;
use std::sync::Arc;
use tokio::sync::watch;

/// Tries again, without end, what its inner sink or quarantine could not store.
///
/// `Retry` waits 250 ms doubling to 60 s, times a random fraction, and at least as long as the sink
/// asked for. `Pause` waits 5 s doubling to 60 s and looks again. `Split` writes the halves, each
/// retried on its own; a single event that is still too large is refused with the reason.
#[derive(Debug)]
pub struct Retrying<T: ?Sized> {
    inner: Arc<T>,
    troubles: Arc<Troubles>,
}

impl<T: ?Sized> Retrying<T> {
    /// Retries `inner`, which is called `name` in logs.
    #[must_use]
    pub fn new(name: &str, inner: Arc<T>) -> Self {
        Self::sharing(Troubles::new(name, Jitter::default()), inner)
    }

    /// Retries `inner`, and counts its troubles with those of others.
    pub(crate) fn sharing(troubles: Arc<Troubles>, inner: Arc<T>) -> Self {
        Self { inner, troubles }
    }

    /// Whether `inner` accepts, as it changes.
    #[must_use]
    pub fn condition(&self) -> watch::Receiver<Condition> {
        self.troubles.condition()
    }
}

#[async_trait::async_trait]
#[deny(clippy::missing_trait_methods)]
impl Sink for Retrying<dyn Sink> {
    fn limits(&self) -> BatchLimits {
        self.inner.limits()
    }

    async fn write(&self, batch: &Batch) -> Result<Written, WriteError> {
        let mut written = Written::default();
        let mut pieces = vec![Piece::whole(batch)];
        while let Some(piece) = pieces.pop() {
            match self.write_piece(&piece.batch).await {
                Ok(stored) => written.refused.extend(piece.placed(stored.refused)),
                Err(too_large) => match piece.halves() {
                    // The first half is on top: events of one object keep their order.
                    Some((first, second)) => pieces.extend([second, first]),
                    None => written.refused.extend(piece.refuse(&too_large)),
                },
            }
        }
        Ok(written)
    }

    async fn probe(&self) -> Result<(), WriteError> {
        self.inner.probe().await
    }

    /// Tried once: a stop has a deadline.
    async fn close(&self) -> Result<(), WriteError> {
        self.inner.close().await
    }
}

impl Retrying<dyn Sink> {
    /// Ends with what was stored, or with why the piece is too large.
    async fn write_piece(&self, piece: &Batch) -> Result<Written, BoxError> {
        let mut trouble = self.troubles.of_a_write();
        loop {
            match self.inner.write(piece).await {
                Ok(written) => {
                    trouble.over();
                    return Ok(written);
                }
                Err(WriteError::Split { source }) => return Err(source),
                Err(error) => trouble.wait(&error).await,
            }
        }
    }
}

#[async_trait::async_trait]
#[deny(clippy::missing_trait_methods)]
impl Quarantine for Retrying<dyn Quarantine> {
    /// `Split` is tried again like `Retry`: a quarantine cuts its writes itself.
    async fn set_aside(&self, entries: &[Entry<'_>]) -> Result<(), WriteError> {
        let mut trouble = self.troubles.of_a_write();
        while let Err(error) = self.inner.set_aside(entries).await {
            trouble.wait(&error).await;
        }
        trouble.over();
        Ok(())
    }
}

/// A part of a batch, and which portion of the batch each of its portions comes from.
struct Piece {
    batch: Batch,
    portions: Vec<usize>,
}

impl Piece {
    fn whole(batch: &Batch) -> Self {
        Self { batch: batch.clone(), portions: (0..batch.portions().len()).collect() }
    }

    fn halves(&self) -> Option<(Self, Self)> {
        let (first, second) = self.batch.halves()?;
        // `Batch::halves` leaves out portions that are empty on their side of the cut.
        let mut room = first.events();
        let (mut firsts, mut seconds) = (Vec::new(), Vec::new());
        for (portion, &origin) in self.batch.portions().iter().zip(&self.portions) {
            let head = portion.events().min(room);
            room -= head;
            firsts.extend((head > 0).then_some(origin));
            seconds.extend((head < portion.events()).then_some(origin));
        }
        let piece = |batch, portions| Self { batch, portions };
        Some((piece(first, firsts), piece(second, seconds)))
    }

    /// The refusals of this piece as refusals of the whole batch.
    fn placed(&self, refused: Vec<Refusal>) -> impl Iterator<Item = Refusal> {
        refused.into_iter().map(|mut refusal| {
            // A portion that the piece does not have must not pass for one that the batch has.
            let portion = self.portions.get(refusal.portion);
            refusal.portion = portion.copied().unwrap_or(usize::MAX);
            refusal
        })
    }

    /// Refuses every event of the piece, of which there is one at most.
    fn refuse(&self, why: &BoxError) -> Vec<Refusal> {
        let reason = reason_of(why.as_ref());
        let portions = self.batch.portions().iter().zip(&self.portions);
        let lines =
            portions.flat_map(|(part, &portion)| part.lines().map(move |line| (portion, line)));
        lines.map(|(portion, line)| Refusal { portion, line, reason: reason.clone() }).collect()
    }
}

#[cfg(test)]
mod tests;
