//! Log objects to measure: any number of any size, of realistic records.

use std::io::{self, Write};

use flate2::Compression;
use jiff::Timestamp;

use super::calls::{Call, DATA, MANAGEMENT};
use super::chance::{self, Chance};
use super::estate::{PLACES, moment};
use super::event::{self, Plane};
use super::gzip;
use super::scene::Scene;
use super::{SampleFile, SampleKind};

/// Different records in stock. Together they are larger than deflate's window, so that a file
/// compresses as a real one does, not as a repetition.
const STOCK: u64 = 64;
const SEED: u64 = 1;
const HEAD: &[u8] = b"{\"Records\":[";
const TAIL: &[u8] = b"]}";
/// What lengthens the last record to the byte.
const PADDING: (&[u8], &[u8]) = (b",\"annotation\":\"", b"\"}");
const EVENT_ID: &str = "\"eventID\":\"";

/// `objects` log objects of `records` records each, of about 1.4 kB, every event id new.
///
/// Lazy and cheap: a record is a copy with another id. The same call gives the same objects.
pub fn generate_sized(objects: usize, records: usize) -> impl Iterator<Item = SampleFile> {
    let mut stock = Stock::new();
    let mut body = Vec::new();
    (0..objects).map(move |_| {
        body.clear();
        body.extend_from_slice(HEAD);
        for turn in 0..records {
            if turn > 0 {
                body.push(b',');
            }
            body.extend_from_slice(stock.next_record());
        }
        body.extend_from_slice(TAIL);
        let gz = gzip::compress(&body, Compression::fast());
        SampleFile { key: stock.next_key(), kind: SampleKind::Events, records, gz }
    })
}

/// One log object that inflates to exactly `size` bytes, or to about 3 kB if that is more.
///
/// Only the compressed bytes are held.
///
/// # Errors
/// None in practice: a `Vec` takes all that is written to it.
pub fn object_of(size: u64) -> io::Result<SampleFile> {
    let mut gz = Vec::new();
    let records = write_object_of(size, &mut gz)?;
    let key = Stock::new().next_key();
    Ok(SampleFile { key, kind: SampleKind::Events, records, gz })
}

/// Writes what [`object_of`] holds, and says how many records it has.
///
/// # Errors
/// Those of `writer`.
pub fn write_object_of(size: u64, writer: impl Write) -> io::Result<usize> {
    let mut stock = Stock::new();
    let reserve = stock.longest() + (PADDING.0.len() + PADDING.1.len() + TAIL.len()) as u64;
    let mut encoder = gzip::encoder(writer, Compression::fast());
    let mut written = HEAD.len() as u64;
    let mut records = 1;
    encoder.write_all(HEAD)?;
    while written + 2 * reserve < size {
        let record = stock.next_record();
        encoder.write_all(record)?;
        encoder.write_all(b",")?;
        written += record.len() as u64 + 1;
        records += 1;
    }
    let (open, close) = PADDING;
    let last = stock.next_record();
    let last = last.strip_suffix(b"}").unwrap_or(last);
    let fixed = last.len() + open.len() + close.len() + TAIL.len();
    encoder.write_all(last)?;
    encoder.write_all(open)?;
    io::copy(
        &mut io::Read::take(io::repeat(b'x'), size.saturating_sub(written + fixed as u64)),
        &mut encoder,
    )?;
    encoder.write_all(close)?;
    encoder.write_all(TAIL)?;
    encoder.finish()?;
    Ok(records)
}

/// Records to copy, each with the place where its id goes.
struct Stock {
    records: Vec<(Vec<u8>, usize)>,
    turn: usize,
    ids: u64,
    keys: u64,
}

impl Stock {
    fn new() -> Self {
        let mut chance = Chance::new(SEED);
        let records = (0..STOCK).map(|turn| stock_record(turn, &mut chance)).collect();
        Self { records, turn: 0, ids: 0, keys: 0 }
    }

    fn longest(&self) -> u64 {
        self.records.iter().map(|(text, _)| text.len() as u64).max().unwrap_or_default()
    }

    /// The next record, under an id that no other has.
    fn next_record(&mut self) -> &[u8] {
        self.ids += 1;
        let id = chance::guid(chance::mix(self.ids), self.ids);
        self.turn = (self.turn + 1) % self.records.len().max(1);
        let Some((text, id_at)) = self.records.get_mut(self.turn) else {
            return b"{}";
        };
        if let Some(old) = text.get_mut(*id_at..*id_at + id.len()) {
            old.copy_from_slice(id.as_bytes());
        }
        text
    }

    fn next_key(&mut self) -> String {
        self.keys += 1;
        let [place, ..] = &PLACES;
        place.log_key(SampleKind::Events, noon(), &format!("{:016x}", self.keys))
    }
}

fn noon() -> Timestamp {
    moment(-36_000)
}

fn stock_record(turn: u64, chance: &mut Chance) -> (Vec<u8>, usize) {
    let [place, ..] = &PLACES;
    let (table, plane): (&[Call], Plane) =
        if turn.is_multiple_of(4) { (DATA, Plane::Data) } else { (MANAGEMENT, Plane::Management) };
    let mut scene = Scene::new(place, noon(), chance);
    let call = chance::nth(table, scene.chance.number());
    let text = event::record(call, plane, &mut scene).to_json();
    let id_at = text.find(EVENT_ID).map_or(0, |at| at + EVENT_ID.len());
    (text.into_bytes(), id_at)
}
