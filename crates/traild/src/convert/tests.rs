//! What is converted, from what, and what is said of the rest.

use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value as Json;
use std::io::Cursor;
use trail_event::Selectors;
use trail_schema::{Format, Redaction, Schema};

/// What came of converting some input.
struct Converted {
    out: String,
    told: Vec<(Option<u64>, String)>,
    trouble: Option<Trouble>,
    unfinished: Option<String>,
}

fn format(schema: Schema) -> Format {
    let redaction = Redaction::session_credentials();
    Format { schema, redaction, ..Format::default() }
}

fn run_with(input: impl Read, format: &Format, task: Task, select: &[&str]) -> Converted {
    let mut out = Vec::new();
    let mut told = Vec::new();
    let mut converter = Converter::new(format, task, &mut out);
    converter.choose(Selectors::parse(select, &[""; 0]).unwrap());
    let ended = convert_input(input, &mut converter, &mut |line, fault| {
        told.push((line, fault.to_owned()));
    });
    let unfinished = converter.unfinished();
    Converted { out: String::from_utf8(out).unwrap(), told, trouble: ended.err(), unfinished }
}

fn run(input: &[u8]) -> Converted {
    run_with(Cursor::new(input), &Format::default(), Task::Write, &[])
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

const A: &str = r#"{"eventID":"a","eventName":"PutObject"}"#;
const B: &str = r#"{"eventID": "b", "eventName": "GetObject"}"#;

#[test]
fn content_tells_what_a_file_is() {
    let (both, one) = (format!("{A}\n{B}\n"), format!("{A}\n"));
    for (text, expect) in [
        (format!(r#"{{"Records":[{A},{B}]}}"#), &both),
        (format!(" \n{{\"other\": 1, \"Records\" : [{A}, {B}]}}"), &both),
        (format!("[{A},{B}]"), &both),
        (format!("{A}\n{B}"), &both),
        (format!("\n{A}\r\n\n {B}\n"), &both),
        (A.replace(',', ",\n  ").to_string(), &one),
    ] {
        for input in [text.clone().into_bytes(), gzip(text.as_bytes())] {
            let converted = run(&input);
            assert!(converted.told.is_empty(), "{text}: {:?}", converted.told);
            let out = converted.out.replace(",  \"eventName", ",\"eventName");
            assert_eq!(&out, expect, "{text}");
        }
    }
}

#[test]
fn file_that_is_neither_is_told_what_was_found() {
    for (text, expect) in [
        ("", "it is empty"),
        ("  \n", "it is empty"),
        ("hello", "it does not begin with { or ["),
        (r#"{"Events":[],"NextToken":"x"}"#, "found an object with `Events`, `NextToken`"),
        ("{}", "found an object in which no key is to be seen"),
    ] {
        let converted = run(text.as_bytes());
        let [(None, told)] = converted.told.as_slice() else { panic!("{:?}", converted.told) };
        assert!(told.contains(expect), "{text:?}: {told}");
        assert_eq!(converted.out, "");
    }
}

#[test]
fn bad_lines_are_told_by_number_and_the_others_converted() {
    let text = format!("{A}\n{{\"eventID\":}}\n\nx\n{A} {A}\n[1]\n{{\"a\":1\n{B}\n");
    let converted = run(text.as_bytes());
    assert_eq!(converted.out, format!("{A}\n{B}\n"));
    let lines: Vec<Option<u64>> = converted.told.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 4, 5, 6, 7].map(Some), "{:?}", converted.told);
    assert_eq!(converted.told[0].1, "not a record of JSON at byte 12: expected a value");
}

#[test]
fn first_line_that_is_cut_is_told_and_the_others_converted() {
    let converted = run(format!("{{\"eventID\":\n{B}\nx\n").as_bytes());
    assert_eq!(converted.out, format!("{B}\n"));
    let lines: Vec<Option<u64>> = converted.told.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [Some(1), Some(3)], "{:?}", converted.told);
}

#[test]
fn line_over_the_cap_is_told_and_skipped() {
    let long = format!(r#"{{"eventID":"{}"}}"#, "x".repeat(3 << 20));
    let converted = run(format!("{A}\n{long}\n{B}\n").as_bytes());
    assert_eq!(converted.out, format!("{A}\n{B}\n"));
    assert_eq!(converted.told, [(Some(2), "longer than 1048576 bytes".to_owned())]);
}

#[test]
fn damaged_gzip_of_lines_is_told_after_the_lines_before_it() {
    let mut text = gzip(format!("{A}\n").repeat(50_000).as_bytes());
    text.truncate(text.len() - 20);
    let converted = run(&text);
    assert!(converted.out.lines().count() > 10_000);
    assert_eq!(converted.told.len(), 1, "{:?}", converted.told);
    assert!(converted.told[0].1.starts_with("could not be read further"), "{:?}", converted.told);
}

#[test]
fn every_schema_gives_a_line_of_json_for_each_event() {
    for schema in Schema::ALL {
        let input = format!("{A}\n{B}\n");
        let converted = run_with(Cursor::new(input), &format(schema), Task::Write, &[]);
        assert_eq!(converted.out.lines().count(), 2, "{}", schema.name());
        for line in converted.out.lines() {
            serde_json::from_str::<Json>(line).unwrap();
        }
    }
}

#[test]
fn only_selected_events_are_written() {
    let input = format!("{A}\n{B}\n");
    let select = ["eventName starts_with Get"];
    let converted = run_with(Cursor::new(input), &Format::default(), Task::Write, &select);
    assert_eq!(converted.out, format!("{B}\n"));
}

const SECRET: &str = r#"{"eventID":"s","eventName":"AssumeRole","made":{"up":[1,2]},"requestParameters":null,"responseElements":{"credentials":{"accessKeyId":"ASIAEXAMPLE","sessionToken":"hunter2"}}}"#;

#[test]
fn explain_tells_where_each_field_of_one_event_went_and_no_secret() {
    for schema in Schema::ALL {
        for format in [format(schema), Format { schema, ..Format::default() }] {
            let input = format!("{A}\n{SECRET}\n{B}\n");
            let task = Task::Explain { nth: 2 };
            let converted = run_with(Cursor::new(input), &format, task, &[]);
            assert!(matches!(converted.trouble, Some(Trouble::Enough)));
            let table = converted.out;
            assert!(table.starts_with("record 2  AssumeRole  s\n\n"), "{table}");
            for field in ["eventID", "made.up[]", "requestParameters", "accessKeyId"] {
                assert!(table.contains(field), "{field} in {table}");
            }
            assert!(!table.contains("hunter2"), "{table}");
        }
    }
}

#[test]
fn event_to_explain_that_is_not_there_is_told() {
    let task = Task::Explain { nth: 3 };
    let converted = run_with(Cursor::new(A), &format(Schema::Ecs), task, &[]);
    assert_eq!(
        converted.unfinished.as_deref(),
        Some("there is no event 3 to explain: 1 were found")
    );
    assert_eq!(converted.out, "");
}

/// Takes some bytes, then breaks as a pipe does.
struct Pipe(usize);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn output_that_takes_no_more_ends_it() {
    let lines = format!("{A}\n").repeat(100);
    let file = format!("[{}]", vec![A; 100].join(","));
    for input in [lines, file] {
        let mut converter = Converter::new(&Format::default(), Task::Write, Pipe(1_000));
        let ended = convert_input(Cursor::new(input), &mut converter, &mut |_, fault| {
            panic!("{fault}");
        });
        let Err(Trouble::Output(error)) = ended else { panic!("goes on") };
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    }
}

/// Gives a line at a time, and fails the test when it is asked for more than is needed.
struct Slow(Vec<String>);

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        assert!(!self.0.is_empty(), "reads on after the event was found");
        let line = self.0.remove(0);
        buffer[..line.len()].copy_from_slice(line.as_bytes());
        Ok(line.len())
    }
}

#[test]
fn line_is_converted_before_the_next_one_comes() {
    let input = Slow(vec![format!("{A}\n"), format!("{B}\n")]);
    let converted = run_with(input, &Format::default(), Task::Explain { nth: 2 }, &[]);
    assert!(converted.out.starts_with("record 2"), "{}", converted.out);
}
