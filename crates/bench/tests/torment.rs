//! The real daemon, given what AWS, the machine and the network give rarely: each event arrives, or is
//! set aside with a reason, and the daemon is ready again and stops well.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test says what went wrong")]

#[path = "torment/clock.rs"]
mod clock;
#[path = "torment/machine.rs"]
mod machine;
#[path = "torment/s3.rs"]
mod s3;
#[path = "torment/sqs.rs"]
mod sqs;

use std::time::Duration;

use traild_bench::server::Rates;
use traild_bench::torment::{Account, Torment, executable};

const FILES: usize = 300;
/// Short, so that a message that is lost sight of comes again soon.
const VISIBILITY: Duration = Duration::from_secs(3);
/// How long faults strike.
const STRIKE: Duration = Duration::from_secs(4);

fn torment() -> Torment {
    let binary = executable(&std::env::current_exe().unwrap()).unwrap();
    Torment::new(binary, FILES, VISIBILITY).unwrap()
}

/// What is left of a daemon that met these faults; at least so many must have struck.
#[track_caller]
fn struck(at_least: u64, faults: impl FnOnce(&mut Rates)) -> Account {
    let mut torment = torment();
    torment.start().unwrap();
    torment.strike(STRIKE, faults).unwrap();
    let account = finish(&mut torment);
    assert!(account.faults >= at_least, "{account:?}");
    account
}

/// What is left at the end. Says what the daemon warned of, for a test that fails.
#[track_caller]
fn finish(torment: &mut Torment) -> Account {
    let account = torment.finish();
    let log = torment.log();
    let warnings = log.lines().filter(|line| line.contains("WARN") || line.contains("ERROR"));
    let some: Vec<&str> = warnings.clone().take(8).collect();
    println!("{account:?}, {} warnings\n{}", warnings.count(), some.join("\n"));
    account.unwrap()
}
