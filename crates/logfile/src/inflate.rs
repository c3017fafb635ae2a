//! Gzip, two ways: in one shot into memory, and member by member through a window.

mod header;
mod libdeflate;
mod members;
mod source;

pub(crate) use source::Source;

/// What every gzip member begins with (RFC 1952).
const MAGIC: [u8; 2] = [0x1f, 0x8b];
/// Header flag: the header ends with a checksum of itself.
const FHCRC: u8 = 0x02;
/// A header of 10 bytes, a trailer of 8.
const SMALLEST_MEMBER: usize = 18;
/// Deflate gives at most 258 bytes for two bits.
const LARGEST_RATIO: usize = 1032;

/// Whether the object is gzip, by its first two bytes: suffixes and headers lie.
#[must_use]
pub fn is_gzip(object: &[u8]) -> bool {
    object.starts_with(&MAGIC)
}

/// The decompressed size an object claims: what its gzip trailer says, or its own length if plain.
///
/// None: it is gzip, but too short for a trailer. The claim is modulo 4 GiB, of the last member
/// only, and may be a lie; [`inflate_whole`] finds out.
#[must_use]
pub fn claimed_size(object: &[u8]) -> Option<u64> {
    if !is_gzip(object) {
        return Some(object.len() as u64);
    }
    let trailer = object.get(SMALLEST_MEMBER - 4..)?.last_chunk::<4>()?;
    Some(u32::from_le_bytes(*trailer).into())
}

/// Inflates a gzip object in one shot into a buffer of exactly the claimed size.
///
/// None when that cannot be done: the claim is false, there are several members or other bytes
/// behind the first, it is damaged, or it is not gzip at all. Streaming the same bytes then gives
/// the records or says why not.
#[must_use]
pub fn inflate_whole(object: &[u8], claimed: usize) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    inflate_into(object, claimed, &mut content)?;
    Some(content)
}

/// As [`inflate_whole`], into a buffer whose memory is used again. None: the buffer holds nothing of
/// the object.
#[must_use]
pub fn inflate_into(object: &[u8], claimed: usize, content: &mut Vec<u8>) -> Option<()> {
    let flags = *object.get(3)?;
    // libdeflate passes over the header's checksum, the stream verifies it.
    if !is_gzip(object) || flags & FHCRC != 0 {
        return None;
    }
    if claimed == 0 || claimed / LARGEST_RATIO > object.len() {
        return None;
    }
    libdeflate::gunzip(object, claimed, content)
}

#[cfg(test)]
mod tests;
