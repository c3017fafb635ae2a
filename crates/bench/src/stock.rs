//! Records to make log files of: those of the sample trail that are neither small nor huge.

use std::fs;
use std::ops::{ControlFlow, RangeInclusive};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use trail_logfile::{Limits, read};

/// Bytes of a record that is taken. 16,000 of these make 28 MB.
const SIZES: RangeInclusive<usize> = 1_550..=16_384;
/// The folder of management and data events.
const EVENTS: &str = "CloudTrail";

/// The records of the sample trail, in the order of their keys.
///
/// They are a megabyte, much more than deflate looks back: a file in which they come again and
/// again compresses no better for it.
pub(crate) fn records() -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/sample-trail"), &mut files)?;
    files.retain(|path| path.iter().any(|folder| folder == EVENTS));
    files.sort_unstable();
    let mut records = Vec::new();
    for path in files {
        let could_not = || format!("could not read {}", path.display());
        let object = fs::read(&path).with_context(could_not)?;
        let _ = read(&object, &Limits::default(), |record| {
            if SIZES.contains(&record.json.len()) {
                records.push(record.json.to_owned());
            }
            ControlFlow::Continue(())
        })
        .with_context(could_not)?;
    }
    ensure!(!records.is_empty(), "the sample trail has no records");
    Ok(records)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let could_not = || format!("could not list {}", folder.display());
    for entry in fs::read_dir(folder).with_context(could_not)? {
        let path = entry.with_context(could_not)?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "gz") {
            files.push(path);
        }
    }
    Ok(())
}
