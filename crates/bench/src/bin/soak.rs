//! `cargo soak`: whether traild loses anything or grows in half an hour of faults.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser as _;
use traild_bench::soak::{self, Options};

fn main() -> ExitCode {
    soak::main(&Options::parse())
}
