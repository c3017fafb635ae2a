//! [`Rolling`]: appends to the open file, and closes it when it is large or old enough. All of it
//! blocks.

use super::compression::Compression;
use super::directory::Directory;
use super::fault::{Fault, OpenError};
use super::open_file::OpenFile;
use super::repair;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// Where files are written, and how.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) directory: PathBuf,
    /// What the files' names begin with.
    pub(crate) prefix: &'static str,
    pub(crate) compression: Compression,
    pub(crate) rotation: Rotation,
}

/// When a file is closed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rotation {
    pub(crate) bytes: u64,
    pub(crate) after: Duration,
}

/// How long a file that could not be closed is left before the next try.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Rolling {
    layout: Layout,
    /// `None` once closed.
    directory: Option<Directory>,
    file: Option<OpenFile>,
    /// When the open file is to be closed for its age.
    due: watch::Sender<Option<Instant>>,
    /// Until when closing is not tried again for size.
    patience: Option<Instant>,
}

impl Rolling {
    /// Takes the directory and repairs what is in it.
    pub(super) fn open(layout: Layout) -> Result<Self, OpenError> {
        let mut directory = Directory::open(&layout.directory, layout.prefix)?;
        for (path, compression) in directory.left_open()? {
            repair::repair(&mut directory, &path, compression)?;
        }
        Ok(Self {
            layout,
            directory: Some(directory),
            file: None,
            due: watch::Sender::new(None),
            patience: None,
        })
    }

    /// When the open file is to be closed for its age, as it changes.
    pub(super) fn due(&self) -> watch::Receiver<Option<Instant>> {
        self.due.subscribe()
    }

    /// Appends `parts` durably, as one unit.
    pub(super) fn append(&mut self, parts: &[&[u8]]) -> Result<(), Fault> {
        let compression = self.layout.compression;
        self.writable()?.append(compression, parts)?;
        let full =
            self.file.as_ref().is_some_and(|file| file.bytes() >= self.layout.rotation.bytes);
        if full && self.patience.is_none_or(|until| until <= Instant::now()) {
            // The first write to the next file makes this one's new name durable as well.
            self.rotate(Self::close_file);
        }
        Ok(())
    }

    /// Closes the file if it is old enough.
    pub(super) fn rotate_if_due(&mut self) {
        let due = *self.due.borrow();
        if due.is_some_and(|due| due <= Instant::now()) {
            self.rotate(Self::close_file_durably);
        }
    }

    pub(super) fn probe(&self) -> Result<(), Fault> {
        let directory = self.directory.as_ref().ok_or_else(|| self.closed())?;
        directory.probe()
    }

    /// Closes the file and gives the directory back.
    pub(super) fn close(&mut self) -> Result<(), Fault> {
        self.close_file_durably()?;
        self.directory = None;
        Ok(())
    }

    fn writable(&mut self) -> Result<&mut OpenFile, Fault> {
        let closed = self.closed();
        let directory = self.directory.as_mut().ok_or(closed)?;
        if let Some(file) = self.file.as_ref()
            && file.is_removed()?
        {
            tracing::error!(path = %file.path().display(), "open file was removed by someone else");
            self.file = None;
            // There is nothing to close: a rotation that came due would come due again at once.
            self.due.send_replace(None);
        }
        let file = match self.file.take() {
            Some(file) => file,
            None => {
                let (path, file) = directory.create(self.layout.compression)?;
                let file = OpenFile::new(path, file);
                let due = file.opened().checked_add(self.layout.rotation.after);
                self.due.send_replace(due);
                file
            }
        };
        Ok(self.file.insert(file))
    }

    /// What is in the file is durable already, so a failure to close it fails no write.
    fn rotate(&mut self, close: fn(&mut Self) -> Result<(), Fault>) {
        self.patience = None;
        if let Err(error) = close(self) {
            let reason = crate::reason::reason_of(&error);
            tracing::warn!(reason, "file stays open longer than it should");
            self.patience = Instant::now().checked_add(PATIENCE);
        }
        // What is not closed durably is looked at again, and nothing else: what has come due would come
        // due again at once.
        self.due.send_replace(self.patience);
    }

    fn close_file_durably(&mut self) -> Result<(), Fault> {
        self.close_file()?;
        self.directory.as_ref().map_or(Ok(()), Directory::sync)
    }

    fn close_file(&mut self) -> Result<(), Fault> {
        let (Some(directory), Some(file)) = (self.directory.as_mut(), self.file.as_mut()) else {
            return Ok(());
        };
        if !file.is_removed()? {
            file.cut_back()?;
            shut(directory, file.path(), file.bytes())?;
        }
        self.file = None;
        Ok(())
    }

    fn closed(&self) -> Fault {
        let source = io::Error::other("the sink is closed");
        Fault::of("write to", &self.layout.directory)(source)
    }
}

/// Gives a file that is whole its final name, or removes it if it is empty. Durable after a sync of
/// the directory.
pub(super) fn shut(directory: &mut Directory, path: &Path, bytes: u64) -> Result<(), Fault> {
    if bytes > 0 {
        directory.close_file(path)
    } else {
        fs::remove_file(path).map_err(Fault::of("remove", path))
    }
}
