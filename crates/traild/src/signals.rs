//! Signals: the first asks for a clean stop, the second ends the process at once.

use crate::complain;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// SIGTERM and SIGINT, caught from now on.
#[derive(Debug)]
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub(crate) fn catch() -> std::io::Result<Self> {
        let terminate = signal(SignalKind::terminate())?;
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self { terminate, interrupt })
    }

    /// Stops at the first signal, and exits at the second. Never returns.
    pub(crate) async fn obey(mut self, stop: CancellationToken) {
        let name = self.next().await;
        tracing::info!(signal = name, "stopping: what is under way is finished or given back");
        stop.cancel();
        let name = self.next().await;
        complain(&format!(
            "traild: second signal ({name}): exiting at once; nothing is lost, what was under way comes again"
        ));
        std::process::exit(3);
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
