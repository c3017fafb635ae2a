//! The lines that a log file has to come out as, worked out without any of the daemon's code.

use crate::log_files::LogFile;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::io::Read as _;

/// Differences that are shown.
const SHOWN: usize = 3;

/// The lines of all these files, sorted.
pub(crate) fn of_files(files: &[LogFile]) -> anyhow::Result<Vec<String>> {
    let mut lines = Vec::new();
    for file in files {
        lines.extend(of_log(&file.bytes)?);
    }
    lines.sort_unstable();
    Ok(lines)
}

/// The records of a log file, gzip or not, each as it stands there but on one line.
pub(crate) fn of_log(bytes: &[u8]) -> anyhow::Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Log {
        #[serde(rename = "Records")]
        records: Vec<Box<RawValue>>,
    }
    let text = if bytes.starts_with(&[0x1f, 0x8b]) { gunzip(bytes)? } else { bytes.to_vec() };
    let records = if text.starts_with(b"[") {
        serde_json::from_slice(&text)?
    } else {
        serde_json::from_slice::<Log>(&text)?.records
    };
    // A line break within a string is escaped, so that those that stand there are between tokens.
    let line = |record: &RawValue| record.get().replace(['\n', '\r'], "");
    Ok(records.iter().map(|record| line(record)).collect())
}

/// All members of it.
#[expect(clippy::disallowed_types, reason = "what is decompressed is the tests' own")]
pub(crate) fn gunzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut inflated = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut inflated)?;
    Ok(inflated)
}

/// Text as sorted lines, of which the last must be whole.
pub(crate) fn sorted(text: &str) -> Vec<String> {
    assert!(text.is_empty() || text.ends_with('\n'), "the last line is torn");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort_unstable();
    lines
}

/// How often each line is there.
pub(crate) fn counted(lines: &[String]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for line in lines {
        *counts.entry(line.as_str()).or_default() += 1;
    }
    counts
}

/// Fails unless both are the same lines, each as often; shows some that are not.
#[track_caller]
pub(crate) fn assert_same(expected: &[String], found: &[String]) {
    let (wanted, got) = (counted(expected), counted(found));
    let beyond = |these: &BTreeMap<&str, usize>, those: &BTreeMap<&str, usize>| -> Vec<String> {
        let more =
            these.iter().filter(|(line, count)| **count > those.get(*line).copied().unwrap_or(0));
        more.map(|(line, count)| format!("{count} x {line:.200}")).collect()
    };
    let (missing, surplus) = (beyond(&wanted, &got), beyond(&got, &wanted));
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "{} lines expected, {} found; {} differ by being missing, as {:#?}; {} by being too many, as {:#?}",
        expected.len(),
        found.len(),
        missing.len(),
        &missing[..missing.len().min(SHOWN)],
        surplus.len(),
        &surplus[..surplus.len().min(SHOWN)],
    );
}

/// Fails unless every expected line is there, at least once, and no other is.
#[track_caller]
pub(crate) fn assert_all_there(expected: &[String], found: &[String]) {
    let once = |lines: &[String]| counted(lines).into_keys().map(str::to_owned).collect::<Vec<_>>();
    assert_same(&once(expected), &once(found));
}
