//! Whether what was seen is what is asked for.

use serde::Serialize;

use super::ledger::Ledger;
use super::sample::Sample;
use super::watch::Seen;
use super::world::BUDGET_MIB;

/// What may be resident: the budget, and 48 MiB that the process needs besides.
pub(super) const LIMIT_MIB: f64 = BUDGET_MIB as f64 + 48.0;
/// A process is judged from then on: pools fill, concurrency finds its bounds.
const WARM_UP_S: f64 = 120.0;
/// Fewer samples say nothing of growth.
const ENOUGH: usize = 60;
/// Why an object is dead-lettered whose bytes changed or were cut on their way.
const BROKEN: [&str; 6] =
    ["gzip", "truncated", "trailing_bytes", "not_json", "records_missing", "record_too_large"];

/// Something asked for, and what was seen.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Finding {
    /// What it is about.
    pub(super) about: String,
    /// What was asked for.
    pub(super) asked: String,
    /// What was seen.
    pub(super) seen: String,
    /// Whether that is what was asked for.
    pub(super) holds: bool,
}

/// A figure that must not grow.
struct Figure {
    name: &'static str,
    of: fn(&Sample) -> f64,
    /// Growth that is allowed, of a beginning.
    allowed: fn(f64) -> f64,
}

const FIGURES: [Figure; 3] = [
    Figure {
        name: "resident MiB",
        of: |sample| sample.resident_mib,
        allowed: |begin| (begin * 0.05).max(8.0),
    },
    Figure { name: "descriptors", of: |sample| sample.descriptors as f64, allowed: |_| 8.0 },
    Figure { name: "threads", of: |sample| sample.threads as f64, allowed: |_| 4.0 },
];

/// Everything that is asked of a run that has come to its end.
pub(super) fn findings(ledger: &Ledger, seen: &Seen, quarantined: usize) -> Vec<Finding> {
    let mut findings = Vec::from(delivery(ledger, quarantined));
    findings.extend(letters(seen));
    let panics = seen.samples.iter().filter_map(|sample| sample.metrics).map(|own| own.panics);
    findings.push(none("tasks that panicked, the most in one process", panics.max().unwrap_or(0)));
    let peak = seen.samples.iter().map(|sample| sample.resident_mib).fold(0.0, f64::max);
    findings.push(Finding {
        about: "resident MiB, the most of any second".to_owned(),
        asked: format!("at most {LIMIT_MIB:.0}"),
        seen: format!("{peak:.1}"),
        holds: peak <= LIMIT_MIB,
    });
    let lives = seen.samples.last().map_or(0, |last| last.life + 1);
    for life in 0..lives {
        let of_life = seen.samples.iter().filter(|sample| sample.life == life);
        findings.extend(growth(life, &of_life.collect::<Vec<_>>()));
    }
    findings
}

fn delivery(ledger: &Ledger, quarantined: usize) -> [Finding; 3] {
    let missing = ledger.missing();
    let events: u64 = missing.iter().flat_map(|(_, sinks)| sinks).sum();
    let mut lost = none("events missing in a sink", events);
    if let Some((key, sinks)) = missing.first() {
        lost.seen = format!("{events} of {} objects, such as {key}: {sinks:?}", missing.len());
    }
    [
        lost,
        none("lines that hold no event that was sent", ledger.accounts().unknown),
        none("files in quarantine", quarantined as u64),
    ]
}

fn letters(seen: &Seen) -> [Finding; 2] {
    let odd = seen.letters.iter().filter(|(reason, _)| !BROKEN.contains(&reason.as_str()));
    let odd: Vec<_> = odd.collect();
    let mut sound = none("objects set aside before they arrived, not for broken bytes", 0);
    if !odd.is_empty() {
        (sound.seen, sound.holds) = (format!("{odd:?}"), false);
    }
    let mut unnamed = none("dead letters without an object", seen.odd_letters.len() as u64);
    if let Some(letter) = seen.odd_letters.first() {
        unnamed.seen = format!("{}, such as {letter}", seen.odd_letters.len());
    }
    [sound, unnamed]
}

fn none(about: &str, count: u64) -> Finding {
    Finding {
        about: about.to_owned(),
        asked: "none".to_owned(),
        seen: count.to_string(),
        holds: count == 0,
    }
}

/// Whether one process grows once it is warm; nothing if it did not live long enough.
fn growth(life: usize, samples: &[&Sample]) -> Vec<Finding> {
    let begun = samples.first().map_or(0.0, |first| first.at_s);
    let warm = samples.iter().filter(|sample| sample.at_s - begun >= WARM_UP_S);
    let warm: Vec<&&Sample> = warm.collect();
    if warm.len() < ENOUGH {
        return Vec::new();
    }
    let findings = FIGURES.iter().map(|figure| {
        let values: Vec<f64> = warm.iter().map(|sample| (figure.of)(sample)).collect();
        let third = values.len() / 3;
        let begin = median(values.get(..third).unwrap_or_default());
        let end = median(values.get(values.len() - third..).unwrap_or_default());
        Finding {
            about: format!("{}, process {}: first third, last third", figure.name, life + 1),
            asked: format!("at most {:.1} more", (figure.allowed)(begin)),
            seen: format!("{begin:.1}, {end:.1}"),
            holds: end - begin <= (figure.allowed)(begin),
        }
    });
    findings.collect()
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grows(resident: impl Fn(f64) -> f64) -> Vec<bool> {
        let sample = |second: u32| {
            let at_s = f64::from(second);
            Sample { at_s, resident_mib: resident(at_s), descriptors: 40, ..Sample::default() }
        };
        let samples: Vec<Sample> = (0..600).map(sample).collect();
        let findings = growth(0, &samples.iter().collect::<Vec<_>>());
        findings.iter().map(|finding| finding.holds).collect()
    }

    #[test]
    fn what_grows_after_its_warm_up_is_told() {
        assert_eq!(grows(|_| 100.0), [true, true, true]);
        assert_eq!(grows(|second| 100.0 + second / 10.0), [false, true, true]);
        assert_eq!(grows(|second| second.min(120.0)), [true, true, true]);
        assert_eq!(grows(|second| 100.0 + second % 60.0), [true, true, true]);
    }

    #[test]
    fn short_lives_are_not_judged_and_no_life_goes_without_the_rest() {
        let samples = [Sample { resident_mib: 500.0, ..Sample::default() }];
        assert!(growth(0, &[&samples[0]]).is_empty());
        let seen = Seen { samples: samples.to_vec(), ..Seen::default() };
        let failed = findings(&Ledger::new(1), &seen, 0).into_iter().filter(|one| !one.holds);
        let failed: Vec<String> = failed.map(|one| one.about).collect();
        assert_eq!(failed, ["resident MiB, the most of any second"]);
    }

    #[test]
    fn lost_unknown_and_wrongly_set_aside_objects_are_told() {
        let mut ledger = Ledger::new(1);
        ledger.upload(2, 1);
        ledger.arrive(0, &[Some(0), None]);
        let letters = [("gzip".to_owned(), 3), ("not_found".to_owned(), 1)];
        let seen =
            Seen { letters: letters.into(), odd_letters: vec!["a".to_owned()], ..Seen::default() };
        let failed = findings(&ledger, &seen, 1).into_iter().filter(|one| !one.holds);
        assert_eq!(failed.count(), 5);
    }
}
