//! Accounting: for each object and sink, what was read is delivered, filtered or quarantined.

use crate::selection::Chosen;
use std::ops::AddAssign;

/// What became of the events of one object.
#[must_use = "a report that nobody reads is a loss that nobody sees"]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Records read from the object.
    pub read: u64,
    /// For each sink, in the order of the configuration, what became of them.
    pub sinks: Vec<SinkCount>,
}

/// What became of an object's events at one sink.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SinkCount {
    /// Events durable in the sink.
    pub delivered: u64,
    /// Events that the sink's selectors leave out.
    pub filtered: u64,
    /// Events the sink refused, durable in quarantine.
    pub quarantined: u64,
}

impl Report {
    /// What was delivered and quarantined at each sink, and what its selectors left out.
    pub(crate) fn new(read: u64, mut sinks: Vec<SinkCount>, chosen: &[Chosen]) -> Self {
        for Chosen { routes, tally } in chosen {
            for place in routes {
                if let Some(sink) = sinks.get_mut(*place) {
                    sink.filtered += tally.filtered();
                }
            }
        }
        Self { read, sinks }
    }

    /// Whether every record read is accounted for at every sink.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.sinks.iter().all(|sink| sink.total() == self.read)
    }
}

impl SinkCount {
    fn total(&self) -> u64 {
        self.delivered + self.filtered + self.quarantined
    }
}

impl AddAssign for SinkCount {
    fn add_assign(&mut self, more: Self) {
        self.delivered += more.delivered;
        self.filtered += more.filtered;
        self.quarantined += more.quarantined;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(read: u64, sinks: &[(u64, u64, u64)], expect: bool) {
        let count = |&(delivered, filtered, quarantined): &(u64, u64, u64)| SinkCount {
            delivered,
            filtered,
            quarantined,
        };
        let report = Report { read, sinks: sinks.iter().map(count).collect() };
        assert_eq!(report.balances(), expect, "{report:?}");
    }

    #[test]
    fn report_balances_when_every_sink_accounts_for_every_record() {
        check(0, &[(0, 0, 0)], true);
        check(5, &[(5, 0, 0), (2, 2, 1)], true);
        check(5, &[(5, 0, 0), (2, 1, 1)], false);
        check(5, &[(4, 0, 0), (5, 0, 0)], false);
        check(5, &[(5, 0, 1)], false);
    }

    #[test]
    fn counts_of_several_writes_add_up() {
        let mut count = SinkCount { delivered: 1, filtered: 2, quarantined: 3 };
        count += SinkCount { delivered: 10, filtered: 20, quarantined: 30 };
        assert_eq!(count, SinkCount { delivered: 11, filtered: 22, quarantined: 33 });
    }
}
