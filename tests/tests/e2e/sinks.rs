//! What is in the files: everything, in every sink, whatever happened while they were written.

use crate::log_files::{self, LogFile};
use crate::messages::wait_for;
use crate::{TRAILD, lines};
use anyhow::{Context as _, bail};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use traild_tests::harness::daemon::{Signal, leash};
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

/// Sinks that want different events in different forms, as the daemon and convert take them.
const CHOOSING: &str = "
[[sink]]
name = \"lake\"
type = \"file\"
path = \"lake\"
schema = \"ocsf-1.8\"
select = [\"writes\", \"errors\"]
exclude = [\"kms-decrypt\"]

[[sink]]
name = \"siem\"
type = \"file\"
path = \"siem\"
schema = \"ecs\"

[[sink]]
name = \"none\"
type = \"file\"
path = \"none\"
schema = \"flat\"
select = [\"eventName equals NoSuchThing\"]
";
const CHOICES: [(&str, &[&str]); 3] = [
    ("lake", &["--schema=ocsf-1.8", "--select=writes", "--select=errors", "--exclude=kms-decrypt"]),
    ("siem", &["--schema=ecs"]),
    ("none", &["--schema=flat", "--select=eventName equals NoSuchThing"]),
];

#[tokio::test]
async fn every_sink_has_the_events_it_chose_in_its_own_schema() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let (logs, _) = log_files::sample()?;
    put(&trail, &logs).await?;
    let mut daemon = Daemon::builder(TRAILD, &trail).config_toml(CHOOSING).spawn()?;
    daemon.wait_counted("traild_objects_total", &[], logs.len() as u64, PATIENCE).await?;
    let total = lines::of_files(&logs)?.len() as u64;
    let mut expected = Vec::new();
    for (name, arguments) in CHOICES {
        let lines = converted(arguments, &logs)?;
        for (outcome, count) in
            [("delivered", lines.len() as u64), ("filtered", total - lines.len() as u64)]
        {
            let labels = [("sink", name), ("outcome", outcome)];
            daemon.wait_counted("traild_events_total", &labels, count, PATIENCE).await?;
        }
        expected.push((name, lines));
    }
    daemon.signal(Signal::Terminate)?;
    assert_eq!(daemon.wait_exit(PATIENCE).await?, 0, "{}", daemon.log_tail());
    for (name, lines) in expected {
        assert_eq!(lines.is_empty(), name == "none");
        lines::assert_same(&lines, &read_closed(&daemon.directory().join(name))?);
    }
    Ok(())
}

/// What `traild convert` makes of the files, sorted.
fn converted(arguments: &[&str], files: &[LogFile]) -> anyhow::Result<Vec<String>> {
    let directory = tempfile::tempdir()?;
    let mut convert = Command::new(TRAILD);
    convert.args([leash::PLAIN, "convert"]).args(arguments);
    for (number, file) in files.iter().enumerate() {
        let path = directory.path().join(number.to_string());
        fs::write(&path, &file.bytes)?;
        convert.arg(path);
    }
    let output = convert.output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(lines::sorted(&String::from_utf8(output.stdout)?))
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
