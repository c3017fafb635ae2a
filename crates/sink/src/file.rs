//! [`FileSink`]: events as NDJSON files in a directory.

mod compression;
mod directory;
mod fault;
mod open_file;
mod repair;
mod rolling;
mod writer;

pub use compression::Compression;
pub use fault::{Fault, OpenError};

pub(crate) use fault::classify;
pub(crate) use rolling::{Layout, Rotation};
pub(crate) use writer::Writer;

use crate::batch::{Batch, BatchLimits};
use crate::contract::{Sink, WriteError, Written};
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::time::Duration;

/// Writes NDJSON files into a directory that it has for itself.
///
/// Files are named `trail-<start>-<n>.ndjson[.gz|.zst]`, and carry `.open` after that while they
/// are written. Each write is one gzip member or zstd frame and is synced to the disk before it is
/// answered. A file is closed when it is large or old enough, and at `close`. What a crash has left
/// is repaired at the next `open`: cut back to its last whole line, member or frame, and closed.
///
/// # Duplicates
/// Are not recognised: what comes again is stored again.
#[derive(Debug)]
pub struct FileSink {
    writer: Writer,
}

/// Where and how a [`FileSink`] writes.
#[derive(Clone, Debug)]
pub struct FileOptions {
    /// The directory; made, for its owner only, where it is missing.
    pub directory: PathBuf,
    /// How the files are compressed.
    pub compression: Compression,
    /// A file this large on disk is closed.
    pub rotate_bytes: NonZeroU64,
    /// A file this old is closed, whether events come or not.
    pub rotate_after: Duration,
}

impl FileSink {
    /// Takes the directory, repairs what a crash has left in it, and starts the task that closes
    /// old files; so it must be called within a tokio runtime.
    ///
    /// # Errors
    /// When another process has the directory, or it cannot be made or written.
    pub async fn open(options: FileOptions) -> Result<Self, OpenError> {
        let layout = Layout {
            directory: options.directory,
            prefix: "trail",
            compression: options.compression,
            rotation: Rotation { bytes: options.rotate_bytes.get(), after: options.rotate_after },
        };
        let writer = Writer::open(layout).await?;
        Ok(Self { writer })
    }
}

#[async_trait::async_trait]
#[deny(clippy::missing_trait_methods)]
impl Sink for FileSink {
    /// A sync costs about the same for megabytes as for one line, so writes are merged as far as they wait
    /// for one another, and never kept waiting.
    fn limits(&self) -> BatchLimits {
        BatchLimits {
            bytes: 64 << 20,
            events: usize::MAX,
            linger: Duration::ZERO,
            merge_objects: true,
        }
    }

    async fn write(&self, batch: &Batch) -> Result<Written, WriteError> {
        self.writer.append(batch.clone()).await?;
        Ok(Written::default())
    }

    async fn probe(&self) -> Result<(), WriteError> {
        self.writer.probe().await
    }

    async fn close(&self) -> Result<(), WriteError> {
        self.writer.close().await
    }
}

#[cfg(test)]
mod crash_tests;
#[cfg(test)]
pub(crate) mod read_back;
#[cfg(test)]
mod tests;
