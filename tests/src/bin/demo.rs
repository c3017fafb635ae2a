//! `cargo demo`; and the daemon itself, for the demo and the end-to-end tests, so that it is built
//! with them and as they are.

#![forbid(unsafe_code)]

use std::process::ExitCode;
use traild_tests::demo;
use traild_tests::harness::daemon::leash;

fn main() -> ExitCode {
    leash::daemon(std::env::args_os()).unwrap_or_else(|| demo::main(std::env::args().skip(1)))
}
