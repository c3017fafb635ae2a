//! The [`Account`]: what became of every event.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};

use crate::e2e::delivery::{event_of, files};
use crate::server::{DeadLetter, Server};
use crate::trail::{Trail, TrailFile};

/// Where all events are: each is in the sink, or its object is in the dead-letter queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Events that were sent.
    pub events: usize,
    /// Lines of the sink with an event that was there already.
    pub repeats: usize,
    /// Objects in the dead-letter queue, by reason.
    pub set_aside: BTreeMap<String, usize>,
    /// Faults that struck.
    pub faults: u64,
}

impl Account {
    /// Of a trail that was sent, and is in this folder of a sink.
    pub(super) fn of(trail: &Trail, sink: &Path, server: &Server) -> anyhow::Result<Self> {
        let mut seen = vec![0_usize; trail.events()];
        for path in files(sink)? {
            let bytes = fs::read(&path)?;
            add_lines(&mut seen, &bytes).with_context(|| path.display().to_string())?;
        }
        let mut account = Self {
            events: seen.len(),
            repeats: seen.iter().map(|lines| lines.saturating_sub(1)).sum(),
            set_aside: BTreeMap::new(),
            faults: server.counts().faults,
        };
        let letters = server.dead_letters();
        let keys = account.set_aside(&letters)?;
        for key in missing(&trail.files, &seen) {
            ensure!(keys.contains(key), "not all events of {key} arrived, nor is it set aside");
        }
        Ok(account)
    }

    /// Counts the dead letters, and answers the keys they tell.
    fn set_aside<'l>(&mut self, letters: &'l [DeadLetter]) -> anyhow::Result<BTreeSet<&'l str>> {
        let mut keys = BTreeSet::new();
        for letter in letters {
            let attribute = |name: &str| {
                letter.attributes.get(name).with_context(|| format!("no {name}: {letter:?}"))
            };
            let object = attribute("traild.object")?;
            let key = object.strip_prefix("s3://").and_then(|path| path.split_once('/'));
            let (_bucket, key) = key.with_context(|| format!("no object: {object}"))?;
            *self.set_aside.entry(attribute("traild.reason")?.clone()).or_default() += 1;
            keys.insert(key);
        }
        Ok(keys)
    }
}

/// Counts the event of each line.
fn add_lines(seen: &mut [usize], text: &[u8]) -> anyhow::Result<()> {
    ensure!(text.is_empty() || text.ends_with(b"\n"), "the last line has no end");
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text) {
        let line = text.get(start..end).unwrap_or_default();
        let number = event_of(line).with_context(|| {
            let text = String::from_utf8_lossy(line);
            format!("a line without an event of the trail: {text}")
        })?;
        let lines = usize::try_from(number).ok().and_then(|at| seen.get_mut(at));
        *lines.with_context(|| format!("nobody sent event {number}"))? += 1;
        start = end + 1;
    }
    Ok(())
}

/// The keys of the files of which an event is not there.
fn missing<'f>(files: &'f [TrailFile], seen: &[usize]) -> Vec<&'f str> {
    let (mut first, mut keys) = (0, Vec::new());
    for file in files {
        let events = seen.get(first..first + file.events).unwrap_or_default();
        if events.contains(&0) {
            keys.push(file.key.as_str());
        }
        first += file.events;
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trail::{Sizes, event_id};

    fn lines(numbers: impl IntoIterator<Item = u64>) -> String {
        let line = |number| format!("{{\"id\":\"{}\"}}\n", event_id(number));
        numbers.into_iter().map(line).collect()
    }

    #[test]
    fn events_that_are_missing_repeated_or_foreign_are_told() {
        let trail = Trail::of(&Sizes::Same { files: 2, events: 2 }, 0).unwrap();
        let mut seen = vec![0; 4];
        add_lines(&mut seen, lines([3, 0, 1, 0]).as_bytes()).unwrap();
        assert_eq!(seen, [2, 1, 0, 1]);
        assert_eq!(missing(&trail.files, &seen), [&trail.files[1].key]);
        for other in [lines([4]), "{}\n".to_owned(), lines([1]).trim_end().to_owned()] {
            assert!(add_lines(&mut seen, other.as_bytes()).is_err(), "{other}");
        }
    }

    #[test]
    fn letters_are_counted_by_reason_and_tell_their_object() {
        let mut letter = DeadLetter { body: String::new(), attributes: BTreeMap::new() };
        assert!(Account::default().set_aside(&[letter.clone()]).is_err());
        for (name, value) in [("traild.reason", "truncated"), ("traild.object", "s3://b/a/key")] {
            letter.attributes.insert(name.to_owned(), value.to_owned());
        }
        let mut account = Account::default();
        assert!(account.set_aside(&[letter.clone(), letter]).unwrap().contains("a/key"));
        assert_eq!(account.set_aside, BTreeMap::from([("truncated".to_owned(), 2)]));
    }
}
