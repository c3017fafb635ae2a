//! What can go wrong with a file or directory, said so that a person can act.

use crate::contract::WriteError;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// An operation on a path that failed.
#[derive(Debug, thiserror::Error)]
#[error("could not {attempt} {}{}", path.display(), remedy(source.kind()))]
pub struct Fault {
    attempt: &'static str,
    path: PathBuf,
    source: io::Error,
}

/// Why a directory could not be opened for writing.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another sink or process writes there.
    #[error("directory {} is in use by another process or sink: give each its own", path.display())]
    InUse {
        /// The directory.
        path: PathBuf,
    },
    /// It cannot be made, read, repaired or written.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Fault {
    /// Makes an [`io::Error`] a fault of `attempt` (an infinitive) on `path`.
    pub(super) fn of(attempt: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self { attempt, path, source }
    }
}

impl From<Fault> for WriteError {
    fn from(fault: Fault) -> Self {
        classify(fault.source.kind(), fault)
    }
}

/// Pause where nothing but a person can help, else retry.
pub(crate) fn classify<E>(kind: ErrorKind, error: E) -> WriteError
where
    E: std::error::Error + Send + Sync + 'static,
{
    let source = Box::new(error);
    if remedy(kind).is_empty() {
        WriteError::Retry { after: None, source }
    } else {
        WriteError::Pause { source }
    }
}

/// What a person can do about it; empty where it may pass by itself.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the kinds are many and not exhaustive; all others may pass"
)]
fn remedy(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::StorageFull => " (free some space there, or move the sink to another disk)",
        ErrorKind::QuotaExceeded => " (raise the quota of the user that traild runs as)",
        ErrorKind::ReadOnlyFilesystem => " (mount it writable)",
        ErrorKind::PermissionDenied => " (let the user that traild runs as write there)",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::reason_of;

    #[test]
    fn only_faults_that_a_person_must_mend_pause() {
        for (kind, pauses) in [
            (ErrorKind::StorageFull, true),
            (ErrorKind::QuotaExceeded, true),
            (ErrorKind::ReadOnlyFilesystem, true),
            (ErrorKind::PermissionDenied, true),
            (ErrorKind::Other, false),
            (ErrorKind::NotFound, false),
            (ErrorKind::FileTooLarge, false),
        ] {
            let fault = Fault::of("write", Path::new("/data/x"))(kind.into());
            let error = WriteError::from(fault);
            assert_eq!(matches!(error, WriteError::Pause { .. }), pauses, "{kind}");
        }
    }

    #[test]
    fn fault_names_the_path_and_the_remedy() {
        let source = io::Error::from(ErrorKind::StorageFull);
        let fault = Fault::of("write to", Path::new("/data/x"))(source);
        let reason = reason_of(&fault);
        assert!(reason.starts_with("could not write to /data/x (free some space"), "{reason}");
    }
}
