//! [`DirectoryQuarantine`]: entries as NDJSON files.

use super::{Entry, Quarantine, to_lines};
use crate::contract::WriteError;
use crate::file::{Compression, Layout, OpenError, Rotation, Writer};
use std::path::PathBuf;
use std::time::Duration;

/// Writes entries into a directory that it has for itself, synced before each answer, in files
/// `quarantine-<start>-<n>.ndjson` of 16 MiB or an hour. Crashes are repaired as for
/// [`FileSink`](crate::FileSink).
#[derive(Debug)]
pub struct DirectoryQuarantine {
    writer: Writer,
}

const ROTATION: Rotation = Rotation { bytes: 16 << 20, after: Duration::from_secs(3_600) };

impl DirectoryQuarantine {
    /// Takes the directory, made for its owner only where it is missing, and starts the task that
    /// closes old files; so it must be called within a tokio runtime.
    ///
    /// # Errors
    /// When another process or sink has the directory, or it cannot be made or written.
    pub async fn open(directory: PathBuf) -> Result<Self, OpenError> {
        let layout = Layout {
            directory,
            prefix: "quarantine",
            compression: Compression::None,
            rotation: ROTATION,
        };
        let writer = Writer::open(layout).await?;
        Ok(Self { writer })
    }

    /// Tries, without storing an entry, whether one would be stored.
    ///
    /// # Errors
    /// When it would not.
    pub async fn probe(&self) -> Result<(), WriteError> {
        self.writer.probe().await
    }

    /// Closes the open file and gives the directory back.
    ///
    /// # Errors
    /// When the file could not be closed; its entries are durable all the same.
    pub async fn close(&self) -> Result<(), WriteError> {
        self.writer.close().await
    }
}

#[async_trait::async_trait]
#[deny(clippy::missing_trait_methods)]
impl Quarantine for DirectoryQuarantine {
    async fn set_aside(&self, entries: &[Entry<'_>]) -> Result<(), WriteError> {
        let lines = to_lines(entries)
            .map_err(|error| WriteError::Retry { after: None, source: error.into() })?;
        self.writer.append(lines).await
    }
}
