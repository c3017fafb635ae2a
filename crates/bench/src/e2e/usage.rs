//! What a process has used so far, as Linux tells it under `/proc`.

use std::collections::BTreeMap;
use std::fs;
use std::ops::AddAssign;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

/// Ticks of a second in `/proc/PID/stat`: `USER_HZ`, the same on every Linux that Rust runs on.
const TICKS: u32 = 100;

/// What a process has used since it was started.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage {
    /// CPU time of all its threads, ended ones included, to 10 ms.
    pub(crate) cpu: Duration,
    /// CPU time of the threads that live, by their names, to the nanosecond.
    pub(crate) threads: BTreeMap<String, Duration>,
    /// The most bytes that it had resident.
    pub(crate) peak: u64,
    /// Calls of `read`, `write` and their kin (`syscr` and `syscw`). Those on sockets by `send` and
    /// `recv` are not among them.
    pub(crate) reads_and_writes: u64,
    /// How often a thread that lives has gone to sleep of its own.
    pub(crate) sleeps: u64,
}

impl Usage {
    /// That of the process `pid`.
    ///
    /// # Errors
    /// If there is no such process, or no `/proc`.
    pub(crate) fn of(pid: u32) -> anyhow::Result<Self> {
        let process = PathBuf::from(format!("/proc/{pid}"));
        let (status, io) = (read(&process, "status")?, read(&process, "io")?);
        let mut usage = Self {
            cpu: cpu(&read(&process, "stat")?)?,
            peak: field::<u64>(&status, "VmHWM")? * 1024,
            reads_and_writes: field::<u64>(&io, "syscr")? + field::<u64>(&io, "syscw")?,
            ..Self::default()
        };
        for thread in fs::read_dir(process.join("task"))? {
            let thread = thread?.path();
            // A thread may end meanwhile.
            if let Ok((name, time, sleeps)) = of_thread(&thread) {
                *usage.threads.entry(name).or_default() += time;
                usage.sleeps += sleeps;
            }
        }
        Ok(usage)
    }

    /// CPU time of the threads that live.
    pub(crate) fn of_threads(&self) -> Duration {
        self.threads.values().sum()
    }
}

/// Two processes that work together: the peak is that of the larger one.
impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.cpu += other.cpu;
        self.peak = self.peak.max(other.peak);
        self.reads_and_writes += other.reads_and_writes;
        self.sleeps += other.sleeps;
        for (name, time) in other.threads {
            *self.threads.entry(name).or_default() += time;
        }
    }
}

/// CPU time of the thread that asks.
///
/// # Errors
/// If there is no `/proc`.
pub(super) fn cpu_of_thread() -> anyhow::Result<Duration> {
    // Linux brings the figure up to date when a thread gives way.
    thread::yield_now();
    running(&read(Path::new("/proc/thread-self"), "schedstat")?)
}

fn read(folder: &Path, name: &str) -> anyhow::Result<String> {
    let path = folder.join(name);
    fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))
}

/// Its name without a number at the end, its CPU time, and how often it went to sleep.
fn of_thread(thread: &Path) -> anyhow::Result<(String, Duration, u64)> {
    let name = read(thread, "comm")?;
    let name = name.trim().trim_end_matches(|last: char| last.is_ascii_digit() || last == '-');
    let cpu = running(&read(thread, "schedstat")?)?;
    let sleeps = field(&read(thread, "status")?, "voluntary_ctxt_switches")?;
    Ok((name.to_owned(), cpu, sleeps))
}

/// The first number of a `schedstat`.
fn running(schedule: &str) -> anyhow::Result<Duration> {
    let nanoseconds = schedule.split_whitespace().next().context("an empty schedstat")?;
    Ok(Duration::from_nanos(nanoseconds.parse()?))
}

/// User and system time in a line of `/proc/PID/stat`: the 14th and 15th field. The second one is
/// the name, in parentheses, which may hold anything.
fn cpu(stat: &str) -> anyhow::Result<Duration> {
    let (_, after) = stat.rsplit_once(')').context("no name in stat")?;
    let mut ticks = 0;
    for field in after.split_whitespace().skip(11).take(2) {
        ticks += field.parse::<u32>()?;
    }
    Ok(Duration::from_secs(ticks.into()) / TICKS)
}

/// The number behind `name:`.
fn field<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    text: &str,
    name: &str,
) -> anyhow::Result<T> {
    let named = |line: &&str| line.split_once(':').is_some_and(|(key, _)| key == name);
    let line = text.lines().find(named).with_context(|| format!("no {name}"))?;
    let value = line.split_whitespace().nth(1).with_context(|| format!("no value of {name}"))?;
    Ok(value.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_read_whatever_the_process_is_called() {
        let stat = "17 (a) b (c) S 1 17 17 0 -1 4194560 1 2 3 4 150 50 0 0 20 0 1 0 77 1 1";
        assert_eq!(cpu(stat).unwrap(), Duration::from_secs(2));
    }

    #[test]
    fn cpu_time_of_a_thread_goes_on_only_while_it_runs() {
        let before = cpu_of_thread().unwrap();
        thread::sleep(Duration::from_millis(50));
        let slept = cpu_of_thread().unwrap();
        assert!(slept - before < Duration::from_millis(25), "{before:?} {slept:?}");
        let begun = std::time::Instant::now();
        while cpu_of_thread().unwrap() - slept < Duration::from_millis(5) {
            assert!(begun.elapsed() < Duration::from_secs(10));
        }
    }

    #[test]
    fn this_process_has_used_something() {
        let spent: u64 = (0..20_000_000_u64).fold(0, |sum, next| std::hint::black_box(sum ^ next));
        let usage = Usage::of(std::process::id()).unwrap();
        assert!(usage.of_threads() > Duration::ZERO && usage.peak > 1 << 20, "{usage:?} {spent}");
        assert!(usage.reads_and_writes > 0, "{usage:?}");
    }
}
