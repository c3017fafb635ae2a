//! A file whose content is kept at hand, and read again when it changes.

use super::OpenFile;
use super::fault::Flaw;
use arc_swap::{ArcSwap, Guard};
use std::fmt::Debug;
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What can be kept of a file.
pub(super) trait Content: Debug + Sized + Send + Sync + 'static {
    /// The key that names the file.
    const SETTING: &'static str;

    /// Whether the file must not be written into while its content is kept.
    const MAPPED: bool;

    /// Reads the file from its beginning.
    ///
    /// # Errors
    /// What is wrong with it, at least one.
    fn read(file: &File) -> Result<Self, Vec<Flaw>>;

    /// What it is, in a few words.
    fn describe(&self) -> String;
}

/// A file and its content. Readers are never waited for: they end with what they began with.
#[derive(Debug)]
pub(super) struct Watched<T> {
    path: PathBuf,
    /// Of the file at the start.
    opened: Stamp,
    current: ArcSwap<T>,
}

/// What a look at the file found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// It is as at the last look.
    Unchanged,
    /// Its new content is current from now on.
    Replaced,
    /// The same, but the file was written into where it must not be.
    Overwritten,
    /// It cannot be used, for the reasons told: the former content goes on.
    Refused(Vec<String>),
}

impl<T: Content> Watched<T> {
    /// Reads the file for the first time, or tells why it cannot be used.
    pub(super) fn open(path: &Path) -> Result<Self, Vec<String>> {
        let (opened, content) = read(path)?;
        Ok(Self { path: path.to_owned(), opened, current: ArcSwap::from_pointee(content) })
    }

    /// The content as it is now, for as long as the answer is held: not for long.
    pub(super) fn current(&self) -> Guard<Arc<T>> {
        self.current.load()
    }

    pub(super) fn describe(&self) -> OpenFile {
        let description = self.current().describe();
        OpenFile { setting: T::SETTING, path: self.path.clone(), description }
    }

    /// The file as it was at the start, for the first [`Watched::look`].
    pub(super) fn opened(&self) -> Option<Stamp> {
        Some(self.opened)
    }

    /// Looks at the file, reads it if it is not as it was `seen`, and notes how it is. It may wait
    /// for the disk.
    pub(super) fn look(&self, seen: &mut Option<Stamp>) -> Look {
        let there = fs::metadata(&self.path).ok().map(|metadata| Stamp::of(&metadata));
        let before = *seen;
        if there == before {
            return Look::Unchanged;
        }
        // Also if it cannot be used: it is tried again when it changes, not before.
        *seen = there;
        let (stamp, content) = match read(&self.path) {
            Ok(read) => read,
            Err(faults) => return Look::Refused(faults),
        };
        *seen = Some(stamp);
        self.current.store(Arc::new(content));
        let overwritten = T::MAPPED && before.is_some_and(|before| stamp.is_rewritten(&before));
        if overwritten { Look::Overwritten } else { Look::Replaced }
    }

    /// Looks at the file again and again, and logs what changed, until `stop`.
    pub(super) async fn watch(self: &Arc<Self>, every: Duration, stop: &CancellationToken) {
        let mut seen = self.opened();
        while let Some(()) = stop.run_until_cancelled(tokio::time::sleep(every)).await {
            let file = Arc::clone(self);
            let look = tokio::task::spawn_blocking(move || {
                let look = file.look(&mut seen);
                (seen, look)
            });
            // A look that hangs on a dead network disk does not keep the stop waiting.
            match stop.run_until_cancelled(look).await {
                Some(Ok((now, look))) => {
                    seen = now;
                    self.log(&look);
                }
                Some(Err(_)) | None => return,
            }
        }
    }

    fn log(&self, look: &Look) {
        let (path, setting) = (self.path.display(), T::SETTING);
        match look {
            Look::Unchanged => {}
            Look::Replaced => {
                let now = self.current().describe();
                tracing::info!(%path, setting, now, "a new file is in use");
            }
            Look::Overwritten => tracing::warn!(
                %path,
                setting,
                "the file was written into, which gives wrong answers and can end the process: \
                 rename a complete new file over it instead"
            ),
            Look::Refused(faults) => {
                let (reason, more) = (faults.first(), faults.len().saturating_sub(1));
                tracing::warn!(
                    reason,
                    more,
                    "a file cannot be used: what it said before goes on until it changes again"
                );
            }
        }
    }
}

/// The content of the file, and how the very file that was read is: its name may be another's by
/// now.
fn read<T: Content>(path: &Path) -> Result<(Stamp, T), Vec<String>> {
    let told = |flaw: Flaw| flaw.told(path, T::SETTING);
    let (stamp, file) = open(path).map_err(|error| vec![told(Flaw::unreadable(&error))])?;
    match T::read(&file) {
        Ok(content) => Ok((stamp, content)),
        Err(flaws) => Err(flaws.into_iter().map(told).collect()),
    }
}

fn open(path: &Path) -> io::Result<(Stamp, File)> {
    // Asked before it is opened: opening a pipe waits for a writer.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is a folder or a device, not a file"));
    }
    let file = File::open(path)?;
    Ok((Stamp::of(&file.metadata()?), file))
}

/// What tells one state of a file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    /// Seconds and nanoseconds.
    modified: (i64, i64),
    /// The same, of the last change of bytes, owner or mode: one that may be read at last is tried.
    changed: (i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// Whether it is the file it was, with other bytes. Its times say nothing: `geoipupdate` can set
    /// them after it has renamed.
    fn is_rewritten(&self, before: &Self) -> bool {
        let same_file = (self.device, self.inode) == (before.device, before.inode);
        same_file && self.size != before.size
    }
}
