//! How the process ends.

use std::process::ExitCode;

/// Exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All was done.
    Done,
    /// It failed on the way.
    Failed,
    /// Wrong usage or configuration: a person has to change something first.
    Usage,
    /// Stopped, with messages given back that were not done.
    Released,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Released => 3,
        })
    }
}
