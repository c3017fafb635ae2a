//! Where decoding runs: off the async threads, or in lockstep with them.

use crate::lockstep::{Baton, Lockstep};
use std::fmt;
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

/// How a job that blocks waits for what is async.
pub(crate) enum Waiting {
    Thread(Handle),
    Lockstep(Baton),
}

impl Offload {
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
    /// Blocks until the future is ready. `None`: nobody waits for the job any more.
    pub(crate) fn on<F>(&self, future: F) -> Option<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send,
    {
        match self {
            Self::Thread(runtime) => Some(runtime.block_on(future)),
            Self::Lockstep(baton) => baton.on(future),
        }
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Thread(_) => "Thread",
            Self::Lockstep(_) => "Lockstep",
        })
    }
}
