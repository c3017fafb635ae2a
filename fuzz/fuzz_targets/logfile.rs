//! Any bytes as an object: no panic, and the same records and the same end by every path.
#![no_main]

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use trail_logfile::{
    Checksum, Error, Limits, Quotes, Record, Summary, read, split, split_runs, stream,
};

/// Small enough that the fuzzer meets the caps.
const LIMITS: Limits = Limits {
    whole: 1 << 16,
    decompressed: 1 << 18,
    record: 1 << 10,
    depth: 8,
    window: 64,
    checksum: Checksum::Sha256,
    quotes: Quotes::Note,
};

type End = Result<Summary, (&'static str, u64, u64, String)>;

fn by(
    way: impl FnOnce(&mut dyn FnMut(Record<'_>) -> ControlFlow<()>) -> Result<Summary, Error>,
) -> (Vec<(u64, String, Vec<u32>)>, End) {
    let mut records = Vec::new();
    let end = way(&mut |record| {
        records.push((record.offset, record.json.to_owned(), record.quotes.to_owned()));
        ControlFlow::Continue(())
    });
    let end =
        end.map_err(|error| (error.reason(), error.offset(), error.records(), error.to_string()));
    (records, end)
}

fuzz_target!(|data: &[u8]| {
    let expected = by(|each| read(data, &LIMITS, each));
    for window in [1, 64, 1 << 12] {
        let limits = Limits { window, ..LIMITS };
        assert_eq!(by(|each| stream(data, &limits, each)), expected);
    }
    if !data.starts_with(&[0x1f, 0x8b]) {
        assert_eq!(by(|each| split(data, &LIMITS, each)), expected);
        let by_run = by(|each| {
            split_runs(data, &LIMITS, |run| run.iter().try_for_each(|record| each(*record)))
        });
        assert_eq!(by_run, expected);
    }
});
