use std::collections::HashSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

use trail_logfile::{Limits, read};

use super::*;

/// Hands out the records of an object, which is sound.
fn each_record(object: &[u8], mut see: impl FnMut(&str)) -> usize {
    let summary = read(object, &Limits::default(), |record| {
        see(record.json);
        ControlFlow::Continue(())
    });
    usize::try_from(summary.unwrap().decompressed).unwrap()
}

fn ratio(file: &LogFile) -> f64 {
    file.size as f64 / file.object.len() as f64
}

#[test]
fn a_file_holds_as_many_events_as_asked_for_each_under_its_own_id() {
    let file = LogFile::of(2_000).unwrap();
    let mut ids = HashSet::new();
    let size = each_record(&file.object, |record| {
        let (_, id) = record.split_once(EVENT_ID).unwrap();
        let (id, _) = id.split_once('"').unwrap();
        assert_eq!(id.len(), 36, "{id}");
        assert!(ids.insert(id.to_owned()), "{id} comes twice");
    });
    assert_eq!((ids.len(), size), (2_000, file.size));
}

#[test]
fn the_same_number_gives_the_same_file() {
    assert_eq!(LogFile::of(100).unwrap().object, LogFile::of(100).unwrap().object);
}

#[test]
fn sixteen_thousand_events_are_twenty_eight_megabytes() {
    let size = LogFile::of(1_600).unwrap().size as f64;
    assert!((2.7e6..2.9e6).contains(&size), "{size}");
}

#[test]
fn a_file_is_as_compressible_as_a_delivered_one() {
    #[expect(clippy::disallowed_methods, reason = "where the corpora lie is no configuration")]
    let set = std::env::var_os("TRAILD_CORPORA").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let folder = set.unwrap_or_else(beside).join("trail");
    if !folder.is_dir() {
        #[expect(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("skipped: no corpora: {} is not a folder", folder.display());
        }
        return;
    }
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut records = Vec::new();
    for path in paths {
        each_record(&fs::read(path).unwrap(), |record| records.push(record.to_owned()));
    }
    let json = format!("{{\"Records\":[{}]}}", records.join(","));
    let delivered = ratio(&LogFile::compressed(json.as_bytes(), records.len()).unwrap());
    let made = ratio(&LogFile::of(2_500).unwrap());
    assert!((0.8..1.2).contains(&(made / delivered)), "made {made:.2}, delivered {delivered:.2}");
}
