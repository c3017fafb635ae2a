//! Files made to hurt end in bounded memory and linear time.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::cell::Cell;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use trail_logfile::{Limits, Record, claimed_size, read, split, stream};

/// More than linear time over these sizes would be minutes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A text too large to be kept: a head, a unit over and over, a tail. Counts what was taken of it.
struct Endless<'c> {
    head: &'static [u8],
    unit: &'static [u8],
    left: u64,
    tail: &'static [u8],
    at: usize,
    taken: &'c Cell<u64>,
}

impl Read for Endless<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut written = 0;
        while written < out.len() {
            let part = if !self.head.is_empty() {
                self.head
            } else if self.left > 0 {
                self.unit
            } else {
                self.tail
            };
            let count = (&part[self.at..]).read(&mut out[written..])?;
            written += count;
            self.at += count;
            if self.at < part.len() {
                break;
            }
            self.at = 0;
            match () {
                () if !self.head.is_empty() => self.head = b"",
                () if self.left > 0 => self.left -= 1,
                () if self.tail.is_empty() => break,
                () => self.tail = b"",
            }
        }
        self.taken.set(self.taken.get() + written as u64);
        Ok(written)
    }
}

fn go_on(_: Record<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn endless<'c>(
    [head, unit, tail]: [&'static str; 3],
    left: u64,
    taken: &'c Cell<u64>,
) -> Endless<'c> {
    let [head, unit, tail] = [head, unit, tail].map(str::as_bytes);
    Endless { head, unit, left, tail, at: 0, taken }
}

/// Reads until refused: the reason, and how much of the object was taken by then.
fn refused(text: [&'static str; 3], left: u64) -> (&'static str, u64) {
    let taken = Cell::new(0);
    let error = stream(endless(text, left, &taken), &Limits::default(), go_on).unwrap_err();
    (error.reason(), taken.get())
}

#[test]
fn a_record_is_handed_out_before_more_than_a_window_behind_it_is_read() {
    let limits = Limits { window: 64 << 10, ..Limits::default() };
    let taken = Cell::new(0);
    let unit = r#"{"eventName":"GetObject","userIdentity":{"type":"AWSService"}},"#;
    let object = endless(["[", unit, "{}]"], 3_000_000, &taken);
    let start = Instant::now();
    let summary = stream(object, &limits, |record| {
        let ahead = taken.get() - record.offset;
        assert!(ahead <= (64 << 10) + (64 << 10), "{ahead} bytes ahead");
        ControlFlow::Continue(())
    });
    assert_eq!(summary.unwrap().records, 3_000_001);
    assert!(start.elapsed() < PATIENCE);
}

#[test]
fn a_string_of_a_gigabyte_is_refused_at_the_record_cap() {
    for head in [r#"[{"a":""#, r#"{"a":""#, r#"{""#] {
        let (reason, taken) = refused([head, "xxxxxxxxxxxxxxxx", "\""], 1 << 26);
        assert_eq!(reason, "record_too_large");
        assert!(taken < 4 << 20, "{taken} bytes taken");
    }
}

#[test]
fn a_nest_of_ten_million_is_refused_at_the_depth_cap() {
    for text in [[r#"{"a":"#, "[", ""], [r#"[{"a":"#, "[", ""], ["[", r#"{"a":"#, ""]] {
        let (reason, taken) = refused(text, 10_000_000);
        assert_eq!(reason, "too_deep");
        assert!(taken < 4 << 20, "{taken} bytes taken");
    }
    let (reason, _) = refused(["", "[", ""], 10_000_000);
    assert_eq!(reason, "not_json");
}

#[test]
fn a_gigabyte_of_spaces_takes_no_more_memory_than_a_window() {
    let taken = Cell::new(0);
    let object = endless(["[", "                ", "]"], 1 << 26, &taken);
    let start = Instant::now();
    assert_eq!(stream(object, &Limits::default(), go_on).unwrap().decompressed, (1 << 30) + 2);
    assert!(start.elapsed() < PATIENCE);
}

#[test]
fn a_gzip_bomb_is_refused_at_the_size_cap() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(b"[").unwrap();
    let spaces = vec![b' '; 1 << 20];
    for _ in 0..256 {
        encoder.write_all(&spaces).unwrap();
    }
    encoder.write_all(b"]").unwrap();
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 300_000);
    let limits = Limits { decompressed: 100 << 20, ..Limits::default() };
    for _ in 0..2 {
        let error = read(&bomb, &limits, go_on).unwrap_err();
        assert_eq!((error.reason(), error.offset()), ("too_large", 100 << 20));
    }
    assert_eq!(read(&bomb, &Limits::default(), go_on).unwrap().decompressed, (256 << 20) + 2);
}

#[test]
fn a_million_empty_records_and_a_million_empty_members_take_seconds_at_most() {
    let records = [&b"{\"Records\":["[..], &b"{},".repeat(999_999), b"{}]}"].concat();
    let start = Instant::now();
    assert_eq!(split(&records, &Limits::default(), go_on).unwrap().records, 1_000_000);
    assert_eq!(stream(&records[..], &Limits::default(), go_on).unwrap().records, 1_000_000);
    let empty = GzEncoder::new(Vec::new(), Compression::best()).finish().unwrap();
    let error = read(&empty.repeat(1_000_000), &Limits::default(), go_on).unwrap_err();
    assert_eq!((error.reason(), error.offset()), ("truncated", 0));
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

#[test]
fn one_long_record_through_a_tiny_window_takes_linear_time() {
    let limits = Limits { window: 16, record: 64 << 20, ..Limits::default() };
    let filled = [&b"[{\"a\":\""[..], &b"x".repeat(60 << 20), b"\"}]"].concat();
    let start = Instant::now();
    assert_eq!(stream(&filled[..], &limits, go_on).unwrap().records, 1);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

#[test]
fn a_false_claim_of_four_gigabytes_costs_nothing() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(b"[{}]").unwrap();
    let mut object = encoder.finish().unwrap();
    let end = object.len();
    object[end - 4..].fill(0xff);
    assert_eq!(claimed_size(&object), Some(u32::MAX.into()));
    let limits = Limits { whole: usize::MAX, ..Limits::default() };
    let error = read(&object, &limits, go_on).unwrap_err();
    assert_eq!((error.reason(), error.records()), ("gzip", 1));
}
