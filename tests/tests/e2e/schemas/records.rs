//! Records to normalize: real ones of the public corpora, those of the repository's sample, and
//! those that are made for the encoders' tests.

use crate::lines;
use crate::log_files::{self, LogFile};
use anyhow::Context as _;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::path::Path;
use std::{fs, thread};

/// A record of `CloudTrail`.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// Where it comes from, for people.
    pub(crate) origin: String,
    pub(crate) json: String,
}

/// All there are: those of the repository, and of the corpora if they are there.
pub(crate) fn all() -> anyhow::Result<impl Iterator<Item = Record>> {
    let corpora = corpora()?.unwrap_or_default();
    Ok(sample()?.into_iter().chain(made()?).chain(corpora))
}

/// Holds each of [`all`] against `check`, on all processors.
pub(crate) fn check_all(
    check: impl Fn(&Record) -> anyhow::Result<()> + Sync,
) -> anyhow::Result<()> {
    let records: Vec<Record> = all()?.collect();
    let at_once = thread::available_parallelism()?.get();
    let each = |some: &[Record]| {
        some.iter().try_for_each(|record| check(record).context(record.origin.clone()))
    };
    thread::scope(|scope| {
        let chunks = records.chunks(records.len().div_ceil(at_once));
        let threads: Vec<_> = chunks.map(|some| scope.spawn(move || each(some))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap())
    })
}

/// Those of the repository's sample: each kind of record, and each oddity.
pub(crate) fn sample() -> anyhow::Result<Vec<Record>> {
    let (logs, _digests) = log_files::sample()?;
    of_files(&logs)
}

/// Those of the encoders' tests, each on many lines.
pub(crate) fn made() -> anyhow::Result<Vec<Record>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/schema/tests/records");
    let mut records = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let origin = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        records.push(Record { origin, json: fs::read_to_string(&path)?.trim_end().to_owned() });
    }
    records.sort_by(|a, b| a.origin.cmp(&b.origin));
    Ok(records)
}

/// Those of the public corpora. `None` where they are not there, and then it is printed.
pub(crate) fn corpora() -> anyhow::Result<Option<Vec<Record>>> {
    let (Some(mut records), Some(delivered)) = (collected()?, log_files::corpora()?) else {
        return Ok(None);
    };
    records.extend(of_files(&delivered)?);
    Ok(Some(records))
}

/// Distinct records of several collections.
fn collected() -> anyhow::Result<Option<Vec<Record>>> {
    #[derive(Deserialize)]
    struct Line {
        src: String,
        event: Box<RawValue>,
    }
    let Some(folder) = log_files::corpus("events")? else {
        return Ok(None);
    };
    let text = lines::gunzip(&fs::read(folder.join("visible-events.ndjson.gz"))?)?;
    let record = |(number, line): (usize, &[u8])| {
        let Line { src, event } = serde_json::from_slice(line)?;
        Ok(Record { origin: format!("{src}, line {number}"), json: event.get().to_owned() })
    };
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    (1..).zip(lines).map(record).collect::<anyhow::Result<_>>().map(Some)
}

fn of_files(files: &[LogFile]) -> anyhow::Result<Vec<Record>> {
    let mut records = Vec::new();
    for LogFile { key, bytes } in files {
        let name = key.rsplit('/').next().unwrap_or(key);
        let record = |(number, json)| Record { origin: format!("{name}, record {number}"), json };
        records.extend((1..).zip(lines::of_log(bytes)?).map(record));
    }
    Ok(records)
}

#[test]
fn record_that_fails_a_check_is_told_by_its_origin() {
    let last = all().unwrap().last().unwrap();
    let error = check_all(|record| {
        anyhow::ensure!(record.origin != last.origin, "wrong");
        Ok(())
    });
    assert_eq!(format!("{:#}", error.unwrap_err()), format!("{}: wrong", last.origin));
}

#[test]
fn every_record_of_the_repository_and_the_corpora_is_given_once() -> anyhow::Result<()> {
    let sample = sample()?;
    let counted: usize =
        traild_tests::sample_trail::load(&traild_tests::sample_trail::directory())?
            .iter()
            .map(|file| file.records)
            .sum();
    assert!(counted > 1_000, "{counted}");
    assert_eq!(sample.len(), counted);
    let made = made()?.len();
    assert!(made > 50, "{made}");
    let Some(corpora) = corpora()? else {
        return Ok(());
    };
    assert_eq!(corpora.len(), 4_011 + 2_900);
    assert_eq!(all()?.count(), counted + made + corpora.len());
    for Record { origin, json } in all()? {
        let record = super::json::parse(&json)?;
        assert!(record.is_object() && json.ends_with('}'), "{origin}");
    }
    Ok(())
}
