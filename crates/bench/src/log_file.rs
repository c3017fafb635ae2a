//! A log file to read.

use std::io::Write;

use anyhow::Context as _;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::stock;
use crate::trail::event_id;

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
        Self::numbered(&stock::records()?, 0, events)
    }

    /// A file of so many events, whose ids are those of the numbers from `first` on. Its records go
    /// on in `stock` where those of the numbers before would have ended.
    pub(crate) fn numbered(stock: &[String], first: u64, events: usize) -> anyhow::Result<Self> {
        let begun = usize::try_from(first)? % stock.len().max(1);
        let records = stock.iter().cycle().skip(begun).take(events);
        let mut json = Vec::from(*b"{\"Records\":[");
        for (number, record) in (first..).zip(records) {
            if number > first {
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
    write!(json, "{EVENT_ID}{}\"", event_id(number))?;
    json.extend_from_slice(after.as_bytes());
    Ok(())
}

#[cfg(test)]
mod tests;
