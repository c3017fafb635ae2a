//! Whether the daemon is as fast as asked for. One more ask is an entry more.

use serde::Serialize;

use super::bench::Done;
use super::figures::{Drained, Figures};

/// The process needs so much besides its budget.
const BESIDES_BUDGET_MIB: f64 = 48.0;

/// Something asked for, and what was measured.
#[derive(Clone, Debug, Serialize)]
pub struct Ask {
    /// What it is about.
    pub about: String,
    /// What it must be.
    pub asked: String,
    /// What it is.
    pub measured: String,
    /// What the bare work alone reaches, without queue, network and tasks.
    pub bare: Option<String>,
    /// Whether that is enough.
    pub holds: bool,
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

impl Ask {
    fn at_least(about: &str, ask: f64, is: f64) -> Self {
        let (asked, measured) = (format!("at least {ask:.2}"), format!("{is:.2}"));
        Self { about: about.to_owned(), asked, measured, bare: None, holds: is >= ask }
    }

    fn at_most(about: &str, ask: f64, is: f64, unit: &str) -> Self {
        let (asked, measured) = (format!("at most {ask:.0} {unit}"), format!("{is:.0} {unit}"));
        Self { about: about.to_owned(), asked, measured, bare: None, holds: is <= ask }
    }
}

impl<'t> Table<'t> {
    fn figures(self, name: &str) -> Option<&'t Figures> {
        self.0.iter().find(|done| done.scenario == name)?.median.as_ref()
    }

    fn drained(self, name: &str) -> Option<&'t Drained> {
        match self.figures(name)? {
            Figures::Drained(drained) => Some(drained),
            Figures::Started { .. } | Figures::Idle(_) => None,
        }
    }

    fn part_of_inflation(self, name: &str, ask: f64) -> Option<Ask> {
        let drained = self.drained(name)?;
        let inflation = drained.inflation_mb_per_s?;
        let about = format!("{name}: MB a CPU second, of inflation alone");
        let bare = drained.bare_mb_per_s.map(|bare| format!("{:.2}", bare / inflation));
        Some(Ask { bare, ..Ask::at_least(&about, ask, drained.mb_per_cpu_s / inflation) })
    }

    fn one_file(self) -> Option<Ask> {
        let drained = self.drained("one-gib")?;
        let part = drained.mb_per_s / drained.inflation_mb_per_s?;
        Some(Ask::at_least("one-gib: MB a second, of streaming inflation alone", 0.5, part))
    }

    fn cpu_of_object(self) -> Option<Ask> {
        let hundred = self.drained("hundred")?;
        let is = hundred.cpu_us_per_object;
        let size = hundred.bytes as f64 / hundred.objects as f64;
        let bare = hundred.bare_mb_per_s.map(|bare| format!("{:.0} µs", size / bare));
        Some(Ask { bare, ..Ask::at_most("hundred: CPU time of an object", 400.0, is, "µs") })
    }

    /// The scenario that comes closest to its limit, or is furthest beyond.
    fn peak(self) -> Option<Ask> {
        let drained = self.0.iter().filter_map(|done| Some((done, self.drained(done.scenario)?)));
        let besides = drained.map(|(done, drained)| {
            (done.scenario, drained.peak_mib - f64::from(drained.budget_mib))
        });
        let (name, is) = besides.max_by(|a, b| a.1.total_cmp(&b.1))?;
        let about = format!("peak resident besides the budget, the most ({name})");
        Some(Ask::at_most(&about, BESIDES_BUDGET_MIB, is, "MiB"))
    }

    fn against(self, name: &str, other: &str, ask: f64) -> Option<Ask> {
        let part = self.drained(name)?.events_per_s / self.drained(other)?.events_per_s;
        Some(Ask::at_least(&format!("{name}: events a second, of {other}"), ask, part))
    }

    fn slow_sink(self) -> Option<Ask> {
        let is = self.drained("slow-sink")?.objects_per_s();
        let about = "slow-sink: objects of 5 events a second".to_owned();
        let (asked, measured) = ("at least 3000".to_owned(), format!("{is:.0}"));
        Some(Ask { about, asked, measured, bare: None, holds: is >= 3_000.0 })
    }

    fn start_up(self) -> Option<Ask> {
        let Figures::Started { first_receive_ms } = self.figures("start-up")? else { return None };
        Some(Ask::at_most("start to first receive", 100.0, *first_receive_ms, "ms"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(scenario: &'static str, drained: Drained) -> Done {
        let median = Some(Figures::Drained(drained));
        Done { scenario, about: "", runs: Vec::new(), median, failure: None, skipped: None }
    }

    fn holds(done: &[Done], about: &str) -> Vec<bool> {
        let asks = asks(done).into_iter().filter(|ask| ask.about.contains(about));
        asks.map(|ask| ask.holds).collect()
    }

    #[test]
    fn speed_is_compared_with_inflation_of_the_same_run() {
        let run = |mb_per_cpu_s| {
            let inflation_mb_per_s = Some(1_000.0);
            done("large", Drained { mb_per_cpu_s, inflation_mb_per_s, ..Drained::default() })
        };
        assert_eq!(holds(&[run(401.0)], "of inflation"), [true]);
        assert_eq!(holds(&[run(399.0)], "of inflation"), [false]);
    }

    #[test]
    fn memory_is_held_against_the_budget_of_each_scenario() {
        let run = |name, budget_mib, peak_mib| {
            done(name, Drained { budget_mib, peak_mib, ..Drained::default() })
        };
        assert_eq!(holds(&[run("a", 128, 170.0), run("b", 64, 110.0)], "peak"), [true]);
        assert_eq!(holds(&[run("a", 128, 170.0), run("b", 64, 120.0)], "(b)"), [false]);
    }

    #[test]
    fn what_was_not_run_is_not_judged() {
        assert!(asks(&[]).is_empty());
        let only = done("in-flight-1024", Drained::default());
        assert!(holds(&[only], "of in-flight-8").is_empty());
    }
}
