//! A [`Sample`]: how the daemon is at one moment.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::ops::AddAssign;
use std::time::Duration;

use anyhow::Context as _;
use serde::Serialize;

use crate::e2e::usage::Usage;

/// A daemon that is stopped answers nothing; the next second is not to wait for it.
const ANSWER: Duration = Duration::from_millis(300);

/// What is seen of the daemon in one second.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Sample {
    /// Seconds since the run began.
    pub(super) at_s: f64,
    /// Which process it is: 0 until it is killed for the first time.
    pub(super) life: usize,
    /// Memory that is resident.
    pub(super) resident_mib: f64,
    /// Open file descriptors.
    pub(super) descriptors: usize,
    /// Threads.
    pub(super) threads: usize,
    /// CPU time since the process began.
    pub(super) cpu_s: f64,
    /// CPU time of this process, which is S3, SQS, and the load.
    pub(super) own_cpu_s: f64,
    /// Messages that wait in the queue.
    pub(super) waiting: usize,
    /// Messages deleted in this second.
    pub(super) deleted: usize,
    /// Half of these were in the queue for at most so long.
    pub(super) lag_p50_s: Option<f64>,
    /// The same for 99 % of them.
    pub(super) lag_p99_s: Option<f64>,
    /// Events read in this second; `None` if the daemon did not answer now or before.
    pub(super) events_per_s: Option<f64>,
    /// What it says of itself, if it answers.
    pub(super) metrics: Option<Metrics>,
}

/// Part of `/metrics`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct Metrics {
    /// Events read since the process began.
    pub(super) records: u64,
    /// Messages worked on.
    pub(super) in_flight: u64,
    /// Messages kept hidden.
    pub(super) held: u64,
    /// Messages that came into view while they were worked on.
    pub(super) holds_lost: u64,
    /// Messages that were done, and whose receipt had expired.
    pub(super) deletes_lost: u64,
    /// Messages given back.
    pub(super) released: u64,
    /// Tasks that panicked.
    pub(super) panics: u64,
}

impl AddAssign for Metrics {
    fn add_assign(&mut self, other: Self) {
        self.records += other.records;
        self.in_flight += other.in_flight;
        self.held += other.held;
        self.holds_lost += other.holds_lost;
        self.deletes_lost += other.deletes_lost;
        self.released += other.released;
        self.panics += other.panics;
    }
}

impl Sample {
    /// Of a process, by what Linux and the process itself say.
    ///
    /// # Errors
    /// If there is no such process.
    pub(super) fn of(pid: u32, admin: u16) -> anyhow::Result<Self> {
        let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
        Ok(Self {
            resident_mib: field(&status, "VmRSS:")? / 1024.0,
            threads: fs::read_dir(format!("/proc/{pid}/task"))?.count(),
            descriptors: fs::read_dir(format!("/proc/{pid}/fd"))?.count(),
            cpu_s: Usage::of(pid)?.cpu.as_secs_f64(),
            own_cpu_s: Usage::of(std::process::id())?.cpu.as_secs_f64(),
            metrics: metrics(admin),
            ..Self::default()
        })
    }
}

impl Sample {
    /// Events a second since an earlier sample, if both are of one process and have metrics.
    pub(super) fn speed_since(&self, last: &Self) -> Option<f64> {
        let events = self.metrics?.records.checked_sub(last.metrics?.records)?;
        (self.life == last.life).then(|| events as f64 / (self.at_s - last.at_s))
    }
}

/// A time that `percent` of `times` are at most.
pub(super) fn percentile(times: &mut [Duration], percent: usize) -> Option<f64> {
    times.sort_unstable();
    let at = (times.len() * percent).div_ceil(100).checked_sub(1)?;
    times.get(at).map(Duration::as_secs_f64)
}

fn field(text: &str, name: &str) -> anyhow::Result<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let value = line.and_then(|line| line.split_whitespace().next());
    Ok(value.with_context(|| format!("no {name}"))?.parse()?)
}

fn metrics(port: u16) -> Option<Metrics> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, ANSWER).ok()?;
    stream.set_read_timeout(Some(ANSWER)).ok()?;
    stream
        .write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    text.contains("# EOF").then(|| parsed(&text))
}

fn parsed(text: &str) -> Metrics {
    // A family has a line for each of its labels: the sum of them.
    let sum = |name: &str| {
        let lines = text.lines().filter_map(|line| line.strip_prefix(name));
        let values = lines.filter(|rest| rest.starts_with([' ', '{']));
        values.filter_map(|rest| rest.rsplit(' ').next()?.parse::<u64>().ok()).sum()
    };
    Metrics {
        records: sum("traild_records_total"),
        in_flight: sum("traild_messages_in_flight"),
        held: sum("traild_messages_held"),
        holds_lost: sum("traild_holds_lost_total"),
        deletes_lost: sum("traild_deletes_lost_total"),
        released: sum("traild_messages_released_total"),
        panics: sum("traild_panics_total"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_summed_over_their_labels() {
        let text = "# TYPE traild_records counter\ntraild_records_total 17\n\
                    traild_messages_held 3\ntraild_messages_released_total{reason=\"a b\"} 2\n\
                    traild_messages_released_total{reason=\"c\"} 5\n# EOF\n";
        let metrics = Metrics { records: 17, held: 3, released: 7, ..Metrics::default() };
        assert_eq!(parsed(text), metrics);
    }

    #[test]
    fn a_percentile_of_nothing_is_none() {
        let mut times: Vec<Duration> = (1..=200).rev().map(Duration::from_secs).collect();
        assert_eq!(percentile(&mut times, 50), Some(100.0));
        assert_eq!(percentile(&mut times, 99), Some(198.0));
        assert_eq!(percentile(&mut [], 50), None);
    }

    #[test]
    fn this_process_can_be_looked_at() {
        let sample = Sample::of(std::process::id(), 1).unwrap();
        assert!(sample.resident_mib > 1.0 && sample.descriptors > 2 && sample.threads > 0);
        assert_eq!(sample.metrics, None);
    }
}
