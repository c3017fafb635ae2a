//! Where decoding runs: off the async threads, in lockstep with them, or on them where it never waits.

use crate::lockstep::{Baton, Lockstep};
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use tokio::runtime::Handle;

/// Where decoding runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offload {
    /// On threads for what blocks, beside the async ones.
    #[default]
    Threads,
    /// In turns with the task that waits for it, so that a run on one async thread and a paused clock
    /// is the same each time.
    Lockstep,
}

/// How a job waits for what is async.
pub(crate) enum Waiting {
    Thread(Handle),
    Lockstep(Baton),
    /// It must not: it runs on an async thread.
    Never(Refusal),
}

/// Whether a job that must not wait would have had to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Refusal(Arc<AtomicBool>);

impl Offload {
    /// How many jobs that compute are best run at once.
    pub(crate) fn parallelism(self) -> usize {
        match self {
            Self::Threads => std::thread::available_parallelism().map_or(1, usize::from),
            Self::Lockstep => 2,
        }
    }

    /// Runs a job that blocks. `None`: it panicked.
    pub(crate) async fn run<T, J>(self, job: J) -> Option<T>
    where
        T: Send + 'static,
        J: FnOnce(Waiting) -> T + Send + 'static,
    {
        match self {
            Self::Threads => {
                let waiting = Waiting::Thread(Handle::current());
                tokio::task::spawn_blocking(move || job(waiting)).await.ok()
            }
            Self::Lockstep => Lockstep::start(|baton| job(Waiting::Lockstep(baton))).await,
        }
    }
}

impl Waiting {
    /// Blocks until the future is ready. `None`: nobody waits for the job any more, or it must not
    /// wait.
    pub(crate) fn on<F>(&self, future: F) -> Option<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send,
    {
        match self {
            Self::Thread(runtime) => Some(runtime.block_on(future)),
            Self::Lockstep(baton) => baton.on(future),
            Self::Never(refusal) => refusal.on(future),
        }
    }
}

impl Refusal {
    pub(crate) fn happened(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn on<F: Future>(&self, future: F) -> Option<F::Output> {
        // A task that has done much is told to yield by a future that is not ready, though it could be.
        let future = pin!(tokio::task::unconstrained(future));
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => {
                self.0.store(true, Ordering::Relaxed);
                None
            }
        }
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Thread(_) => "Thread",
            Self::Lockstep(_) => "Lockstep",
            Self::Never(_) => "Never",
        })
    }
}
