//! Real files: every record, byte for byte, by both paths.

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

use trail_logfile::{Limits, claimed_size, inflate_whole, split, stream};

/// The folder of the public corpora, or None, having said why.
fn corpora(folder: &str) -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "where the corpora lie is no configuration")]
    let set = std::env::var_os("TRAILD_CORPORA").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let path = set.unwrap_or_else(beside).join(folder);
    if path.is_dir() {
        return Some(path);
    }
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    {
        eprintln!("skipped: no corpora: {} is not a folder", path.display());
    }
    None
}

#[test]
fn delivered_files_give_all_their_records_by_both_paths() {
    let Some(folder) = corpora("trail") else {
        return;
    };
    let limits = Limits { window: 4096, ..Limits::default() };
    let (mut files, mut records) = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let object = fs::read(entry.unwrap().path()).unwrap();
        let claimed = usize::try_from(claimed_size(&object).unwrap()).unwrap();
        let json = inflate_whole(&object, claimed).unwrap();
        let mut whole = Vec::new();
        let summary = split(&json, &limits, |record| {
            let start = usize::try_from(record.offset).unwrap();
            assert_eq!(&json[start..start + record.json.len()], record.json.as_bytes());
            whole.push((record.index, record.offset, record.json.to_owned()));
            ControlFlow::Continue(())
        });
        let mut streamed = Vec::new();
        let other = stream(&object[..], &limits, |record| {
            streamed.push((record.index, record.offset, record.json.to_owned()));
            ControlFlow::Continue(())
        });
        assert_eq!(summary.unwrap(), other.unwrap());
        assert_eq!(whole, streamed);
        files += 1;
        records += whole.len();
    }
    assert_eq!((files, records), (55, 2900));
}
