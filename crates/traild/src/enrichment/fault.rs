//! What is wrong with a file, a line each, with its place and what to do.

use std::io::{self, ErrorKind};
use std::path::Path;

/// All that is wrong with the files of `[enrichment]`: a fault of the configuration. Shown one
/// fault a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct FileFaults(Vec<String>);

impl FileFaults {
    pub(super) fn new(faults: Vec<String>) -> Self {
        Self(faults)
    }
}

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// With all of it: what follows its name in a sentence.
    Whole(String),
    /// With a line, counted from 1.
    Line(usize, String),
}

impl Flaw {
    pub(super) fn unreadable(error: &io::Error) -> Self {
        Self::Whole(if error.kind() == ErrorKind::NotFound {
            "names a file that is not there: check the path".to_owned()
        } else if error.kind() == ErrorKind::PermissionDenied {
            "may not be read by this user: check the owner and mode of the file and its folders"
                .to_owned()
        } else {
            format!("could not be read: {error}")
        })
    }

    /// As a line that says which file, and by which key it was named.
    pub(super) fn told(&self, path: &Path, setting: &str) -> String {
        match self {
            Self::Whole(message) => format!("{}: {setting} {message}", path.display()),
            Self::Line(line, message) => format!("{}:{line}: {message}", path.display()),
        }
    }
}

/// Text of a file, in quotes, fit for one line: escaped and cut.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let cut = text.chars().nth(LONGEST).is_some();
    let shown: String = text.chars().take(LONGEST).collect();
    format!("{shown:?}{}", if cut { "…" } else { "" })
}
