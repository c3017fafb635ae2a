//! Syncs of files that take longer than they do: a library that is compiled and preloaded.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, ensure};

const SOURCE: &str = include_str!("slow_sync/slow_sync.c");

/// What compiles it.
pub(super) const COMPILER: &str = "cc";

/// What comes before a command so that each sync of a file takes so much longer. The library is put
/// into `folder`.
///
/// # Errors
/// If it cannot be compiled.
pub(super) fn wrapper(delay: Duration, folder: &Path) -> anyhow::Result<Vec<String>> {
    let (source, library) = (folder.join("slow_sync.c"), folder.join("slow_sync.so"));
    fs::create_dir_all(folder)?;
    fs::write(&source, SOURCE)?;
    let mut command = Command::new(COMPILER);
    command.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(&source);
    let made = command.status().context("no C compiler could be started")?;
    ensure!(made.success(), "the library that slows syncs down was not compiled");
    let preload = format!("LD_PRELOAD={}", library.display());
    let slow = format!("SLOW_SYNC={}", delay.as_micros());
    Ok(vec!["env".to_owned(), preload, slow])
}
