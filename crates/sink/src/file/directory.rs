//! A [`Directory`] that one writer has for itself: its lock, the names in it, and their durability.

use super::compression::Compression;
use super::fault::{Fault, OpenError};
use jiff::Timestamp;
use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// What the name of a file still being written ends in.
const OPEN: &str = "open";

#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    prefix: &'static str,
    /// Number in the next file's name.
    next: u64,
    /// Locked as long as it is open; the kernel unlocks it when the process ends, however it ends.
    _lock: File,
}

impl Directory {
    /// Makes the directory where it is missing, and locks it.
    pub(super) fn open(path: &Path, prefix: &'static str) -> Result<Self, OpenError> {
        create(path).map_err(Fault::of("make directory", path))?;
        let lock_path = path.join(".lock");
        let lock = options()
            .create(true)
            .truncate(false)
            .open(&lock_path)
            .map_err(Fault::of("open", &lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::InUse { path: path.into() });
            }
            Err(TryLockError::Error(error)) => Err(Fault::of("lock", &lock_path)(error))?,
        }
        Ok(Self { path: path.into(), prefix, next: 1, _lock: lock })
    }

    /// Makes an empty file, named after this moment, to be written. Its name is durable after a
    /// [`sync`](Self::sync).
    pub(super) fn create(&mut self, compression: Compression) -> Result<(PathBuf, File), Fault> {
        let closed = self.free_name(compression.extension())?;
        let path = with_suffix(&closed, OPEN);
        let file = options()
            .append(true)
            .create_new(true)
            .open(&path)
            .map_err(Fault::of("create", &path))?;
        Ok((path, file))
    }

    /// Takes the `.open` off a file's name. The new one is durable after a [`sync`](Self::sync).
    pub(super) fn close_file(&mut self, path: &Path) -> Result<(), Fault> {
        let mut closed = path.with_extension("");
        // The name was free when the file was made; a rename would silently replace what has come
        // there since.
        if exists(&closed)? {
            let extension = name_of(path).and_then(|name| compression_of_open(name, self.prefix));
            closed = self.free_name(extension.map_or("ndjson", Compression::extension))?;
        }
        fs::rename(path, closed).map_err(Fault::of("rename", path))
    }

    /// Files that were being written when their writer ended, oldest first by name.
    pub(super) fn left_open(&self) -> Result<Vec<(PathBuf, Compression)>, Fault> {
        let mut left = Vec::new();
        let list = || Fault::of("list", &self.path);
        for entry in fs::read_dir(&self.path).map_err(list())? {
            let entry = entry.map_err(list())?;
            let name = entry.file_name();
            let Some(compression) =
                name.to_str().and_then(|name| compression_of_open(name, self.prefix))
            else {
                continue;
            };
            // A link could lead to a file that is not ours to cut.
            if entry.file_type().map_err(list())?.is_file() {
                left.push((entry.path(), compression));
            }
        }
        left.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(left)
    }

    /// Tries whether a file can be made, written, synced and removed.
    pub(super) fn probe(&self) -> Result<(), Fault> {
        let path = self.path.join(".probe");
        let mut file = options()
            .create(true)
            .truncate(true)
            .open(&path)
            .map_err(Fault::of("create", &path))?;
        let written = file.write_all(b"\n").and_then(|()| file.sync_data());
        let removed = fs::remove_file(&path);
        written.map_err(Fault::of("write to", &path))?;
        removed.map_err(Fault::of("remove", &path))
    }

    /// Makes the names in the directory durable.
    pub(super) fn sync(&self) -> Result<(), Fault> {
        sync(&self.path)
    }

    fn free_name(&mut self, extension: &str) -> Result<PathBuf, Fault> {
        let start = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        loop {
            let name = format!("{}-{start}-{}.{extension}", self.prefix, self.next);
            self.next = self.next.wrapping_add(1);
            let path = self.path.join(name);
            if !exists(&path)? && !exists(&with_suffix(&path, OPEN))? {
                return Ok(path);
            }
        }
    }
}

/// Makes the names in a directory durable.
pub(super) fn sync(path: &Path) -> Result<(), Fault> {
    sync_directory(path).map_err(Fault::of("sync directory", path))
}

/// For reading and writing, and for the owner only.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

fn create(path: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = path.ancestors().take_while(|path| !path.exists()).collect();
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    for made in missing {
        match made.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => sync_directory(parent)?,
            _ => sync_directory(Path::new("."))?,
        }
    }
    Ok(())
}

fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn exists(path: &Path) -> Result<bool, Fault> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Fault::of("look at", path)(error)),
    }
}

fn compression_of_open(name: &str, prefix: &str) -> Option<Compression> {
    let closed = name.strip_suffix(OPEN)?.strip_suffix('.')?;
    closed.strip_prefix(prefix)?.strip_prefix('-')?;
    Compression::of_name(closed)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn name_of(path: &Path) -> Option<&str> {
    path.file_name().and_then(OsStr::to_str)
}
