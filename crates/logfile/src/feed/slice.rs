//! A feed over a file that is in memory.

use sha2::{Digest, Sha256};

use super::Feed;
use crate::error::{Cause, Fault};
use crate::{Checksum, Limits};

/// Everything up to the cap is at hand from the start.
#[derive(Debug)]
pub(crate) struct Slice<'j> {
    json: &'j [u8],
    rest: &'j [u8],
    /// The cap, when the file is over it.
    over: Option<u64>,
    checksum: Checksum,
}

impl<'j> Slice<'j> {
    pub(crate) fn new(json: &'j [u8], limits: &Limits) -> Self {
        let cap = limits.decompressed;
        let cut =
            usize::try_from(cap).ok().and_then(|cap| Some((json.get(..cap)?, json.len() > cap)));
        let (json, over) = match cut {
            Some((json, true)) => (json, Some(cap)),
            Some((_, false)) | None => (json, None),
        };
        Self { json, rest: json, over, checksum: limits.checksum }
    }
}

impl Feed for Slice<'_> {
    fn bytes(&self) -> &[u8] {
        self.rest
    }

    fn consume(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    fn offset(&self) -> u64 {
        (self.json.len() - self.rest.len()) as u64
    }

    fn more(&mut self) -> Result<bool, Fault> {
        match self.over {
            Some(limit) => Err(Cause::TooLarge(limit).at(limit)),
            None => Ok(false),
        }
    }

    fn sha256(self) -> Option<[u8; 32]> {
        match self.checksum {
            Checksum::Skip => None,
            Checksum::Sha256 => Some(Sha256::digest(self.json).into()),
        }
    }
}
