//! Whether every event has arrived, and once.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};

use crate::trail::number_of;

/// Length of an event's id.
const ID: usize = 36;

/// What the files of a sink hold.
#[derive(Debug)]
pub(super) struct Arrival {
    seen: Vec<bool>,
    lines: usize,
}

impl Arrival {
    /// Of a trail of so many events nothing yet.
    pub(super) fn of(events: usize) -> Self {
        Self { seen: vec![false; events], lines: 0 }
    }

    /// Looks at every file of a sink.
    ///
    /// # Errors
    /// If a line is no event of the trail, or one that was there already.
    pub(super) fn add(&mut self, folder: &Path) -> anyhow::Result<()> {
        for path in files(folder)? {
            let bytes = fs::read(&path)?;
            self.add_lines(&bytes).with_context(|| path.display().to_string())?;
        }
        Ok(())
    }

    /// Sees that nothing is missing.
    ///
    /// # Errors
    /// If something is.
    pub(super) fn is_complete(&self) -> anyhow::Result<()> {
        let missing = self.seen.iter().filter(|seen| !**seen).count();
        ensure!(missing == 0, "{missing} of {} events did not arrive", self.seen.len());
        ensure!(self.lines == self.seen.len(), "{} lines of {}", self.lines, self.seen.len());
        Ok(())
    }

    fn add_lines(&mut self, text: &[u8]) -> anyhow::Result<()> {
        let Some(text) = text.strip_suffix(b"\n") else {
            ensure!(text.is_empty(), "the last line has no end");
            return Ok(());
        };
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', text).chain([text.len()]) {
            let line = text.get(start..end).unwrap_or_default();
            self.add_line(line)?;
            start = end + 1;
        }
        Ok(())
    }

    fn add_line(&mut self, line: &[u8]) -> anyhow::Result<()> {
        self.lines += 1;
        let number = event_of(line).context("a line without an event of the trail")?;
        match usize::try_from(number).ok().and_then(|at| self.seen.get_mut(at)) {
            Some(seen) if !*seen => *seen = true,
            Some(_) => bail!("event {number} came twice"),
            None => bail!("the trail has no event {number}"),
        }
        Ok(())
    }
}

/// The number of the event in a line of whatever schema: its id is a whole string somewhere.
pub(crate) fn event_of(line: &[u8]) -> Option<u64> {
    memchr::memchr_iter(b'"', line).find_map(|quote| {
        let (id, rest) = line.get(quote + 1..)?.split_at_checked(ID)?;
        rest.starts_with(b"\"").then(|| number_of(id)).flatten()
    })
}

/// The files of a sink that it has closed.
pub(crate) fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "ndjson") {
            files.push(path);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trail::event_id;

    fn after(numbers: &[u64]) -> anyhow::Result<()> {
        let mut arrival = Arrival::of(3);
        let line = |number: &u64| format!("{{\"a\":\"b\",\"id\":\"{}\"}}\n", event_id(*number));
        let text: String = numbers.iter().map(line).collect();
        arrival.add_lines(text.as_bytes())?;
        arrival.is_complete()
    }

    #[test]
    fn every_event_once_is_all_of_them() {
        after(&[2, 0, 1]).unwrap();
    }

    #[test]
    fn lost_repeated_and_foreign_events_are_told() {
        let error = |numbers: &[u64]| after(numbers).unwrap_err().to_string();
        assert_eq!(error(&[0, 2]), "1 of 3 events did not arrive");
        assert_eq!(error(&[0, 1, 1]), "event 1 came twice");
        assert_eq!(error(&[0, 1, 2, 3]), "the trail has no event 3");
        let mut arrival = Arrival::of(1);
        assert!(arrival.add_lines(b"{\"id\":\"547e2c68-5b53-44cd-b446-24a12c5473dc\"}\n").is_err());
        assert!(arrival.add_lines(b"half a li").is_err());
    }
}
