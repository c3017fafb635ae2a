//! The members of a gzip object, one after another, inflated into the caller's buffer.

use std::io::BufRead;

use flate2::{FlushDecompress, Status};

use super::header::{bytes, input, pass};
use super::libdeflate::crc32;
use crate::error::{Cause, GZIP};

#[expect(clippy::disallowed_types, reason = "this is where the output is capped")]
type Inflater = flate2::Decompress;

/// What has been read of the current member.
enum Step {
    /// Nothing: its header comes next.
    Header,
    /// Its header, and maybe some of its content.
    Content,
    /// The last one: there is nothing more.
    End,
}

/// Reads all members of an object; says what is wrong only after every byte before it.
pub(crate) struct Members<B> {
    object: B,
    inflater: Inflater,
    step: Step,
    /// Of the content of the current member, as its trailer states it.
    crc: u32,
    size: u32,
    /// Found while there were still bytes to give.
    fault: Option<Cause>,
}

impl<B: BufRead> Members<B> {
    pub(crate) fn new(object: B) -> Self {
        Self {
            object,
            inflater: Inflater::new(false),
            step: Step::Header,
            crc: 0,
            size: 0,
            fault: None,
        }
    }

    /// Some of the bytes that follow; 0 at the end.
    pub(crate) fn read(&mut self, out: &mut [u8]) -> Result<usize, Cause> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        loop {
            match self.step {
                Step::Header if pass(&mut self.object)? => self.step = Step::Content,
                Step::Header => self.step = Step::End,
                Step::Content => {
                    let written = self.content(out)?;
                    if written > 0 {
                        return Ok(written);
                    }
                }
                Step::End => return Ok(0),
            }
        }
    }

    /// Inflates what input is at hand; passes over the trailer once the content ends.
    fn content(&mut self, out: &mut [u8]) -> Result<usize, Cause> {
        let object = input(&mut self.object)?;
        let at_end = object.is_empty();
        let (in_before, out_before) = (self.inflater.total_in(), self.inflater.total_out());
        let result = self.inflater.decompress(object, out, FlushDecompress::None);
        let [consumed, written] =
            [self.inflater.total_in() - in_before, self.inflater.total_out() - out_before]
                .map(|count| usize::try_from(count).unwrap_or(usize::MAX));
        self.object.consume(consumed);
        self.count(out.get(..written).unwrap_or_default());
        let fault = match result {
            Ok(Status::StreamEnd) => self.trailer().err(),
            Ok(_) if consumed > 0 || written > 0 => None,
            Ok(_) if at_end => Some(Cause::Truncated(GZIP)),
            Ok(_) | Err(_) => Some(Cause::Gzip("compressed data")),
        };
        match fault {
            Some(fault) if written == 0 => return Err(fault),
            fault => self.fault = fault,
        }
        Ok(written)
    }

    fn count(&mut self, content: &[u8]) {
        self.crc = crc32(self.crc, content);
        // Modulo 4 GiB, as the trailer has it.
        self.size = self.size.wrapping_add(u32::try_from(content.len()).unwrap_or(u32::MAX));
    }

    fn trailer(&mut self) -> Result<(), Cause> {
        let crc = u32::from_le_bytes(bytes(&mut self.object)?);
        if crc != self.crc {
            return Err(Cause::Gzip("checksum of the content"));
        }
        let size = u32::from_le_bytes(bytes(&mut self.object)?);
        if size != self.size {
            return Err(Cause::Gzip("size of the content"));
        }
        self.crc = 0;
        self.size = 0;
        self.inflater.reset(false);
        self.step = Step::Header;
        Ok(())
    }
}
