//! What sinks have written: closed files are read and removed, so that the disk stays small.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;

use super::ledger::Ledger;
use crate::e2e::delivery::{event_of, files};

/// Reads every closed file of a sink into the ledger and removes it; how many there were. Lines that
/// hold no event that was sent are kept in a file beside the folder.
///
/// # Errors
/// If a file cannot be read.
pub(super) fn collect(folder: &Path, sink: usize, ledger: &Mutex<Ledger>) -> anyhow::Result<usize> {
    // A sink makes its folder when it starts.
    let closed = if folder.is_dir() { files(folder)? } else { Vec::new() };
    for path in &closed {
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        let events = events_of(&bytes);
        let unknown = ledger.lock().unwrap_or_else(PoisonError::into_inner).arrive(sink, &events);
        keep(&bytes, &unknown, &beside(folder))?;
        fs::remove_file(path).with_context(|| path.display().to_string())?;
    }
    Ok(closed.len())
}

/// Where lines of a sink's folder are kept. Its name may have a dot in it.
fn beside(folder: &Path) -> PathBuf {
    let mut path = folder.as_os_str().to_owned();
    path.push(".unknown");
    path.into()
}

/// Appends lines to a file, for a person to look at.
fn keep(text: &[u8], lines: &[usize], path: &Path) -> anyhow::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    for (number, line) in text.split(|byte| *byte == b'\n').enumerate() {
        if lines.contains(&number) {
            file.write_all(line)?;
            file.write_all(b"\n")?;
        }
    }
    Ok(())
}

/// The event of each line. A last line without an end has none.
fn events_of(text: &[u8]) -> Vec<Option<u64>> {
    let mut events = Vec::new();
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text) {
        events.push(event_of(text.get(start..end).unwrap_or_default()));
        start = end + 1;
    }
    if start < text.len() {
        events.push(None);
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trail::event_id;

    #[test]
    fn closed_files_are_read_once_and_removed() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("sink");
        fs::create_dir(&folder).unwrap();
        let mut ledger = Ledger::new(1);
        ledger.upload(2, 1);
        let ledger = Mutex::new(ledger);
        let line = |number| format!("{{\"a\":\"b\",\"id\":\"{}\"}}\n", event_id(number));
        fs::write(folder.join("a.ndjson"), line(1) + &line(0)).unwrap();
        fs::write(folder.join("b.ndjson"), line(1) + "half a li").unwrap();
        fs::write(folder.join("c.ndjson.open"), line(0)).unwrap();
        assert_eq!(collect(&folder, 0, &ledger).unwrap(), 2);
        assert_eq!(collect(&folder, 0, &ledger).unwrap(), 0);
        let ledger = ledger.into_inner().unwrap();
        let accounts = ledger.accounts();
        assert_eq!((accounts.lines, accounts.repeats, accounts.unknown), (4, 1, 1));
        assert!(ledger.missing().is_empty());
        assert!(folder.join("c.ndjson.open").exists());
        let unknown = fs::read_to_string(beside(&folder)).unwrap();
        assert_eq!(unknown, "half a li\n");
    }
}
