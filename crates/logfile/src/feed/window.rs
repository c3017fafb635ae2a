//! A feed over a reader, through a buffer of fixed size.

use std::io::BufRead;

use sha2::{Digest, Sha256};

use super::Feed;
use crate::error::{Cause, Fault};
use crate::inflate::Source;
use crate::{Checksum, Limits};

/// The buffer: consumed bytes, bytes at hand, room.
///
/// **Invariant** `start <= end <= buffer.len() <= max(window, record cap + 1)`. The buffer is
/// exchanged at most once, when a value fills it, so no more than both ever exist. A refill reads
/// no more than a window or as much again as is at hand: pages are touched, and a value is looked
/// at again, in proportion to its size.
pub(crate) struct Window<B> {
    source: Source<B>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Consumed.
    offset: u64,
    /// Read from the source.
    produced: u64,
    fault: Option<Fault>,
    hash: Option<Sha256>,
    limits: Limits,
}

impl<B: BufRead> Window<B> {
    pub(crate) fn new(object: B, limits: &Limits) -> Self {
        let hash = match limits.checksum {
            Checksum::Skip => None,
            Checksum::Sha256 => Some(Sha256::new()),
        };
        Self {
            source: Source::new(object),
            buffer: vec![0; limits.window.max(1)],
            start: 0,
            end: 0,
            offset: 0,
            produced: 0,
            fault: None,
            hash,
            limits: *limits,
        }
    }

    /// Moves what is at hand to the front, of a larger buffer if it fills this one.
    fn make_room(&mut self) {
        let kept = self.end - self.start;
        let largest = self.limits.record.saturating_add(1);
        if kept == self.buffer.len() && kept < largest {
            let mut larger = vec![0; largest];
            if let Some(front) = larger.get_mut(..kept) {
                front.copy_from_slice(&self.buffer);
            }
            self.buffer = larger;
        } else {
            self.buffer.copy_within(self.start..self.end, 0);
        }
        self.start = 0;
        self.end = kept;
    }

    /// Reads until the room is full, or the source ends or fails; a failure is kept for later.
    fn fill(&mut self) {
        let goal = self.end.saturating_mul(2).max(self.limits.window.max(1));
        let goal = goal.min(self.buffer.len());
        while self.fault.is_none()
            && let Some(room) = self.buffer.get_mut(self.end..goal)
            && !room.is_empty()
        {
            match self.source.read(room) {
                Ok(0) => return,
                Ok(count) => self.take(count),
                Err(cause) => self.fault = Some(cause.at(self.produced)),
            }
        }
    }

    /// Counts in what was read, up to the cap.
    fn take(&mut self, count: usize) {
        let cap = self.limits.decompressed;
        let left = usize::try_from(cap - self.produced).unwrap_or(usize::MAX);
        let taken = count.min(left);
        if count > left {
            self.fault = Some(Cause::TooLarge(cap).at(cap));
        }
        let fresh = self.buffer.get(self.end..self.end + taken).unwrap_or_default();
        if let Some(hash) = &mut self.hash {
            hash.update(fresh);
        }
        self.end += taken;
        self.produced += taken as u64;
    }
}

impl<B: BufRead> Feed for Window<B> {
    fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    fn consume(&mut self, count: usize) {
        let count = count.min(self.end - self.start);
        self.start += count;
        self.offset += count as u64;
    }

    fn offset(&self) -> u64 {
        self.offset
    }

    fn more(&mut self) -> Result<bool, Fault> {
        self.make_room();
        let before = self.end;
        self.fill();
        if self.end > before {
            return Ok(true);
        }
        self.fault.take().map_or(Ok(false), Err)
    }

    fn sha256(self) -> Option<[u8; 32]> {
        self.hash.map(|hash| hash.finalize().into())
    }
}

#[cfg(test)]
mod tests;
