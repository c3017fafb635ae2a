//! Events that nobody here wrote: those of the public corpora, where they are at hand.

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use trail_logfile::{Limits, claimed_size, inflate_whole};

/// A folder of the public corpora, or none, having said why.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "where the corpora lie is no configuration")]
    let set = std::env::var_os("TRAILD_CORPORA").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let folder = set.unwrap_or_else(beside).join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    {
        eprintln!("skipped: no corpora: {} is not a folder", folder.display());
    }
    None
}

/// The text of every event of the public corpora; none, having said why, where there are none.
pub(crate) fn real_events() -> Vec<String> {
    let (Some(trail), Some(events)) = (folder("trail"), folder("events")) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for file in fs::read_dir(trail).unwrap() {
        let object = fs::read(file.unwrap().path()).unwrap();
        let read = trail_logfile::read(&object, &Limits::default(), |record| {
            all.push(record.json.to_owned());
            ControlFlow::Continue(())
        });
        assert!(!read.unwrap().stopped);
    }
    let object = fs::read(events.join("visible-events.ndjson.gz")).unwrap();
    let claim = usize::try_from(claimed_size(&object).unwrap()).unwrap();
    let lines = String::from_utf8(inflate_whole(&object, claim).unwrap()).unwrap();
    // Each line is `{"src":"...","event":{...}}`.
    let event = |line: &str| line.split_once("\"event\":")?.1.strip_suffix('}').map(str::to_owned);
    all.extend(lines.lines().map(|line| event(line).unwrap()));
    all
}
