//! Appending few bytes without a call.
//!
//! A line is made of a hundred pieces of some ten bytes. Copied by words of fixed size, of which the
//! last overlaps the one before, they take a few instructions each.

use std::ops::Range;

/// Appends `bytes`.
#[inline(always)]
pub(crate) fn append(bytes: &[u8], line: &mut Vec<u8>) {
    let length = bytes.len();
    if length > 64 {
        line.extend_from_slice(bytes);
    } else if length >= 32 {
        overlapping::<32>(bytes, line);
    } else if length >= 16 {
        overlapping::<16>(bytes, line);
    } else if length >= 8 {
        overlapping::<8>(bytes, line);
    } else if length >= 4 {
        overlapping::<4>(bytes, line);
    } else {
        line.extend(bytes);
    }
}

/// Appends the part of `bytes` that is `place`. Most are short, and bytes follow them: they are
/// copied with what follows, which is then taken back, so that the length decides nothing.
#[inline(always)]
pub(crate) fn append_part(bytes: &[u8], place: Range<usize>, line: &mut Vec<u8>) {
    const MOST: usize = 48;
    match bytes.get(place.start..).and_then(<[u8]>::first_chunk::<MOST>) {
        Some(chunk) if place.len() <= MOST => {
            let end = line.len() + place.len();
            line.extend_from_slice(chunk);
            line.truncate(end);
        }
        _ => line.extend_from_slice(bytes.get(place).unwrap_or_default()),
    }
}

/// Appends as many bytes as `N` to twice as many.
#[inline(always)]
fn overlapping<const N: usize>(bytes: &[u8], line: &mut Vec<u8>) {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) {
        let end = line.len() + bytes.len();
        line.extend_from_slice(first);
        line.truncate(end - N);
        line.extend_from_slice(last);
    }
}

/// Bytes that are appended often: with room behind them, so that as many are copied every time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Padded {
    bytes: [u8; Self::MOST],
    length: usize,
}

impl Padded {
    /// Bytes it can hold.
    const MOST: usize = 80;

    /// These bytes, which are known beforehand.
    pub(crate) fn of(text: &str) -> Self {
        assert!(text.len() <= Self::MOST, "{text} is too long");
        let mut bytes = [0; Self::MOST];
        bytes.iter_mut().zip(text.bytes()).for_each(|(slot, byte)| *slot = byte);
        Self { bytes, length: text.len() }
    }

    #[inline(always)]
    pub(crate) fn append(&self, line: &mut Vec<u8>) {
        let end = line.len() + self.length;
        line.extend_from_slice(&self.bytes);
        line.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_any_number_are_appended() {
        let bytes: Vec<u8> = (0..=200).collect();
        for length in 0..bytes.len() {
            let mut line = b"before".to_vec();
            append(&bytes[..length], &mut line);
            assert_eq!(line, [b"before", &bytes[..length]].concat());
            append_part(&bytes, 1..length.max(1), &mut line);
            let part = &bytes[1..length.max(1)];
            assert_eq!(line, [b"before", &bytes[..length], part].concat());
        }
    }
}
