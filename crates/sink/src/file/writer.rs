//! A [`Writer`]: [`Rolling`] for async callers, and the task that closes files for their age.

use super::fault::{Fault, OpenError};
use super::rolling::{Layout, Rolling};
use crate::batch::{Batch, Portion};
use crate::contract::WriteError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet, spawn_blocking};
use tokio::time::{Instant, sleep_until};

/// Every operation runs to its end on a blocking thread, also when its caller has gone away.
#[derive(Debug)]
pub(crate) struct Writer {
    rolling: Arc<Mutex<Rolling>>,
    timer: Mutex<JoinSet<()>>,
}

/// Bytes to be written that lie in one or more places.
pub(crate) trait Parts: Send + 'static {
    fn parts(&self) -> Vec<&[u8]>;
}

impl Parts for Batch {
    fn parts(&self) -> Vec<&[u8]> {
        self.portions().iter().map(Portion::bytes).collect()
    }
}

impl Parts for Vec<u8> {
    fn parts(&self) -> Vec<&[u8]> {
        vec![self.as_slice()]
    }
}

impl Writer {
    pub(crate) async fn open(layout: Layout) -> Result<Self, OpenError> {
        let directory = layout.directory.clone();
        let opened = spawn_blocking(move || Rolling::open(layout)).await;
        let rolling = opened.map_err(|error| Fault::of("open", &directory)(error.into()))??;
        let due = rolling.due();
        let rolling = Arc::new(Mutex::new(rolling));
        let mut timer = JoinSet::new();
        timer.spawn(close_old_files(Arc::downgrade(&rolling), due));
        Ok(Self { rolling, timer: Mutex::new(timer) })
    }

    /// Appends durably, as one unit. Nothing to append is nothing to do.
    pub(crate) async fn append(&self, source: impl Parts) -> Result<(), WriteError> {
        self.blocking(move |rolling| {
            let parts = source.parts();
            if parts.iter().all(|part| part.is_empty()) {
                return Ok(());
            }
            rolling.append(&parts)
        })
        .await
    }

    pub(crate) async fn probe(&self) -> Result<(), WriteError> {
        self.blocking(|rolling| rolling.probe()).await
    }

    pub(crate) async fn close(&self) -> Result<(), WriteError> {
        let mut timer = {
            let mut timer = self.timer.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *timer)
        };
        timer.shutdown().await;
        self.blocking(Rolling::close).await
    }

    async fn blocking<F>(&self, operation: F) -> Result<(), WriteError>
    where
        F: FnOnce(&mut Rolling) -> Result<(), Fault> + Send + 'static,
    {
        let rolling = Arc::clone(&self.rolling);
        let done = spawn_blocking(move || operation(&mut lock(&rolling))).await;
        Ok(done.map_err(panicked)??)
    }
}

/// Ends when `rolling` does.
async fn close_old_files(rolling: Weak<Mutex<Rolling>>, mut due: watch::Receiver<Option<Instant>>) {
    loop {
        let at = *due.borrow_and_update();
        tokio::select! {
            changed = due.changed() => if changed.is_err() {
                return;
            },
            () = reached(at) => {
                let Some(rolling) = rolling.upgrade() else { return };
                let closed = spawn_blocking(move || lock(&rolling).rotate_if_due()).await;
                if let Err(error) = closed {
                    tracing::error!(error = %error, "closing an old file panicked");
                    return;
                }
            }
        }
    }
}

async fn reached(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// A panic may have left half a write behind, which the file knows and cuts off.
fn lock(rolling: &Mutex<Rolling>) -> MutexGuard<'_, Rolling> {
    rolling.lock().unwrap_or_else(PoisonError::into_inner)
}

fn panicked(error: JoinError) -> WriteError {
    WriteError::Retry { after: None, source: error.into() }
}
