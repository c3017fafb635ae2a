//! An [`OpenFile`]: the file being written, and how much of it is known to be good.

use super::compression::Compression;
use super::directory;
use super::fault::Fault;
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;
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
    /// Whether its name is on the disk.
    named: bool,
    opened: Instant,
}

impl OpenFile {
    pub(super) fn new(path: PathBuf, file: File) -> Self {
        Self { path, file, good: 0, torn: false, named: false, opened: Instant::now() }
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
        self.sync()?;
        let metadata = self.file.metadata().map_err(Fault::of("look at", &self.path))?;
        self.good = metadata.len();
        self.torn = false;
        Ok(())
    }

    /// The first sync of a file is that of its name too, at the same time: where a sync takes a
    /// second, the second file shall not cost two.
    fn sync(&mut self) -> Result<(), Fault> {
        let data = || self.file.sync_data().map_err(Fault::of("sync", &self.path));
        match self.path.parent() {
            Some(directory) if !self.named => thread::scope(|scope| {
                let name = thread::Builder::new()
                    .spawn_scoped(scope, || directory::sync(directory))
                    .map_err(Fault::of("sync directory", directory))?;
                data()?;
                name.join().unwrap_or_else(|panic| resume_unwind(panic))
            }),
            _ => data(),
        }?;
        self.named = true;
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
