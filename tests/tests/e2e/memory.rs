//! Whatever is in flight, the daemon stays within its budget.

use crate::TRAILD;
use crate::log_files::key;
use anyhow::Context as _;
use aws_sdk_s3::primitives::ByteStream;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use traild_tests::harness::daemon::Signal;
use traild_tests::harness::{Daemon, LocalStack, Trail, Wiring};
use traild_tests::sample_trail;

const BUDGET: u64 = 128 << 20;
/// Beside the budget: code, stacks, the allocator, connections.
const BESIDE: u64 = 48 << 20;
const PATIENCE: Duration = Duration::from_secs(240);

#[tokio::test]
async fn object_of_a_gibibyte_passes_through_the_default_budget() -> anyhow::Result<()> {
    passes(1 << 30, 1, "none").await
}

#[tokio::test]
async fn many_objects_of_forty_megabytes_pass_at_once() -> anyhow::Result<()> {
    passes(40 << 20, 64, "none").await
}

#[tokio::test]
async fn many_objects_of_forty_megabytes_pass_at_once_compressed() -> anyhow::Result<()> {
    passes(40 << 20, 64, "zstd").await
}

/// Objects that inflate to this many bytes each.
async fn passes(size: u64, objects: usize, compression: &str) -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let records = put(&trail, size, objects).await?;
    let config = format!(
        "limits.memory = \"{}MiB\"\n[[sink]]\ntype = \"file\"\npath = \"out\"\nrotate_size = \"32MiB\"\n\
         compression = \"{compression}\"",
        BUDGET >> 20
    );
    let mut daemon = Daemon::builder(TRAILD, &trail).config_toml(config).spawn()?;
    let output = daemon.directory().join("out");
    let started = Instant::now();
    let mut lines = 0;
    while daemon.metrics().await.map_or(0, |metrics| metrics.count("traild_objects_total", &[]))
        < objects as u64
    {
        anyhow::ensure!(started.elapsed() < PATIENCE, "not done; {}", daemon.log_tail());
        anyhow::ensure!(daemon.exit_code()?.is_none(), "it ended; {}", daemon.log_tail());
        lines += take_lines(&output).await?;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let took = started.elapsed();
    trail.wait_until_empty(PATIENCE).await?;
    let peak = daemon.peak_resident_bytes()?;
    let metrics = daemon.metrics().await?;
    daemon.signal(Signal::Terminate)?;
    assert_eq!(daemon.wait_exit(PATIENCE).await?, 0);
    lines += take_lines(&output).await?;

    writeln!(
        io::stderr(),
        "{objects} x {} MiB in {took:.1?}: peak resident {:.1} MiB",
        size >> 20,
        peak as f64 / 1_048_576.0
    )?;
    assert_eq!(lines, (records * objects) as u64);
    assert_eq!(metrics.count("traild_messages_dead_lettered_total", &[]), 0);
    assert!(peak < BUDGET + BESIDE, "peak resident {peak} bytes; {}", daemon.log_tail());
    Ok(())
}

/// Puts one and copies it, and answers how many records each has.
async fn put(trail: &Trail, size: u64, objects: usize) -> anyhow::Result<usize> {
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("object");
    let file = BufWriter::new(File::create(&path)?);
    let records =
        tokio::task::spawn_blocking(move || sample_trail::write_object_of(size, file)).await??;
    let put = trail.s3().put_object().bucket(trail.bucket()).key(key("0"));
    put.body(ByteStream::from_path(&path).await?).send().await.context("could not put it")?;
    for number in 1..objects {
        let copy = trail.s3().copy_object().bucket(trail.bucket()).key(key(&number.to_string()));
        copy.copy_source(format!("{}/{}", trail.bucket(), key("0"))).send().await?;
    }
    Ok(records)
}

/// Counts the lines in files that are closed, and removes these.
async fn take_lines(directory: &Path) -> anyhow::Result<u64> {
    let directory = directory.to_owned();
    tokio::task::spawn_blocking(move || {
        let mut lines = 0;
        for path in closed_files(&directory)? {
            lines += count_lines(&path).with_context(|| format!("{}", path.display()))?;
            fs::remove_file(path)?;
        }
        Ok(lines)
    })
    .await?
}

fn closed_files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    if !directory.exists() {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "ndjson" || extension == "zst") {
            paths.push(path);
        }
    }
    Ok(paths)
}

fn count_lines(path: &Path) -> anyhow::Result<u64> {
    let file = File::open(path)?;
    let mut reader: Box<dyn BufRead> =
        if path.extension().is_some_and(|extension| extension == "zst") {
            Box::new(BufReader::new(zstd::stream::read::Decoder::new(file)?))
        } else {
            Box::new(BufReader::with_capacity(1 << 20, file))
        };
    let (mut lines, mut line) = (0, Vec::new());
    while reader.read_until(b'\n', &mut line)? > 0 {
        anyhow::ensure!(line.ends_with(b"}\n"), "line {lines} is torn");
        lines += 1;
        line.clear();
    }
    Ok(lines)
}
