//! What is put into buckets: the public corpora, the repository's sample, and files made to order.

use anyhow::Context as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use traild_tests::sample_trail::{self, SampleKind};

/// An object of a trail's bucket.
#[derive(Clone, Debug)]
pub(crate) struct LogFile {
    pub(crate) key: String,
    pub(crate) bytes: Vec<u8>,
}

/// The delivered files of the public corpora under the keys that CloudTrail gave them. `None` where
/// the corpora are not there, and then it is printed.
pub(crate) fn corpora() -> anyhow::Result<Option<Vec<LogFile>>> {
    let Some(folder) = corpus("trail")? else {
        return Ok(None);
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let key = key_of(&name).with_context(|| format!("{name} is no name of CloudTrail's"))?;
        files.push(LogFile { key, bytes: fs::read(&path)? });
    }
    files.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(Some(files))
}

/// This part of the public corpora. `None` where it is not there, and then it is printed.
pub(crate) fn corpus(part: &str) -> anyhow::Result<Option<PathBuf>> {
    let folder = corpora_folder().join(part);
    if folder.is_dir() {
        return Ok(Some(folder));
    }
    let why = format!("skipped: no corpora ({} is no directory)", folder.display());
    writeln!(std::io::stderr(), "{why}")?;
    Ok(None)
}

#[expect(clippy::disallowed_methods, reason = "says where the public corpora are")]
fn corpora_folder() -> PathBuf {
    match std::env::var_os("TRAILD_CORPORA") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora"),
    }
}

/// `ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHMMZ_UNIQUE.json.gz` and where it was delivered to.
fn key_of(name: &str) -> Option<String> {
    let mut parts = name.split('_');
    let (account, kind, region, stamp) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let (year, month, day) = (stamp.get(..4)?, stamp.get(4..6)?, stamp.get(6..8)?);
    Some(format!("AWSLogs/{account}/{kind}/{region}/{year}/{month}/{day}/{name}"))
}

/// The repository's own sample: its log files, and its digests.
pub(crate) fn sample() -> anyhow::Result<(Vec<LogFile>, Vec<LogFile>)> {
    let files = sample_trail::load(&sample_trail::directory())?;
    let (digests, logs): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|file| file.kind == SampleKind::Digest);
    let plain = |files: Vec<sample_trail::SampleFile>| {
        files.into_iter().map(|file| LogFile { key: file.key, bytes: file.gz }).collect()
    };
    Ok((plain(logs), plain(digests)))
}

/// So many log files of so many records, each of the records unlike all others.
pub(crate) fn generated(files: usize, records: usize) -> Vec<LogFile> {
    let files = sample_trail::generate_sized(files, records);
    files.map(|file| LogFile { key: file.key, bytes: file.gz }).collect()
}

/// A key as CloudTrail writes it, for a file of this name.
pub(crate) fn key(name: &str) -> String {
    format!("AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/03/{name}.json.gz")
}

/// A record whose id is this name and number.
pub(crate) fn record(name: &str, number: usize) -> String {
    format!(r#"{{"eventVersion":"1.11","eventID":"{name}-{number}","eventName":"GetObject"}}"#)
}

/// So many of them, in order.
pub(crate) fn records(name: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| record(name, number)).collect()
}

/// The text of a log file of these records.
pub(crate) fn text_of(records: &[String]) -> String {
    format!("{{\"Records\":[{}]}}", records.join(","))
}

/// The log file of these records, compressed.
pub(crate) fn log_of(records: &[String]) -> Vec<u8> {
    gzip(text_of(records).as_bytes())
}

/// One gzip member.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap()
}
