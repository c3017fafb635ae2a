//! The events in the output, held against those in the bucket, one by one.

use crate::sample_trail::SampleFile;
use anyhow::Context as _;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;

/// What became of the events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Arrival {
    /// Of the good files, in the output.
    pub(super) arrived: usize,
    /// Of the damaged file, from before the damage.
    pub(super) before_damage: usize,
    /// Of the good files, not in the output.
    pub(super) missing: usize,
    /// In the output more often than in the bucket.
    pub(super) repeated: usize,
    /// In the output, and not in the bucket.
    pub(super) foreign: usize,
}

/// How often a record is yet to be met. Records are told apart by their text: the daemon writes it
/// as it came, and some of what is in real trails no parser of JSON takes apart.
type Open<'e> = HashMap<&'e str, usize>;

impl Arrival {
    /// Holds `lines` against the events of `good` and `damaged`.
    pub(super) fn of(lines: &[String], good: &[String], damaged: &[String]) -> Self {
        let known = open(good.iter().chain(damaged));
        let (mut good, mut damaged) = (open(good), open(damaged));
        let mut arrival = Self::default();
        for line in lines {
            let count = if take(&mut good, line) {
                &mut arrival.arrived
            } else if take(&mut damaged, line) {
                &mut arrival.before_damage
            } else if known.contains_key(line.as_str()) {
                &mut arrival.repeated
            } else {
                &mut arrival.foreign
            };
            *count += 1;
        }
        arrival.missing = good.values().sum();
        arrival
    }
}

fn open<'e>(events: impl IntoIterator<Item = &'e String>) -> Open<'e> {
    let mut open = Open::new();
    for event in events {
        *open.entry(event).or_default() += 1;
    }
    open
}

fn take(open: &mut Open<'_>, event: &str) -> bool {
    match open.get_mut(event) {
        Some(left) if *left > 0 => {
            *left -= 1;
            true
        }
        _ => false,
    }
}

/// The records of a whole log file as lines, in whichever of its forms; none of a digest.
pub(super) fn records(file: &SampleFile) -> anyhow::Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Log<'l> {
        #[serde(rename = "Records", borrow, default)]
        records: Vec<&'l RawValue>,
    }
    let body = file.body().with_context(|| format!("could not inflate {}", file.key))?;
    let parsed = if body.starts_with(b"[") {
        serde_json::from_slice(&body)
    } else {
        serde_json::from_slice(&body).map(|log: Log<'_>| log.records)
    };
    let records = parsed.with_context(|| format!("could not split {}", file.key))?;
    // Line breaks are between tokens: in a string they are escaped.
    let line = |record: &RawValue| record.get().replace(['\r', '\n'], "");
    Ok(records.into_iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Arrival =
        Arrival { arrived: 3, before_damage: 0, missing: 0, repeated: 0, foreign: 0 };

    fn check(lines: &[&str], expect: Arrival) {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let (lines, good, damaged): (Vec<_>, Vec<_>, Vec<_>) =
            (owned(lines), owned(&["a", "b", "b"]), owned(&["c", "d"]));
        assert_eq!(Arrival::of(&lines, &good, &damaged), expect);
    }

    #[test]
    fn every_event_is_held_against_one_of_the_bucket() {
        check(&["b", "a", "b"], ALL);
        check(&["b", "c", "a", "b"], Arrival { before_damage: 1, ..ALL });
    }

    #[test]
    fn loss_repetition_and_what_is_not_ours_are_told_apart() {
        check(&["a"], Arrival { arrived: 1, missing: 2, ..ALL });
        check(&["a", "b", "b", "b"], Arrival { repeated: 1, ..ALL });
        check(&["a", "b", "b", "e"], Arrival { foreign: 1, ..ALL });
    }
}
