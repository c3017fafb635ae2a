//! Where figures come from.

use std::fs;
use std::process::Command;

use serde::Serialize;

use super::pinning::cores;

/// The machine, and the sources that were built on it.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// Model of the processor.
    pub processor: String,
    /// Cores that may be used.
    pub cores: usize,
    /// Memory, in MiB.
    pub memory_mib: u64,
    /// Release of the kernel.
    pub kernel: String,
    /// Threads that ran or wanted to, on average, in the minute before: how much else it had to do.
    pub load: String,
    /// The commit, with `, changed` behind it where files differ from it.
    pub commit: String,
    /// Day of the run, in UTC.
    pub date: String,
}

impl Machine {
    /// This one, today. What cannot be found out is empty.
    #[must_use]
    pub fn this() -> Self {
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        let memory = value(&read("/proc/meminfo"), "MemTotal");
        let kilobytes = memory.trim_end_matches(" kB").parse::<u64>().unwrap_or_default();
        let changed = !git(&["status", "--porcelain", "--untracked-files=no"]).is_empty();
        let commit = git(&["rev-parse", "--short", "HEAD"]);
        Self {
            processor: value(&read("/proc/cpuinfo"), "model name"),
            cores: cores(),
            memory_mib: kilobytes / 1024,
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            load: read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned(),
            commit: if changed { format!("{commit}, changed") } else { commit },
            date: jiff::Timestamp::now().strftime("%Y-%m-%d").to_string(),
        }
    }
}

fn value(text: &str, name: &str) -> String {
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    let mut named = lines.filter(|(key, _)| key.trim() == name);
    named.next().map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

fn git(arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    let output = command
        .arg("--no-optional-locks")
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output();
    let text = output.map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&text).trim().to_owned()
}
