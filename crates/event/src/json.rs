//! Finding tokens in JSON that is known to be valid.
//!
//! The log file's reader has validated every record. Where text is not valid after all, places are
//! wrong, and nothing worse: nothing here panics, and every step goes forward.

use memchr::memchr2;
use std::ops::Range;

/// Where a member of an object stands: its key between the quotes, and the start of its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) key: Range<usize>,
    pub(crate) value: usize,
}

/// The member that comes next from `at`, which is after the brace or the value before.
#[inline]
pub(crate) fn key(bytes: &[u8], at: usize) -> Option<Key> {
    let start = token(bytes, at)?;
    if bytes.get(start) != Some(&b'"') {
        return None;
    }
    let end = string_end(bytes, start + 1);
    // The colon, and rarely a space on either side of it.
    let value = token(bytes, end)?;
    Some(Key { key: start + 1..end - 1, value })
}

/// The element that comes next from `at`, which is after the bracket or the element before.
#[inline]
pub(crate) fn element(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let start = token(bytes, at)?;
    if matches!(bytes.get(start), Some(b']' | b'}')) {
        return None;
    }
    Some(start..value_end(bytes, start))
}

/// The first byte from `at` that is not space, colon or comma.
#[inline]
fn token(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at;
    while matches!(bytes.get(at)?, b':' | b',' | b' ' | b'\t' | b'\n' | b'\r') {
        at += 1;
    }
    Some(at)
}

/// Where the value that starts at `start` ends.
#[inline]
pub(crate) fn value_end(bytes: &[u8], start: usize) -> usize {
    match bytes.get(start) {
        Some(b'"') => string_end(bytes, start + 1),
        Some(b'{' | b'[') => container_end(bytes, start),
        _ => plain_end(bytes, start),
    }
}

/// Where a number or a word ends: it has one byte at least.
#[inline]
fn plain_end(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
    let length = rest.iter().position(ends).unwrap_or(rest.len());
    (start + length.max(1)).min(bytes.len())
}

/// Where an object or array ends that starts at `start`.
fn container_end(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return at;
        }
    }
    at
}

/// Where the string ends, quote included, whose first byte after the quote is at `at`.
#[inline]
fn string_end(bytes: &[u8], at: usize) -> usize {
    // Most keys and many values are short: two words are looked at without a call.
    for at in [at, at + size_of::<u64>()] {
        let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) else { break };
        let found = quotes_or_escapes(u64::from_le_bytes(*word));
        if found != 0 {
            let at = at + found.trailing_zeros() as usize / 8;
            return if bytes.get(at) == Some(&b'"') { at + 1 } else { long_string_end(bytes, at) };
        }
    }
    long_string_end(bytes, at)
}

/// The highest bit of each byte that is a quote or a backslash, up to the first one; of the bytes
/// behind it others too (Hacker's Delight, 6-1).
#[inline(always)]
fn quotes_or_escapes(word: u64) -> u64 {
    const EACH_BYTE: u64 = u64::MAX / 0xff;
    let zeros = |word: u64| word.wrapping_sub(EACH_BYTE) & !word;
    let quotes = zeros(word ^ (EACH_BYTE * b'"' as u64));
    let escapes = zeros(word ^ (EACH_BYTE * b'\\' as u64));
    (quotes | escapes) & (EACH_BYTE << 7)
}

fn long_string_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(found) = memchr2(b'"', b'\\', rest) else {
            return bytes.len().max(at);
        };
        at += found + 1;
        if rest.get(found) == Some(&b'"') {
            return at;
        }
        at = (at + 1).min(bytes.len());
    }
}

#[cfg(test)]
pub(crate) mod tests;
