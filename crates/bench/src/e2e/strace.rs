//! The daemon under strace, where that is installed: to count what it calls.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::{Context as _, bail};

/// How long strace may take to write its table once the daemon has ended.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether a program can be started.
pub(super) fn is_installed(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok()
}

/// What comes before a command so that its system calls are counted into the file `table`. `-D`: the
/// daemon stays our child, strace is beside it.
pub(super) fn counting(table: &Path) -> Vec<String> {
    let table = table.display().to_string();
    ["strace", "-D", "-f", "-c", "-o", table.as_str()].map(str::to_owned).to_vec()
}

/// All calls in the file `table`.
///
/// # Errors
/// If strace does not write it.
pub(super) fn counted(table: &Path) -> anyhow::Result<u64> {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let text = fs::read_to_string(table).unwrap_or_default();
        if let Some(calls) = total(&text) {
            return Ok(calls);
        }
        thread::sleep(Duration::from_millis(20));
    }
    bail!("strace counted nothing in {}", table.display())
}

/// What the last line of the table says: share, seconds, microseconds a call, calls, errors.
fn total(table: &str) -> Option<u64> {
    let line = table.lines().last().filter(|line| line.ends_with("total"))?;
    line.split_whitespace().nth(3).context("short").and_then(|calls| Ok(calls.parse()?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_calls_are_in_the_last_line_of_the_table() {
        let table = "% time     seconds  usecs/call     calls    errors syscall\n\
                     100.00    0.000973           8       109        14 total";
        assert_eq!(total(table), Some(109));
        assert_eq!(total("% time     seconds"), None);
    }
}
