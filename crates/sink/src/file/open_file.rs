//! An [`OpenFile`]: the file being written, and how much of it is known to be good.

use super::compression::Compression;
use super::fault::Fault;
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use tokio::time::Instant;

#[derive(Debug)]
pub(super) struct OpenFile {
    path: PathBuf,
    /// In append mode, so that after a cut the next byte goes where the good ones end.
    file: File,
    /// Length up to which everything is whole and on the disk.
    good: u64,
    /// Whether bytes may stand after the good ones: half of a write that failed or panicked.
    torn: bool,
    opened: Instant,
}

impl OpenFile {
    pub(super) fn new(path: PathBuf, file: File) -> Self {
        Self { path, file, good: 0, torn: false, opened: Instant::now() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn bytes(&self) -> u64 {
        self.good
    }

    pub(super) fn opened(&self) -> Instant {
        self.opened
    }

    /// Whether the file is gone from its directory: what is written to it now is lost.
    pub(super) fn is_removed(&self) -> Result<bool, Fault> {
        let metadata = self.file.metadata().map_err(Fault::of("look at", &self.path))?;
        Ok(metadata.nlink() == 0)
    }

    /// Appends `parts` as one unit and syncs it. After an error the file is as it was before, at
    /// the latest when it is next written or closed.
    pub(super) fn append(
        &mut self,
        compression: Compression,
        parts: &[&[u8]],
    ) -> Result<(), Fault> {
        self.cut_back()?;
        self.torn = true;
        let written = compression.write(&self.file, parts);
        written.map_err(Fault::of("write to", &self.path))?;
        self.file.sync_data().map_err(Fault::of("sync", &self.path))?;
        let metadata = self.file.metadata().map_err(Fault::of("look at", &self.path))?;
        self.good = metadata.len();
        self.torn = false;
        Ok(())
    }

    /// Pretends that a write has failed half way.
    #[cfg(test)]
    pub(super) fn tear(&mut self) {
        self.torn = true;
    }

    /// Removes what a failed write has left.
    pub(super) fn cut_back(&mut self) -> Result<(), Fault> {
        if self.torn {
            let cut = self.file.set_len(self.good).and_then(|()| self.file.sync_all());
            cut.map_err(Fault::of("cut back", &self.path))?;
            self.torn = false;
        }
        Ok(())
    }
}
