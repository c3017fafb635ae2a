//! What is in the files: everything, in every sink, whatever happened while they were written.

use crate::log_files::{self, LogFile};
use crate::messages::wait_for;
use crate::{TRAILD, lines};
use anyhow::{Context as _, bail};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use traild_tests::harness::{Daemon, LocalStack, Trail, Wiring};

const PATIENCE: Duration = Duration::from_secs(60);
const IDLE: Duration = Duration::from_secs(1);
const SINKS: &str = "
[[sink]]
name = \"plain\"
type = \"file\"
path = \"plain\"

[[sink]]
name = \"gzip\"
type = \"file\"
path = \"gzip\"
compression = \"gzip\"

[[sink]]
name = \"zstd\"
type = \"file\"
path = \"zstd\"
compression = \"zstd\"
";
const DIRECTORIES: [&str; 3] = ["plain", "gzip", "zstd"];

#[tokio::test]
async fn every_sink_has_every_event_whatever_its_compression() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let (logs, _) = log_files::sample()?;
    put(&trail, &logs).await?;
    let mut daemon = Daemon::builder(TRAILD, &trail).config_toml(SINKS).until_idle(IDLE).spawn()?;
    assert_eq!(daemon.wait_exit(PATIENCE).await?, 0);
    let expected = lines::of_files(&logs)?;
    for name in DIRECTORIES {
        lines::assert_same(&expected, &read_closed(&daemon.directory().join(name))?);
    }
    Ok(())
}

#[tokio::test]
async fn torn_tail_that_kill_9_has_left_is_repaired_at_the_next_start() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let files = log_files::generated(200, 20);
    put(&trail, &files).await?;
    let directory = tempfile::tempdir()?;
    let daemon = || {
        let daemon = Daemon::builder(TRAILD, &trail).directory(directory.path());
        daemon.config_toml(SINKS).visibility(Duration::from_secs(3))
    };
    let mut first = daemon().config_toml("limits.objects_at_once = 8").spawn()?;
    first.wait_counted("traild_objects_total", &[], 50, PATIENCE).await?;
    first.kill()?;
    for name in DIRECTORIES {
        tear(&directory.path().join(name))?;
    }

    let mut second = daemon().until_idle(IDLE).spawn()?;
    assert_eq!(second.wait_exit(PATIENCE).await?, 0, "{}", second.log_tail());
    let expected = lines::of_files(&files)?;
    for name in DIRECTORIES {
        lines::assert_all_there(&expected, &read_closed(&directory.path().join(name))?);
    }
    Ok(())
}

async fn put(trail: &Trail, files: &[LogFile]) -> anyhow::Result<()> {
    let objects = files.iter().map(|file| (file.key.clone(), file.bytes.clone()));
    trail.put_all(objects, 8).await?;
    wait_for(trail, files.len()).await
}

/// Leaves the file that was being written as a write does that has come half way.
fn tear(directory: &Path) -> anyhow::Result<()> {
    let open = files(directory)?.into_iter().find(|path| is_open(path));
    let path = open.with_context(|| format!("{} has no open file", directory.display()))?;
    let half = br#"{"eventVersion":"1.11","half":"a line"#;
    let torn = if path.to_string_lossy().contains(".gz") {
        log_files::gzip(half).get(..20).map(<[u8]>::to_vec)
    } else if path.to_string_lossy().contains(".zst") {
        zstd::encode_all(&half[..], 3)?.get(..20).map(<[u8]>::to_vec)
    } else {
        Some(half.to_vec())
    };
    File::options().append(true).open(&path)?.write_all(&torn.context("too short to tear")?)?;
    Ok(())
}

/// The lines of all files, sorted. Each must be closed and whole.
fn read_closed(directory: &Path) -> anyhow::Result<Vec<String>> {
    let mut lines = Vec::new();
    for path in files(directory)? {
        if path.extension().is_some_and(|extension| extension == "damaged") {
            continue; // The torn end, kept apart.
        }
        if is_open(&path) {
            bail!("{} is still open", path.display());
        }
        let bytes = fs::read(&path)?;
        let text = match path.extension().and_then(|extension| extension.to_str()) {
            Some("gz") => lines::gunzip(&bytes)?,
            Some("zst") => zstd::decode_all(bytes.as_slice())?,
            _ => bytes,
        };
        lines.extend(lines::sorted(&String::from_utf8(text)?));
    }
    lines.sort_unstable();
    Ok(lines)
}

fn is_open(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "open")
}

/// What the sink has written, its lock aside.
fn files(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.to_string_lossy().contains(".ndjson") {
            paths.push(path);
        }
    }
    Ok(paths)
}
