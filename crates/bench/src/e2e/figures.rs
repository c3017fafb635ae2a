//! The figures of a scenario. Units are in the names of the fields: this is what `--json` writes.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

/// What one run of a scenario says.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Figures {
    /// Log files were read until the queue was empty.
    Drained(Drained),
    /// The daemon was started.
    Started {
        /// From the start of the process to its first receive.
        first_receive_ms: f64,
    },
    /// The daemon had nothing to do.
    Idle(Idle),
}

/// What reading a trail takes.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Drained {
    /// Log files.
    pub objects: usize,
    /// Events in them.
    pub events: usize,
    /// Bytes that they inflate to.
    pub bytes: usize,
    /// `limits.memory`.
    pub budget_mib: u32,
    /// From the first receive, or upload, to the deletion of the last message.
    pub wall_s: f64,
    /// CPU time of the daemon since its start.
    pub cpu_s: f64,
    /// The same, of those threads that lived at the end.
    pub threads_cpu_s: f64,
    /// The same, by the names of the threads.
    pub cpu_s_by_thread: BTreeMap<String, f64>,
    /// The most memory that was resident.
    pub peak_mib: f64,
    /// Calls of `read`, `write` and their kin: `syscr` and `syscw` of `/proc/PID/io`.
    pub syscr_and_syscw: u64,
    /// All system calls, counted by strace in one more run.
    pub system_calls: Option<u64>,
    /// From an upload to the deletion of its message: of half the files it is at most this.
    pub lag_p50_ms: f64,
    /// The same for 99 % of the files.
    pub lag_p99_ms: f64,
    /// Calls of `GetObject`.
    pub gets: u64,
    /// Calls of `ReceiveMessage`.
    pub receives: u64,
    /// Calls of `DeleteMessage` and `DeleteMessageBatch`.
    pub deletes: u64,
    /// Inflation alone of the first file, right before: in one shot if the daemon does so too,
    /// else streaming.
    pub inflation_mb_per_s: Option<f64>,
    /// The bare work on the first file, right before, in megabytes a second of one core; of one sink.
    pub bare_mb_per_s: Option<f64>,
    /// Events a second.
    pub events_per_s: f64,
    /// Decompressed megabytes a second.
    pub mb_per_s: f64,
    /// CPU time of an event.
    pub cpu_us_per_event: f64,
    /// CPU time of an object.
    pub cpu_us_per_object: f64,
    /// Events a second of CPU time.
    pub events_per_cpu_s: f64,
    /// Decompressed megabytes a second of CPU time.
    pub mb_per_cpu_s: f64,
}

/// What doing nothing takes.
#[derive(Clone, Debug, Serialize)]
pub struct Idle {
    /// For so long nothing came.
    pub wall_s: f64,
    /// CPU time meanwhile.
    pub cpu_ms: f64,
    /// Calls of `read`, `write` and their kin.
    pub syscr_and_syscw: u64,
    /// How often a thread went to sleep, and so was woken before.
    pub sleeps: u64,
    /// Calls of `ReceiveMessage`.
    pub receives: u64,
    /// The most memory that was resident.
    pub peak_mib: f64,
}

impl Drained {
    /// With the rates that follow from what was measured.
    pub(super) fn with_rates(self) -> Self {
        let (objects, events) = (self.objects as f64, self.events as f64);
        let megabytes = self.bytes as f64 / 1e6;
        Self {
            events_per_s: events / self.wall_s,
            mb_per_s: megabytes / self.wall_s,
            cpu_us_per_event: self.cpu_s * 1e6 / events,
            cpu_us_per_object: self.cpu_s * 1e6 / objects,
            events_per_cpu_s: events / self.cpu_s,
            mb_per_cpu_s: megabytes / self.cpu_s,
            ..self
        }
    }

    /// Objects a second.
    #[must_use]
    pub fn objects_per_s(&self) -> f64 {
        self.objects as f64 / self.wall_s
    }
}

impl Figures {
    /// What reading a trail took, if that was done.
    #[must_use]
    pub fn as_drained(&self) -> Option<&Drained> {
        match self {
            Self::Drained(drained) => Some(drained),
            Self::Started { .. } | Self::Idle(_) => None,
        }
    }

    /// The medians of several runs, each figure for itself. `None`: there is no run.
    pub(super) fn median(runs: &[Self]) -> Option<Self> {
        let drained: Vec<&Drained> = runs.iter().filter_map(Self::as_drained).collect();
        if !drained.is_empty() {
            return median_of_drained(&drained).map(Self::Drained);
        }
        let mut runs: Vec<&Self> = runs.iter().collect();
        runs.sort_by(|a, b| a.order().total_cmp(&b.order()));
        runs.get(runs.len() / 2).map(|run| (*run).clone())
    }

    fn order(&self) -> f64 {
        match self {
            Self::Drained(drained) => drained.wall_s,
            Self::Started { first_receive_ms } => *first_receive_ms,
            Self::Idle(idle) => idle.cpu_ms,
        }
    }
}

fn median_of_drained(runs: &[&Drained]) -> Option<Drained> {
    let of = |figure: fn(&Drained) -> f64| median(runs.iter().map(|run| figure(run)).collect());
    let count = |figure: fn(&Drained) -> u64| {
        let mut counts: Vec<u64> = runs.iter().map(|run| figure(run)).collect();
        counts.sort_unstable();
        counts.get(counts.len() / 2).copied().unwrap_or_default()
    };
    let of_some = |figure: fn(&Drained) -> Option<f64>| {
        let values: Vec<f64> = runs.iter().filter_map(|run| figure(run)).collect();
        (!values.is_empty()).then(|| median(values))
    };
    let any = (*runs.first()?).clone();
    let medians = Drained {
        wall_s: of(|run| run.wall_s),
        cpu_s: of(|run| run.cpu_s),
        threads_cpu_s: of(|run| run.threads_cpu_s),
        peak_mib: of(|run| run.peak_mib),
        syscr_and_syscw: count(|run| run.syscr_and_syscw),
        lag_p50_ms: of(|run| run.lag_p50_ms),
        lag_p99_ms: of(|run| run.lag_p99_ms),
        gets: count(|run| run.gets),
        receives: count(|run| run.receives),
        deletes: count(|run| run.deletes),
        inflation_mb_per_s: of_some(|run| run.inflation_mb_per_s),
        bare_mb_per_s: of_some(|run| run.bare_mb_per_s),
        ..any
    };
    Some(medians.with_rates())
}

/// The middle one; 0 of none.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The time that so many per cent of `times` do not exceed, in milliseconds.
pub(super) fn percentile_ms(times: &mut [Duration], per_cent: usize) -> f64 {
    times.sort_unstable();
    let at = (times.len() * per_cent).div_ceil(100).saturating_sub(1);
    times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_times() {
        let mut times: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile_ms(&mut times, 50), 100.0);
        assert_eq!(percentile_ms(&mut times, 99), 198.0);
        assert_eq!(percentile_ms(&mut [], 50), 0.0);
    }

    #[test]
    fn rates_are_those_of_the_medians() {
        let run = |wall_s, cpu_s| {
            let (objects, events, bytes) = (10, 1_000, 2_000_000);
            Figures::Drained(Drained {
                objects,
                events,
                bytes,
                wall_s,
                cpu_s,
                ..Drained::default()
            })
        };
        let runs = [run(1.0, 0.5), run(4.0, 0.1), run(2.0, 0.25)];
        let Some(Figures::Drained(median)) = Figures::median(&runs) else { panic!("no median") };
        assert_eq!((median.events_per_s, median.mb_per_s), (500.0, 1.0));
        assert_eq!((median.cpu_us_per_event, median.cpu_us_per_object), (250.0, 25_000.0));
        assert_eq!((median.events_per_cpu_s, median.mb_per_cpu_s), (4_000.0, 8.0));
    }
}
