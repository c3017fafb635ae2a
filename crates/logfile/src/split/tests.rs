use std::io::{self, Read, Write};
use std::ops::ControlFlow;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::{Checksum, Error, Limits, Quotes, Summary, read, split, stream};

const SMALL: Limits = Limits {
    whole: 1 << 20,
    decompressed: 1000,
    record: 40,
    depth: 3,
    window: 16,
    checksum: Checksum::Sha256,
    quotes: Quotes::Note,
};

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// The places of quotes that are not escaped, found a byte at a time.
fn quotes(json: &str) -> Vec<u32> {
    let mut escaped = false;
    let is_quote = |(_, byte): &(u32, u8)| {
        let is_quote = !escaped && *byte == b'"';
        escaped = !escaped && *byte == b'\\';
        is_quote
    };
    (0..).zip(json.bytes()).filter(is_quote).map(|(place, _)| place).collect()
}

/// Records, and how it ended, by one way of reading.
type Outcome = (Vec<String>, Result<Summary, Error>);

fn by(
    way: impl FnOnce(&mut dyn FnMut(crate::Record<'_>) -> ControlFlow<()>) -> Result<Summary, Error>,
) -> Outcome {
    let mut records = Vec::new();
    let result = way(&mut |record| {
        assert_eq!(record.index, records.len() as u64);
        assert_eq!(record.quotes, quotes(record.json), "{}", record.json);
        records.push(record.json.to_owned());
        ControlFlow::Continue(())
    });
    (records, result)
}

/// Reads a text by every path, which must agree.
fn outcome(text: &[u8]) -> Outcome {
    let object = gzip(text);
    let whole = by(|each| split(text, &SMALL, each));
    for other in [
        by(|each| stream(text, &SMALL, each)),
        by(|each| stream(&object[..], &SMALL, each)),
        by(|each| read(&object, &SMALL, each)),
    ] {
        assert_eq!(format!("{whole:?}"), format!("{other:?}"));
    }
    whole
}

fn records(text: &str, expect: &[&str]) {
    let (records, result) = outcome(text.as_bytes());
    let summary = result.unwrap();
    assert_eq!(records, expect);
    assert_eq!((summary.records, summary.stopped), (expect.len() as u64, false));
    assert_eq!(summary.decompressed, text.len() as u64);
}

fn refused(text: impl AsRef<[u8]>, reason: &str, offset: u64, before: u64) {
    let (records, result) = outcome(text.as_ref());
    let error = result.unwrap_err();
    assert_eq!(
        (error.reason(), error.offset(), error.records()),
        (reason, offset, before),
        "{error}"
    );
    assert_eq!(records.len() as u64, before);
}

#[test]
fn records_are_handed_out_verbatim() {
    records(r#"{"Records":[]}"#, &[]);
    records("[]", &[]);
    records(r#"{"Records":[{}]}"#, &["{}"]);
    records(r#"[{"a":1},{"b":[{}]}]"#, &[r#"{"a":1}"#, r#"{"b":[{}]}"#]);
    records("\n{ \"Records\" : [ { \"a\" :\n1 } ,\t{ } ] }\r\n", &["{ \"a\" :\n1 }", "{ }"]);
    let odd = r#"{"a":"\ud83d","a":"\u0000","b":1e999}"#;
    records(&format!("[{odd}]"), &[odd]);
}

#[test]
fn other_keys_may_stand_around_records() {
    records(r#"{"v":"1","n":-1.5,"o":{"Records":[1]},"Records":[{}],"z":[null,true]}"#, &["{}"]);
}

#[test]
fn text_that_ends_early_is_truncated() {
    refused("", "truncated", 0, 0);
    refused(" \n", "truncated", 2, 0);
    refused(r#"{"Records":[{},{"a"#, "truncated", 18, 1);
    refused(r#"{"Records":[{}"#, "truncated", 14, 1);
    refused(r#"{"Records":[{}]"#, "truncated", 15, 1);
    refused(r#"{"Rec"#, "truncated", 5, 0);
    refused(r#"{"a":1"#, "truncated", 6, 0);
}

#[test]
fn text_that_is_no_log_file_is_refused_where_it_goes_wrong() {
    refused("17", "not_json", 0, 0);
    refused("\u{feff}[]", "not_json", 0, 0);
    refused(r#"[{},]"#, "not_json", 4, 1);
    refused(r#"[{} {}]"#, "not_json", 4, 1);
    refused(r#"[{},1]"#, "not_json", 4, 1);
    refused(r#"[{},{"a":b}]"#, "not_json", 9, 1);
    refused(r#"{"Records":[{}],}"#, "not_json", 16, 1);
    refused(r#"{"Records" [{}]}"#, "not_json", 11, 0);
    refused(r#"{Records:[{}]}"#, "not_json", 1, 0);
    refused(r#"{"Records":[{}],"x":01}"#, "not_json", 21, 1);
    refused(b"[{\"a\":\"\xff\"}]", "not_json", 7, 0);
    refused(b"{\"a\":\"\xff\"}", "not_json", 6, 0);
}

#[test]
fn a_second_records_is_refused() {
    refused(r#"{"Records":[{}],"Records":[{}]}"#, "not_json", 26, 1);
}

#[test]
fn an_object_without_an_array_of_records_is_refused() {
    refused("{}", "records_missing", 1, 0);
    refused(r#"{"records":[{}]}"#, "records_missing", 15, 0);
    refused(r#"{"\u0052ecords":[{}]}"#, "records_missing", 20, 0);
    refused(r#"{"Records":null}"#, "records_missing", 11, 0);
    refused(r#"{"Records":{"a":1}}"#, "records_missing", 11, 0);
}

#[test]
fn anything_but_whitespace_after_the_end_is_refused() {
    refused("[{}] \n x", "trailing_bytes", 7, 1);
    refused(r#"{"Records":[]}{"Records":[]}"#, "trailing_bytes", 14, 0);
    refused("[]\0", "trailing_bytes", 2, 0);
}

#[test]
fn the_record_cap_holds_for_every_value_and_key() {
    let filled = |length: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(length - 8));
    records(&format!("[{}]", filled(40)), &[&filled(40)]);
    refused(format!("[{{}},{}]", filled(41)), "record_too_large", 4, 1);
    refused(format!("[{{}},{}]", filled(900)), "record_too_large", 4, 1);
    refused(format!(r#"{{"v":"{}"}}"#, "x".repeat(39)), "record_too_large", 5, 0);
    refused(format!(r#"{{"{}":1}}"#, "x".repeat(39)), "record_too_large", 1, 0);
    refused(format!(r#"{{"v":{}}}"#, "1".repeat(41)), "record_too_large", 5, 0);
    records(&format!(r#"{{"v":{},"Records":[]}}"#, "1".repeat(40)), &[]);
    // A flaw that only shows behind the cap is not seen by either path.
    refused(format!("[{}\"\u{1}]", filled(44).trim_end_matches("\"}")), "record_too_large", 1, 0);
}

#[test]
fn the_depth_cap_counts_from_the_value() {
    records(r#"[{"a":[[]]}]"#, &[r#"{"a":[[]]}"#]);
    refused(r#"[{"a":[[{}]]}]"#, "too_deep", 8, 0);
    refused(r#"{"v":[[[[1]]]]}"#, "too_deep", 8, 0);
}

#[test]
fn the_size_cap_is_met_exactly() {
    let spaces = " ".repeat(996);
    records(&format!("[{{}}]{spaces}"), &["{}"]);
    refused(format!("[{{}}]{spaces} "), "too_large", 1000, 1);
    refused(format!("[{{}},{spaces}{{}}]"), "too_large", 1000, 1);
}

#[test]
fn a_break_stops_behind_its_record_and_looks_no_further() {
    let text = br#"{"Records":[{},{"a":1},{}],,,"#;
    let object = gzip(text);
    let stop_at_second = |record: crate::Record<'_>| match record.index {
        0 => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    };
    let expect = Summary { records: 2, decompressed: 22, stopped: true, sha256: None };
    assert_eq!(split(text, &SMALL, stop_at_second).unwrap(), expect);
    assert_eq!(stream(&object[..], &SMALL, stop_at_second).unwrap(), expect);
}

#[test]
fn the_checksum_is_of_the_decompressed_bytes_when_asked_for() {
    let (_, result) = outcome(b"[]");
    let hex: String = result.unwrap().sha256.unwrap().map(|byte| format!("{byte:02x}")).concat();
    assert_eq!(hex, "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945");
    let none = split(b"[]", &Limits::default(), |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(none.sha256, None);
}

#[test]
fn damage_behind_the_records_is_told_after_them() {
    let mut object = gzip(br#"{"Records":[{},{}]}"#);
    let end = object.len();
    object[end - 8] ^= 1;
    for way in
        [by(|each| stream(&object[..], &SMALL, each)), by(|each| read(&object, &SMALL, each))]
    {
        let error = way.1.unwrap_err();
        assert_eq!((error.reason(), error.offset(), error.records()), ("gzip", 19, 2));
        assert_eq!(
            error.to_string(),
            "gzip stream is damaged (checksum of the content) at decompressed byte 19, after 2 records"
        );
    }
}

#[test]
fn a_failing_reader_is_told_apart_from_a_damaged_object() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::new(io::ErrorKind::UnexpectedEof, "reset by peer"))
        }
    }
    let object = gzip(br#"{"Records":[{},{"#);
    for start in [&b""[..], b"[{},{", &object[..0], &object[..1], &object[..12], &object] {
        let (_, result) = by(|each| stream(start.chain(Broken), &SMALL, each));
        assert!(matches!(result, Err(Error::Read { .. })), "{result:?}");
    }
    let (records, _) = by(|each| stream(b"[{},{".chain(Broken), &SMALL, each));
    assert_eq!(records, ["{}"]);
}

#[test]
fn records_come_as_many_at_a_time_as_are_at_hand_and_small() {
    let runs = |text: &str, quotes: Quotes| {
        let limits = Limits { record: 1 << 20, quotes, ..SMALL };
        let mut runs = Vec::new();
        let summary = crate::split_runs(
            text.as_bytes(),
            &Limits { decompressed: 1 << 20, ..limits },
            |run| {
                runs.push(run.len());
                ControlFlow::Continue(())
            },
        );
        let records = summary.map(|summary| summary.records);
        (runs, records.map_err(|error| error.records()))
    };
    let many = format!("[{}{{}}]", "{\"a\":\"b\"} ,\n".repeat(19));
    assert_eq!(runs(&many, Quotes::Note), (vec![8, 8, 4], Ok(20)));
    assert_eq!(runs(&many, Quotes::Skip), (vec![8, 8, 4], Ok(20)));
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(70_000));
    assert_eq!(runs(&format!("[{{}},{large},{{}},{{}}]"), Quotes::Note), (vec![2, 2], Ok(4)));
    // What is wrong is told when its turn comes.
    assert_eq!(runs("[{},{},[]]", Quotes::Note), (vec![2], Err(2)));
    assert_eq!(runs("[{},{\"a\"}]", Quotes::Note), (vec![1], Err(1)));
}

#[test]
fn who_breaks_off_has_had_the_whole_run() {
    let text = b"[{},{},{},{},{},{},{},{},{},{}]";
    let summary = crate::split_runs(text, &SMALL, |_| ControlFlow::Break(())).unwrap();
    assert_eq!((summary.records, summary.decompressed, summary.stopped), (8, 24, true));
}
