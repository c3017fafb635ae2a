//! The header of a gzip member (RFC 1952): verified and passed over.

use std::io::{self, BufRead};

use super::libdeflate::crc32;
use super::{FHCRC, MAGIC};
use crate::error::{Cause, GZIP};

const FEXTRA: u8 = 0x04;
const FNAME: u8 = 0x08;
const FCOMMENT: u8 = 0x10;
const RESERVED: u8 = 0xe0;
const DEFLATE: u8 = 8;

/// Passes over the header of the next member. False: there is none, the object ends here.
pub(super) fn pass(object: &mut impl BufRead) -> Result<bool, Cause> {
    match (byte(object)?, MAGIC) {
        (None, _) => return Ok(false),
        (Some(one), [magic, _]) if one != magic => return Err(Cause::TrailingBytes(GZIP)),
        (Some(_), [_, magic]) if byte(object)? != Some(magic) => {
            return Err(Cause::TrailingBytes(GZIP));
        }
        (Some(_), _) => {}
    }
    Header { object, crc: crc32(0, &MAGIC) }.rest()?;
    Ok(true)
}

/// A header being passed over, and its checksum so far.
struct Header<'o, B> {
    object: &'o mut B,
    crc: u32,
}

impl<B: BufRead> Header<'_, B> {
    fn rest(mut self) -> Result<(), Cause> {
        let [method, flags, _time @ .., _extra_flags, _system] = self.bytes::<8>()?;
        if method != DEFLATE {
            return Err(Cause::Gzip("unknown compression method"));
        }
        if flags & RESERVED != 0 {
            return Err(Cause::Gzip("reserved header flags"));
        }
        if flags & FEXTRA != 0 {
            for _ in 0..u16::from_le_bytes(self.bytes()?) {
                self.bytes::<1>()?;
            }
        }
        for text in [FNAME, FCOMMENT] {
            while flags & text != 0 && self.bytes()? != [0] {}
        }
        let sum = self.crc.to_le_bytes();
        if flags & FHCRC != 0 && !sum.starts_with(&self.bytes::<2>()?) {
            return Err(Cause::Gzip("header checksum"));
        }
        Ok(())
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Cause> {
        let bytes = bytes(self.object)?;
        self.crc = crc32(self.crc, &bytes);
        Ok(bytes)
    }
}

/// The next bytes, all of them.
pub(super) fn bytes<const N: usize>(object: &mut impl BufRead) -> Result<[u8; N], Cause> {
    let mut bytes = [0; N];
    for slot in &mut bytes {
        *slot = byte(object)?.ok_or(Cause::Truncated(GZIP))?;
    }
    Ok(bytes)
}

fn byte(object: &mut impl BufRead) -> Result<Option<u8>, Cause> {
    let next = input(object)?.first().copied();
    object.consume(next.map_or(0, |_| 1));
    Ok(next)
}

/// The compressed bytes at hand; none at the end of the object.
pub(super) fn input(object: &mut impl BufRead) -> Result<&[u8], Cause> {
    loop {
        match object.fill_buf() {
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Cause::Read(error)),
        }
    }
    // Asked again for what is buffered now: the borrow checker does not let the loop return it.
    object.fill_buf().map_err(Cause::Read)
}
