//! [`StdoutSink`]: events as NDJSON on standard output, or on any writer.

use crate::batch::{Batch, BatchLimits, Portion};
use crate::contract::{Sink, WriteError, Written};
use crate::file::classify;
use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::spawn_blocking;

/// Writes and flushes each batch. What reads the other end answers for its durability.
///
/// # Duplicates
/// Are not recognised: what comes again is written again.
pub struct StdoutSink {
    output: Arc<Mutex<Output>>,
}

struct Output {
    writer: Box<dyn Write + Send>,
    /// Whether the last byte written was inside a line.
    torn: bool,
}

impl StdoutSink {
    /// Writes to standard output.
    #[must_use]
    pub fn new() -> Self {
        Self::over(io::stdout())
    }

    /// Writes to `writer`.
    #[must_use]
    pub fn over(writer: impl Write + Send + 'static) -> Self {
        let output = Output { writer: Box::new(writer), torn: false };
        Self { output: Arc::new(Mutex::new(output)) }
    }

    async fn blocking<F>(&self, operation: F) -> Result<(), WriteError>
    where
        F: FnOnce(&mut Output) -> io::Result<()> + Send + 'static,
    {
        let output = Arc::clone(&self.output);
        let done = spawn_blocking(move || {
            let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
            operation(&mut output)
        });
        match done.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(fault(error)),
            Err(panicked) => Err(WriteError::Retry { after: None, source: panicked.into() }),
        }
    }
}

impl Default for StdoutSink {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for StdoutSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StdoutSink").finish_non_exhaustive()
    }
}

#[async_trait::async_trait]
#[deny(clippy::missing_trait_methods)]
impl Sink for StdoutSink {
    fn limits(&self) -> BatchLimits {
        BatchLimits {
            bytes: 1 << 20,
            events: usize::MAX,
            linger: Duration::ZERO,
            merge_objects: true,
        }
    }

    async fn write(&self, batch: &Batch) -> Result<Written, WriteError> {
        let batch = batch.clone();
        self.blocking(move |output| output.write(&batch)).await?;
        Ok(Written::default())
    }

    async fn probe(&self) -> Result<(), WriteError> {
        self.blocking(|output| output.writer.flush()).await
    }

    async fn close(&self) -> Result<(), WriteError> {
        self.blocking(|output| output.writer.flush()).await
    }
}

impl Output {
    fn write(&mut self, batch: &Batch) -> io::Result<()> {
        // What is written cannot be taken back: a half line is at least ended.
        if self.torn {
            self.write_all(b"\n")?;
        }
        for bytes in batch.portions().iter().map(Portion::bytes) {
            self.write_all(bytes)?;
        }
        self.writer.flush()
    }

    fn write_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.writer.write(bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => {
                    let (written, rest) = bytes.split_at(count.min(bytes.len()));
                    self.torn = written.last() != Some(&b'\n');
                    bytes = rest;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Why standard output takes nothing.
#[derive(Debug, thiserror::Error)]
enum OutputError {
    #[error(
        "could not write to standard output: what read it has gone away, start it and traild again"
    )]
    Closed(#[source] io::Error),
    #[error("could not write to standard output")]
    Failed(#[source] io::Error),
}

fn fault(error: io::Error) -> WriteError {
    let kind = error.kind();
    if kind == ErrorKind::BrokenPipe {
        let source = Box::new(OutputError::Closed(error));
        return WriteError::Pause { source };
    }
    classify(kind, OutputError::Failed(error))
}

#[cfg(test)]
mod tests;
