//! The daemon does not outlive who started it, however that ended.
//!
//! The demo's executable is also the daemon's: called with [`ARGUMENT`] first it is the daemon, and
//! ends when its standard input does. The harness holds the other end of that pipe.

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

/// What makes the executable a daemon on a leash.
pub const ARGUMENT: &str = "leashed-traild";
/// What makes it the plain `traild`.
pub const PLAIN: &str = "traild";

/// Runs the daemon if the first argument says so. The first of `arguments` is the program's name.
pub fn daemon(arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    let mut arguments = arguments.skip(1).peekable();
    let first = arguments.peek()?;
    if first == ARGUMENT {
        std::thread::spawn(end_with_standard_input);
    } else if first != PLAIN {
        return None;
    }
    Some(traild::main(arguments))
}

/// As `kill -9` would: nobody is there any more for whom to end well.
fn end_with_standard_input() {
    // An error is an end too.
    drop(io::copy(&mut io::stdin().lock(), &mut io::sink()));
    std::process::exit(137);
}
