//! The law of the crate: whole or through any window, the same records and the same end.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::io::{self, Read, Write};
use std::ops::ControlFlow;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use trail_logfile::{
    Checksum, Error, Limits, Quotes, Record, Summary, check, read, split, split_runs, stream,
    stream_runs,
};

/// What a reading gave: records with their places, and how it ended.
#[derive(Debug, PartialEq)]
struct Outcome {
    records: Vec<(u64, String, Vec<u32>)>,
    end: Result<Summary, (&'static str, u64, u64, String)>,
}

/// Runs one way of reading, which breaks off at the record `stop`.
fn by(
    stop: u64,
    way: impl FnOnce(&mut dyn FnMut(Record<'_>) -> ControlFlow<()>) -> Result<Summary, Error>,
) -> Outcome {
    let mut records = Vec::new();
    let end = way(&mut |record| {
        assert_eq!(record.index, records.len() as u64);
        assert!(serde_json::from_str::<&serde_json::value::RawValue>(record.json).is_ok());
        records.push((record.offset, record.json.to_owned(), record.quotes.to_owned()));
        if record.index == stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let end =
        end.map_err(|error| (error.reason(), error.offset(), error.records(), error.to_string()));
    Outcome { records, end }
}

/// Gives at most so many bytes at a time.
struct Trickle<'o>(&'o [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = out.len().min(self.1);
        self.0.read(&mut out[..count])
    }
}

fn space() -> impl Strategy<Value = String> {
    prop_oneof![6 => Just(String::new()), 1 => "[ \t\r\n]{1,40}"]
}

fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?",
        prop::sample::select(vec!["true", "false", "null"]).prop_map(String::from),
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
        "[ -~]{0,100}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        Just(r#""\ud83d \u0000 \/""#.to_owned()),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            (prop::collection::vec(inner.clone(), 0..5), space())
                .prop_map(|(items, space)| format!("[{space}{}{space}]", items.join(","))),
            object(inner),
        ]
    })
}

fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let member = ("[a-zA-Z.:é]{0,12}", space(), value)
        .prop_map(|(key, space, value)| format!("\"{key}\"{space}:{space}{value}"));
    (prop::collection::vec(member, 0..6), space())
        .prop_map(|(members, space)| format!("{{{}{space}}}", members.join(",")))
}

/// The text of a log file, nearly always a sound one.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let records = prop::collection::vec(object(value()), 0..12);
    let member = ("[a-z]{1,5}", value()).prop_map(|(key, value)| format!("\"{key}\":{value}"));
    let around = prop::collection::vec(member, 0..3);
    let shape = (any::<u8>(), space(), records, around, any::<prop::sample::Index>());
    shape.prop_map(|(shape, space, records, mut around, place)| {
        let array = format!("{space}[{space}{}{space}]{space}", records.join(","));
        if shape % 4 == 0 {
            return array.into_bytes();
        }
        let place = place.index(around.len() + 1);
        around.insert(place, format!("\"Records\"{space}:{array}"));
        if shape % 16 == 1 {
            around.push("\"Records\":[{}]".to_owned());
        }
        format!("{space}{{{space}{}}}{space}", around.join(",")).into_bytes()
    })
}

/// Cuts bytes short, turns one into another, or leaves them alone.
fn damaged(bytes: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    (bytes, 0..8, any::<prop::sample::Index>(), any::<u8>()).prop_map(
        |(mut bytes, kind, place, byte)| {
            match kind {
                0 => bytes.truncate(place.index(bytes.len() + 1)),
                1 if !bytes.is_empty() => {
                    let place = place.index(bytes.len());
                    bytes[place] = byte;
                }
                2 => bytes.push(byte),
                _ => {}
            }
            bytes
        },
    )
}

/// One or more gzip members, or the plain text.
fn object_of(text: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    (text, 0..4_usize, 0..10_u32).prop_map(|(text, members, level)| {
        let part = text.len().div_ceil(members.max(1)).max(1);
        match members {
            0 => text,
            _ => text.chunks(part).flat_map(|part| gzip(part, level)).collect(),
        }
    })
}

fn gzip(content: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn limits() -> impl Strategy<Value = Limits> {
    let large = Limits::default();
    (
        prop_oneof![Just(large.whole), 0..400_usize],
        prop_oneof![3 => Just(large.decompressed), 1 => 0..2000_u64],
        prop_oneof![3 => Just(large.record), 1 => 0..300_usize],
        prop_oneof![3 => Just(large.depth), 1 => 0..5_usize],
        prop_oneof![Just(16_usize), 0..70_usize, Just(4096_usize)],
    )
        .prop_map(move |(whole, decompressed, record, depth, window)| Limits {
            whole,
            decompressed,
            record,
            depth,
            window,
            checksum: Checksum::Sha256,
            quotes: Quotes::Note,
        })
}

fn agree(object: &[u8], limits: &Limits, stop: u64, trickle: usize) -> Outcome {
    let expected = by(stop, |each| read(object, limits, each));
    assert_eq!(by(stop, |each| stream(object, limits, each)), expected);
    assert_eq!(by(stop, |each| stream(Trickle(object, trickle), limits, each)), expected);
    let other = Limits { window: limits.window * 3 + 1, whole: usize::MAX, ..*limits };
    assert_eq!(by(stop, |each| stream(object, &other, each)), expected);
    assert_eq!(by(stop, |each| read(object, &other, each)), expected);
    expected
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn windowed_and_whole_agree(
        object in damaged(object_of(damaged(text()))),
        limits in limits(),
        stop in prop_oneof![4 => Just(u64::MAX), 1 => 0..6_u64],
        trickle in 1..50_usize,
    ) {
        agree(&object, &limits, stop, trickle);
    }

    #[test]
    fn compressing_a_text_changes_nothing(text in damaged(text()), limits in limits()) {
        prop_assume!(!text.starts_with(&[0x1f, 0x8b]));
        let plain = by(u64::MAX, |each| split(&text, &limits, each));
        prop_assert_eq!(&plain, &agree(&text, &limits, u64::MAX, 7));
        prop_assert_eq!(&plain, &agree(&gzip(&text, 6), &limits, u64::MAX, 7));
    }

    #[test]
    fn records_at_a_time_are_those_one_by_one(text in damaged(text()), limits in limits()) {
        prop_assume!(!text.starts_with(&[0x1f, 0x8b]));
        let expected = by(u64::MAX, |each| split(&text, &limits, each));
        let whole = by(u64::MAX, |each| split_runs(&text, &limits, |run| run.iter().try_for_each(|record| each(*record))));
        prop_assert_eq!(&whole, &expected);
        let windowed = by(u64::MAX, |each| stream_runs(&*text, &limits, |run| run.iter().try_for_each(|record| each(*record))));
        prop_assert_eq!(&windowed, &expected);
    }

    #[test]
    fn what_a_check_passes_is_read_to_its_end_and_unchanged(
        text in text(), level in 0..10_u32, place in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let whole = gzip(&text, level);
        prop_assert!(check(&whole, &Limits::default()).is_ok());
        let mut changed = whole.clone();
        let place = place.index(changed.len());
        changed[place] = byte;
        let sound = by(u64::MAX, |each| read(&whole, &Limits::default(), each));
        let read = by(u64::MAX, |each| read(&changed, &Limits::default(), each));
        if changed.starts_with(&[0x1f, 0x8b]) && check(&changed, &Limits::default()).is_ok() {
            prop_assert_eq!(read.records, sound.records);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        mut object in prop::collection::vec(any::<u8>(), 0..200),
        magic in any::<bool>(),
        limits in limits(),
    ) {
        if magic {
            object.splice(0..0, [0x1f, 0x8b, 8, 0]);
        }
        agree(&object, &limits, u64::MAX, 3);
    }

    #[test]
    fn every_record_is_its_slice_of_the_text(text in text()) {
        let outcome = by(u64::MAX, |each| split(&text, &Limits::default(), each));
        for (offset, json, _) in outcome.records {
            let start = usize::try_from(offset).unwrap();
            prop_assert_eq!(&text[start..start + json.len()], json.as_bytes());
        }
    }
}
