//! The daemon's entry point.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    traild::main(std::env::args_os())
}
