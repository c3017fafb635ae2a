//! A log file to read.

use std::io::Write;

use anyhow::Context as _;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::stock;

const EVENT_ID: &str = "\"eventID\":\"";

/// A log file as it lies in the bucket: one gzip member.
#[derive(Debug)]
pub struct LogFile {
    /// Its bytes.
    pub object: Vec<u8>,
    /// Bytes it inflates to.
    pub size: usize,
    /// Events in it.
    pub events: usize,
}

impl LogFile {
    /// A file of so many events, each with an id of its own. The same number gives the same file.
    ///
    /// # Errors
    /// If the sample trail cannot be read.
    pub fn of(events: usize) -> anyhow::Result<Self> {
        let stock = stock::records()?;
        let mut json = Vec::from(*b"{\"Records\":[");
        for (number, record) in (0_u64..).zip(stock.iter().cycle().take(events)) {
            if number > 0 {
                json.push(b',');
            }
            append(record, number, &mut json)?;
        }
        json.extend_from_slice(b"]}");
        Self::compressed(&json, events)
    }

    /// A file that inflates to `json`, packed as CloudTrail packs: at the usual level.
    ///
    /// # Errors
    /// None in practice: a `Vec` takes all that is written to it.
    pub fn compressed(json: &[u8], events: usize) -> anyhow::Result<Self> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(json)?;
        Ok(Self { object: encoder.finish()?, size: json.len(), events })
    }
}

/// Appends a record under another event id.
fn append(record: &str, number: u64, json: &mut Vec<u8>) -> anyhow::Result<()> {
    let (before, from) = record.split_once(EVENT_ID).context("a record without an event id")?;
    let (_, after) = from.split_once('"').context("an event id without an end")?;
    json.extend_from_slice(before.as_bytes());
    write!(json, "{EVENT_ID}{}\"", guid(number))?;
    json.extend_from_slice(after.as_bytes());
    Ok(())
}

/// An id that no other number has, as hard to compress as a random one: the finisher of
/// `SplitMix64` keeps different numbers different.
fn guid(number: u64) -> String {
    let [high, low] = [number * 2, number * 2 + 1].map(|number| {
        let mut z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    });
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests;
