//! Where strings end in JSON: eight bytes at a time, without a call. Most strings are short.

/// Bytes of a word.
const WORD: usize = 8;

/// The place of the quote that ends the string whose text starts at `start`, and whether it has no
/// escapes. Without such a quote, the end of the JSON.
#[inline(always)]
pub(super) fn end(json: &[u8], start: usize) -> (usize, bool) {
    let mut at = mark(json, start);
    let mut is_plain = true;
    while json.get(at) == Some(&b'\\') {
        is_plain = false;
        at = mark(json, at + 2);
    }
    (at, is_plain)
}

/// The place of the first quote or backslash from `at` on; without one, the end of the JSON.
#[inline(always)]
fn mark(json: &[u8], mut at: usize) -> usize {
    while let Some(word) = json.get(at..).and_then(<[u8]>::first_chunk::<WORD>) {
        let marks = marks(u64::from_le_bytes(*word));
        if marks != 0 {
            return at + marks.trailing_zeros() as usize / 8;
        }
        at += WORD;
    }
    let rest = json.get(at..).unwrap_or_default();
    at + rest.iter().position(is_mark).unwrap_or(rest.len())
}

/// A word whose lowest bit is in the byte of the first mark; 0 if there is none.
#[inline(always)]
fn marks(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 0xff;
    // Takes from each byte one: below 0 are those that were 0, and maybe what stands above them.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    zeros(word ^ (ONES * b'"' as u64)) | zeros(word ^ (ONES * b'\\' as u64))
}

#[inline(always)]
fn is_mark(byte: &u8) -> bool {
    matches!(byte, b'"' | b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A byte at a time.
    fn expected(json: &[u8], start: usize) -> (usize, bool) {
        let (mut at, mut is_plain) = (start, true);
        loop {
            match json.get(at) {
                Some(b'\\') => (at, is_plain) = (at + 2, false),
                Some(b'"') | None => return (at, is_plain),
                Some(_) => at += 1,
            }
        }
    }

    proptest! {
        #[test]
        fn the_first_quote_that_is_not_escaped_ends_a_string(json in "[a-y]{0,40}(\\\\?[\"a]){0,9}", start in 0_usize..50) {
            let (json, start) = (json.as_bytes(), start.min(json.len()));
            let (at, is_plain) = end(json, start);
            let expected = expected(json, start);
            prop_assert_eq!((at.min(json.len()), is_plain), (expected.0.min(json.len()), expected.1));
        }
    }
}
