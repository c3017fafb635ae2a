//! Ports that two processes do not take at the same time.

use crate::harness::target;
use anyhow::Context as _;
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

/// Below those that the system hands out by itself, so that nobody gets one by chance.
pub(super) const TESTS: [u16; 8] = [14566, 14567, 14568, 14569, 14570, 14571, 14572, 14573];
/// LocalStack's usual one, and others for where that is taken.
pub(super) const DEMO: [u16; 5] = [4566, 14666, 14667, 14668, 14669];

/// A port of this machine that is free, and ours among all harnesses for as long as this lives.
#[derive(Debug)]
pub(super) struct Port {
    number: u16,
    directory: PathBuf,
    _lock: File,
}

impl Port {
    /// Takes the first of `numbers` that is free.
    pub(super) fn take(numbers: &[u16]) -> anyhow::Result<Self> {
        Self::take_in(&target().join("localstack-runs"), numbers)
    }

    fn take_in(runs: &Path, numbers: &[u16]) -> anyhow::Result<Self> {
        for &number in numbers {
            let directory = runs.join(number.to_string());
            fs::create_dir_all(&directory)
                .with_context(|| format!("could not create {}", directory.display()))?;
            let lock = directory.join("lock");
            let lock = File::create(&lock)
                .with_context(|| format!("could not create {}", lock.display()))?;
            if lock.try_lock().is_ok() && is_free(number) {
                return Ok(Self { number, directory, _lock: lock });
            }
        }
        anyhow::bail!("all ports for LocalStack are taken: tried {numbers:?}")
    }

    pub(super) fn number(&self) -> u16 {
        self.number
    }

    /// A directory that is this port's.
    pub(super) fn directory(&self) -> &PathBuf {
        &self.directory
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_that_is_taken_is_passed_over() {
        let runs = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let taken = listener.local_addr().unwrap().port();
        let free = 14_699;
        assert!(Port::take_in(runs.path(), &[taken]).is_err());
        let first = Port::take_in(runs.path(), &[taken, free]).unwrap();
        assert_eq!(first.number(), free);
        // By the lock alone: nobody listens there yet.
        assert!(Port::take_in(runs.path(), &[free]).is_err());
    }
}
