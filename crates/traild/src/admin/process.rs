//! What the process takes of the machine, under the names that Prometheus's own libraries give it.
//! Linux tells it in `/proc`; where there is none, these metrics are missing.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;
use std::fmt;
use std::fs;
use std::time::{Duration, SystemTime};

/// This process.
#[derive(Debug)]
pub(crate) struct Process {
    /// Since the epoch.
    started: Duration,
}

/// The kernel tells times in hundredths of a second to every program, whatever it counts in itself.
const TICKS_PER_SECOND: f64 = 100.0;

impl Process {
    /// This process, which starts now.
    pub(crate) fn starts() -> Self {
        let started = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Self { started: started.unwrap_or_default() }
    }
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let started = ConstGauge::new(self.started.as_secs_f64());
        let help = "When the process started, since the epoch.";
        let (name, unit) = ("process_start_time", Some(&Unit::Seconds));
        write(&mut encoder, name, help, unit, &started)?;
        if let Some(bytes) = resident_bytes() {
            let help = "Memory of the process that is resident.";
            let (name, unit) = ("process_resident_memory", Some(&Unit::Bytes));
            write(&mut encoder, name, help, unit, &ConstGauge::new(bytes))?;
        }
        if let Some(seconds) = cpu_seconds() {
            let help = "Time the process ran on a processor, in user and in system mode.";
            let (name, unit) = ("process_cpu", Some(&Unit::Seconds));
            write(&mut encoder, name, help, unit, &ConstCounter::new(seconds))?;
        }
        if let Some(open) = open_descriptors() {
            let help = "File descriptors that are open.";
            write(&mut encoder, "process_open_fds", help, None, &ConstGauge::new(open))?;
        }
        Ok(())
    }
}

fn write(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    unit: Option<&Unit>,
    metric: &impl EncodeMetric,
) -> fmt::Result {
    metric.encode(encoder.encode_descriptor(name, help, unit, metric.metric_type())?)
}

fn resident_bytes() -> Option<u64> {
    resident_in(&fs::read_to_string("/proc/self/status").ok()?)
}

fn cpu_seconds() -> Option<f64> {
    cpu_in(&fs::read_to_string("/proc/self/stat").ok()?)
}

/// Those that are open but for the one that this look takes.
fn open_descriptors() -> Option<u64> {
    let open = fs::read_dir("/proc/self/fd").ok()?.count();
    u64::try_from(open).ok()?.checked_sub(1)
}

fn resident_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    Some(kibibytes * 1024)
}

/// The times in user and system mode are fields 14 and 15. The second is the program's name, which may
/// hold spaces and parentheses.
fn cpu_in(stat: &str) -> Option<f64> {
    let (_, from_third) = stat.rsplit_once(')')?;
    let mut times = from_third.split_whitespace().skip(11);
    let (user, system): (u32, u32) = (times.next()?.parse().ok()?, times.next()?.parse().ok()?);
    Some((f64::from(user) + f64::from(system)) / TICKS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_any_name_of_the_program() {
        let stat = "7 (a) b ( c) S 1 7 7 0 -1 4194560 900 0 0 0 250 50 0 0 20 0 1 0 99 1 1";
        assert_eq!(cpu_in(stat), Some(3.0));
        assert_eq!(cpu_in("7 (a) S 1"), None);
    }

    #[test]
    fn resident_memory_is_in_bytes() {
        assert_eq!(resident_in("VmHWM:\t 9 kB\nVmRSS:\t    1234 kB\n"), Some(1234 * 1024));
        assert_eq!(resident_in("Name:\ttraild\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_tells_what_it_takes() {
        let before = open_descriptors().unwrap();
        let file = fs::File::open("/proc/self/status").unwrap();
        // Other tests of this process open and close files meanwhile.
        assert!(before >= 3 && open_descriptors().unwrap() >= 4);
        drop(file);
        assert!(resident_bytes().unwrap() > 1 << 20);
        assert!(cpu_seconds().is_some());
    }
}
