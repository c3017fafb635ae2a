//! Where the strings of a record are: the places of all quotes that begin or end one.
//!
//! Found 64 bytes at a time. Finding the end of each string on its own costs a chain of dependent
//! steps per string, and a record is nothing but short strings.

/// Bytes of a block: one bit each.
const BLOCK: usize = 64;

/// Quotes noted without asking whether there are so many: most blocks have fewer.
const AT_ONCE: usize = 8;

/// Quotes for which memory is kept from one record to the next. Records have some hundred.
const KEPT: usize = 16 * 1024;

/// The quotes of a record. Its memory is kept from one record to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Quotes {
    /// Only the first `count` mean something.
    places: Vec<u32>,
    count: usize,
}

impl Quotes {
    /// Finds those of `bytes`, which are less than 4 GiB.
    pub(crate) fn find(&mut self, bytes: &[u8]) {
        self.count = 0;
        if self.places.len() > KEPT {
            self.places.truncate(KEPT);
            self.places.shrink_to(KEPT);
        }
        if memchr::memchr(b'\\', bytes).is_none() {
            self.find_plain(bytes);
        } else {
            self.find_unescaped(bytes);
        }
    }

    /// Takes those that another has found; gives them, to be moved.
    pub(crate) fn copy(&mut self, places: &[u32]) -> &mut [u32] {
        self.places.clear();
        self.places.shrink_to(KEPT);
        self.places.extend_from_slice(places);
        self.count = places.len();
        &mut self.places
    }

    /// In order.
    #[inline]
    pub(crate) fn places(&self) -> &[u32] {
        self.places.get(..self.count).unwrap_or_default()
    }

    fn find_plain(&mut self, bytes: &[u8]) {
        let (blocks, last) = bytes.as_chunks::<BLOCK>();
        for (number, block) in blocks.iter().enumerate() {
            self.note(number * BLOCK, mask(block));
        }
        let mut block = [0; BLOCK];
        block.iter_mut().zip(last).for_each(|(slot, byte)| *slot = *byte);
        self.note(bytes.len() - last.len(), mask(&block));
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "records are below 4 GiB")]
    fn note(&mut self, block: usize, mut mask: u64) {
        if self.places.len() < self.count + BLOCK {
            self.grow();
        }
        let slots = self.places.get_mut(self.count..).unwrap_or_default();
        self.count += mask.count_ones() as usize;
        let (chunks, _) = slots.as_chunks_mut::<AT_ONCE>();
        for chunk in chunks {
            // More than there are: what is written too much is written over.
            for slot in chunk {
                *slot = block as u32 + mask.trailing_zeros();
                mask &= mask.wrapping_sub(1);
            }
            if mask == 0 {
                return;
            }
        }
    }

    #[cold]
    fn grow(&mut self) {
        self.places.resize(2 * self.places.len() + BLOCK, 0);
    }

    /// Where there are backslashes, what follows each is passed over.
    #[expect(clippy::cast_possible_truncation, reason = "records are below 4 GiB")]
    fn find_unescaped(&mut self, bytes: &[u8]) {
        self.places.truncate(0);
        let mut after_escape = 0;
        for place in memchr::memchr2_iter(b'"', b'\\', bytes) {
            if place < after_escape {
                continue;
            }
            if bytes.get(place) == Some(&b'"') {
                self.places.push(place as u32);
            } else {
                after_escape = place + 2;
            }
        }
        self.count = self.places.len();
    }
}

/// A bit for each quote, in a form that compilers turn into vector instructions, with one crossing
/// from vectors to a plain number: bit `i` of byte `j` is first that of byte `j` of word `i`.
#[inline]
fn mask(block: &[u8; BLOCK]) -> u64 {
    const EACH_BYTE: u128 = (u64::MAX / 0xff) as u128;
    const TWO_WORDS: u128 = EACH_BYTE | EACH_BYTE << 65;
    let marks = block.map(|byte| if byte == b'"' { 0xff } else { 0 });
    let (pairs, _) = marks.as_chunks::<16>();
    let bits = pairs
        .iter()
        .zip([0, 2, 4, 6])
        .fold(0, |bits, (pair, place)| bits | u128::from_le_bytes(*pair) & TWO_WORDS << place);
    let bits = bits.to_le_bytes();
    let (halves, _) = bits.as_chunks::<8>();
    transpose(halves.iter().fold(0, |bits, half| bits | u64::from_le_bytes(*half)))
}

/// Bit `i` of byte `j` becomes bit `j` of byte `i` (Hacker's Delight, 7-3).
#[inline]
fn transpose(mut bits: u64) -> u64 {
    for (shift, keep) in
        [(7, 0x00aa_00aa_00aa_00aa), (14, 0x0000_cccc_0000_cccc), (28, 0x0000_0000_f0f0_f0f0)]
    {
        let swap = (bits ^ bits >> shift) & keep;
        bits ^= swap ^ swap << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<usize> {
        let mut quotes = Quotes::default();
        quotes.find(text.as_bytes());
        quotes.places().iter().map(|place| *place as usize).collect()
    }

    /// A byte at a time.
    fn expected(text: &str) -> Vec<usize> {
        let mut escaped = false;
        let unescaped = |(place, byte): (usize, u8)| {
            let is_quote = !escaped && byte == b'"';
            escaped = !escaped && byte == b'\\';
            is_quote.then_some(place)
        };
        text.bytes().enumerate().filter_map(unescaped).collect()
    }

    #[test]
    fn quotes_that_are_escaped_are_none() {
        for text in [r#""a\"b""#, r#""\\""#, r#""\\\"""#, "", "\"", &"\"".repeat(300)] {
            assert_eq!(found(text), expected(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_quote_is_found(text in "[a\"\u{e9}]{0,300}") {
            prop_assert_eq!(found(&text), expected(&text));
        }

        #[test]
        fn every_quote_is_found_among_escapes(text in "[a\"\\\\]{0,300}") {
            prop_assert_eq!(found(&text), expected(&text));
        }
    }
}
