//! Whether the daemon is as fast as asked for. One more ask is an entry more.

use serde::Serialize;

use super::bench::Done;
use super::figures::{Drained, Figures, median};

/// The process needs so much besides its budget.
const BESIDES_BUDGET_MIB: f64 = 48.0;

/// Something asked for, and what was measured.
#[derive(Clone, Debug, Serialize)]
pub struct Ask {
    /// What it is about.
    pub about: String,
    /// What it must be.
    pub asked: String,
    /// What it is: the median of the rounds.
    pub measured: String,
    /// The least and the most of the rounds, if there were several.
    pub rounds: Option<String>,
    /// What the bare work alone reaches, without queue, network and tasks.
    pub bare: Option<String>,
    /// Whether the median is enough.
    pub holds: bool,
}

/// What a figure must be, and how it is told.
#[derive(Clone, Copy, Debug)]
struct Limit {
    is_least: bool,
    value: f64,
    decimals: usize,
    unit: &'static str,
}

/// Figures of scenarios by name.
#[derive(Clone, Copy)]
struct Table<'t>(&'t [Done]);

/// Every ask whose scenarios were run.
#[must_use]
pub fn asks(done: &[Done]) -> Vec<Ask> {
    let table = Table(done);
    let schemas = [
        ("large", 0.4),
        ("large-ocsf-1.8", 0.18),
        ("large-ocsf-1.1", 0.18),
        ("large-ecs", 0.18),
        ("large-flat", 0.18),
    ];
    let of_inflation = schemas.into_iter().map(|(name, ask)| table.part_of_inflation(name, ask));
    let rest = [
        table.one_file(),
        table.cpu_of_object(),
        table.peak(),
        table.against("in-flight-1024", "in-flight-8", 0.9),
        table.slow_sink(),
        table.start_up(),
        table.against("two-replicas", "one-replica", 1.8),
    ];
    of_inflation.chain(rest).flatten().collect()
}

impl Limit {
    fn part(value: f64) -> Self {
        Self { is_least: true, value, decimals: 2, unit: "" }
    }

    fn at_most(value: f64, unit: &'static str) -> Self {
        Self { is_least: false, value, decimals: 0, unit }
    }

    fn say(self, value: f64) -> String {
        format!("{value:.*}{}", self.decimals, self.unit)
    }

    /// `None` if there is no round.
    fn ask(self, about: &str, mut rounds: Vec<f64>) -> Option<Ask> {
        rounds.sort_unstable_by(f64::total_cmp);
        let (least, most) = (*rounds.first()?, *rounds.last()?);
        let several = rounds.len() > 1;
        let median = median(rounds);
        let word = if self.is_least { "at least" } else { "at most" };
        Some(Ask {
            about: about.to_owned(),
            asked: format!("{word} {}", self.say(self.value)),
            measured: self.say(median),
            rounds: several.then(|| format!("{} to {}", self.say(least), self.say(most))),
            bare: None,
            holds: if self.is_least { median >= self.value } else { median <= self.value },
        })
    }
}

impl<'t> Table<'t> {
    /// The runs of a scenario; none if it was not run.
    fn runs(self, name: &str) -> impl Iterator<Item = &'t Figures> + use<'t> {
        let done = self.0.iter().find(|done| done.scenario == name);
        done.into_iter().flat_map(|done| &done.runs)
    }

    fn drained(self, name: &str) -> impl Iterator<Item = &'t Drained> + use<'t> {
        self.runs(name).filter_map(Figures::as_drained)
    }

    fn part_of_inflation(self, name: &str, ask: f64) -> Option<Ask> {
        let part = |run: &Drained| Some(run.mb_per_cpu_s / run.inflation_mb_per_s?);
        let bare = |run: &Drained| Some(run.bare_mb_per_s? / run.inflation_mb_per_s?);
        let about = format!("{name}: MB a CPU second, of inflation alone");
        let ask = Limit::part(ask).ask(&about, self.drained(name).filter_map(part).collect())?;
        let bare: Vec<f64> = self.drained(name).filter_map(bare).collect();
        Some(Ask { bare: (!bare.is_empty()).then(|| format!("{:.2}", median(bare))), ..ask })
    }

    fn one_file(self) -> Option<Ask> {
        let part = |run: &Drained| Some(run.mb_per_s / run.inflation_mb_per_s?);
        let about = "one-gib: MB a second, of streaming inflation alone";
        Limit::part(0.5).ask(about, self.drained("one-gib").filter_map(part).collect())
    }

    fn cpu_of_object(self) -> Option<Ask> {
        let hundred = || self.drained("hundred");
        let bare = |run: &Drained| Some(run.bytes as f64 / run.objects as f64 / run.bare_mb_per_s?);
        let bare: Vec<f64> = hundred().filter_map(bare).collect();
        let bare = (!bare.is_empty()).then(|| format!("{:.0} µs", median(bare)));
        let times = hundred().map(|run| run.cpu_us_per_object).collect();
        let ask = Limit::at_most(400.0, " µs").ask("hundred: CPU time of an object", times)?;
        Some(Ask { bare, ..ask })
    }

    /// The scenario that comes closest to its limit, or is furthest beyond.
    fn peak(self) -> Option<Ask> {
        let besides = |run: &Drained| run.peak_mib - f64::from(run.budget_mib);
        let scenarios = self.0.iter().map(|done| {
            (done.scenario, self.drained(done.scenario).map(besides).collect::<Vec<f64>>())
        });
        let ran = scenarios.filter(|(_, rounds)| !rounds.is_empty());
        let (name, rounds) =
            ran.max_by(|a, b| median(a.1.clone()).total_cmp(&median(b.1.clone())))?;
        let about = format!("peak resident besides the budget, the most ({name})");
        Limit::at_most(BESIDES_BUDGET_MIB, " MiB").ask(&about, rounds)
    }

    /// A machine gets faster and slower over minutes: each run is compared with that of its round.
    fn against(self, name: &str, other: &str, ask: f64) -> Option<Ask> {
        let pairs = self.drained(name).zip(self.drained(other));
        let parts = pairs.map(|(run, other)| run.events_per_s / other.events_per_s).collect();
        Limit::part(ask).ask(&format!("{name}: events a second, of {other}"), parts)
    }

    fn slow_sink(self) -> Option<Ask> {
        let limit = Limit { is_least: true, value: 3_000.0, decimals: 0, unit: "" };
        let speeds = self.drained("slow-sink").map(Drained::objects_per_s).collect();
        limit.ask("slow-sink: objects of 5 events a second", speeds)
    }

    fn start_up(self) -> Option<Ask> {
        let time = |run: &Figures| match run {
            Figures::Started { first_receive_ms } => Some(*first_receive_ms),
            Figures::Drained(_) | Figures::Idle(_) => None,
        };
        let times = self.runs("start-up").filter_map(time).collect();
        Limit::at_most(100.0, " ms").ask("start to first receive", times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(scenario: &'static str, runs: impl IntoIterator<Item = Drained>) -> Done {
        let runs = runs.into_iter().map(Figures::Drained).collect();
        Done { scenario, runs, ..Done::default() }
    }

    fn holds(done: &[Done], about: &str) -> Vec<bool> {
        let asks = asks(done).into_iter().filter(|ask| ask.about.contains(about));
        asks.map(|ask| ask.holds).collect()
    }

    #[test]
    fn speed_is_compared_with_inflation_of_the_same_run() {
        let run = |mb_per_cpu_s| {
            let inflation_mb_per_s = Some(1_000.0);
            done("large", [Drained { mb_per_cpu_s, inflation_mb_per_s, ..Drained::default() }])
        };
        assert_eq!(holds(&[run(401.0)], "of inflation"), [true]);
        assert_eq!(holds(&[run(399.0)], "of inflation"), [false]);
    }

    #[test]
    fn a_run_is_compared_with_that_of_its_round() {
        let runs = |speeds: [f64; 3]| {
            speeds.map(|events_per_s| Drained { events_per_s, ..Drained::default() })
        };
        // The machine was slow in the first round and fast in the third; twice as fast is twice as fast.
        let table = [
            done("one-replica", runs([50.0, 100.0, 200.0])),
            done("two-replicas", runs([100.0, 190.0, 400.0])),
        ];
        let asks = asks(&table);
        let ask = asks.iter().find(|ask| ask.about.starts_with("two-replicas")).unwrap();
        assert_eq!((ask.measured.as_str(), ask.holds), ("2.00", true));
        assert_eq!(ask.rounds.as_deref(), Some("1.90 to 2.00"));
    }

    #[test]
    fn memory_is_held_against_the_budget_of_each_scenario() {
        let run = |name, budget_mib, peak_mib| {
            done(name, [Drained { budget_mib, peak_mib, ..Drained::default() }])
        };
        assert_eq!(holds(&[run("a", 128, 170.0), run("b", 64, 110.0)], "peak"), [true]);
        assert_eq!(holds(&[run("a", 128, 170.0), run("b", 64, 120.0)], "(b)"), [false]);
    }

    #[test]
    fn what_was_not_run_is_not_judged() {
        assert!(asks(&[]).is_empty());
        let only = done("in-flight-1024", [Drained::default()]);
        assert!(holds(&[only], "of in-flight-8").is_empty());
    }
}
