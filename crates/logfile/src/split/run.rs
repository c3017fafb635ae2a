//! Records that are found one after the other before any is handed out.
//!
//! The code that finds a record, that reads it and that writes it is more than a processor keeps
//! at its side. Taken in turn for each record, every part of it drives out the others.

use crate::Record;
use crate::json::{Scan, is_space};

/// Bytes of records that are found at most, unless one has more: they are still near when read.
const MOST_BYTES: usize = 64 << 10;

/// Where records stand among the bytes at hand.
#[derive(Debug, Default)]
pub(super) struct Run {
    found: [Found; Self::MOST],
    count: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Found {
    start: usize,
    end: usize,
    /// How many quotes are noted of it and of those before it.
    quotes: usize,
}

impl Run {
    /// Records that are found at most.
    pub(super) const MOST: usize = 8;

    /// Looks for more behind the record of `length` that was found first. What is incomplete or
    /// wrong is no part of the run: it comes first in the next, and is told there.
    pub(super) fn find(&mut self, scan: &mut Scan, bytes: &[u8], length: usize, cap: usize) {
        let mut last = Found { start: 0, end: length, quotes: scan.quotes().len() };
        self.count = 0;
        self.push(last);
        while self.count < Self::MOST && last.end < MOST_BYTES {
            let Some(start) = next_record(bytes, last.end) else { return };
            scan.restart(last.quotes);
            let ahead = bytes.get(start..).unwrap_or_default();
            match scan.advance(ahead.get(..=cap).unwrap_or(ahead)) {
                Ok(Some(length)) if length <= cap => {
                    last = Found { start, end: start + length, quotes: scan.quotes().len() };
                    self.push(last);
                }
                Ok(_) | Err(_) => return,
            }
        }
    }

    fn push(&mut self, found: Found) {
        if let Some(slot) = self.found.get_mut(self.count) {
            *slot = found;
            self.count += 1;
        }
    }

    /// Fills in the records up to one that is not UTF-8, of which the first has this offset and
    /// index. Gives how many there are.
    pub(super) fn fill<'f>(
        &self,
        records: &mut [Record<'f>; Self::MOST],
        bytes: &'f [u8],
        (offset, index): (u64, u64),
        quotes: &'f [u32],
    ) -> usize {
        let mut before = 0;
        let mut count = 0;
        for (found, record) in self.found.iter().zip(records).take(self.count) {
            let json = bytes.get(found.start..found.end).unwrap_or_default();
            let Ok(json) = simdutf8::basic::from_utf8(json) else { break };
            let quotes = quotes.get(before..found.quotes).unwrap_or_default();
            let (index, offset) = (index + count as u64, offset + found.start as u64);
            *record = Record { index, offset, json, quotes };
            before = found.quotes;
            count += 1;
        }
        count
    }

    /// Bytes from the first of the run to the end of this many.
    pub(super) fn length(&self, count: usize) -> usize {
        let last = count.checked_sub(1).and_then(|last| self.found.get(last));
        last.map_or(0, |found| found.end)
    }
}

/// Where the record starts that follows an element which ends at `end`, if it is at hand.
fn next_record(bytes: &[u8], end: usize) -> Option<usize> {
    let comma = token(bytes, end)?;
    let start = token(bytes, comma + 1)?;
    let is_record = bytes.get(comma) == Some(&b',') && bytes.get(start) == Some(&b'{');
    is_record.then_some(start)
}

fn token(bytes: &[u8], from: usize) -> Option<usize> {
    let spaces = bytes.get(from..)?.iter().position(|byte| !is_space(*byte))?;
    Some(from + spaces)
}
