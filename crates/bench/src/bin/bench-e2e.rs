//! `cargo bench-e2e`: how fast the release binary of traild is.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser as _;
use traild_bench::e2e::{self, Options};

fn main() -> ExitCode {
    // `cargo bench-e2e -- --list` has one dash pair more than it needs: the alias ends with one too.
    let arguments = std::env::args().enumerate();
    let options = arguments.filter(|(place, word)| *place != 1 || word != "--");
    e2e::main(&Options::parse_from(options.map(|(_, word)| word)))
}
