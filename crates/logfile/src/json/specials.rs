//! Where the bytes are that a string cannot pass over: 64 at a time, by a bit each.
//!
//! Finding the end of each string on its own costs a chain of dependent steps per string, and a log
//! file is nothing but short strings. A mask per block takes them out of the chain.

/// A quote, a backslash, a control character or a byte beyond ASCII.
#[inline]
fn is_special(byte: u8) -> bool {
    // As a signed number a byte beyond ASCII is below the space too, and flipping a bit moves the
    // quote, and nothing else, down to it.
    ((byte ^ 2).cast_signed() < 0x21) | (byte == b'\\')
}

/// Bytes of a block: one bit each.
const BLOCK: usize = 64;

/// The special bytes of a text, looked up from front to back.
///
/// The mask of the block behind is made ahead of need. Whether a string ends in its block is
/// guessed wrong by the processor about once a block; the next mask is ready by then.
///
/// Its functions are inlined whatever they cost: the masks must stay in registers.
#[derive(Clone, Copy)]
pub(super) struct Specials<'b> {
    bytes: &'b [u8],
    /// Where the block of the mask starts.
    block: usize,
    mask: u64,
    /// The mask of the block behind.
    ahead: u64,
}

impl<'b> Specials<'b> {
    /// Looks first into the block of `at`.
    #[inline(always)]
    pub(super) fn new(bytes: &'b [u8], at: usize) -> Self {
        let block = at - at % BLOCK;
        Self { bytes, block, mask: mask_at(bytes, block), ahead: mask_at(bytes, block + BLOCK) }
    }

    #[inline(always)]
    pub(super) fn bytes(&self) -> &'b [u8] {
        self.bytes
    }

    /// The first special byte from `from` on; a place past the end if there is none.
    #[inline(always)]
    pub(super) fn next(&mut self, mut from: usize) -> usize {
        loop {
            // A place in front of the block is very far behind it.
            let within = from.wrapping_sub(self.block);
            if within < BLOCK {
                let rest = self.mask >> within;
                if rest != 0 {
                    return from + rest.trailing_zeros() as usize;
                }
                from = self.block + BLOCK;
                self.step();
            } else if within < 2 * BLOCK {
                self.step();
            } else {
                *self = Self::new(self.bytes, from);
            }
        }
    }

    /// Goes on to the block behind.
    #[inline(always)]
    fn step(&mut self) {
        self.block += BLOCK;
        self.mask = self.ahead;
        self.ahead = mask_at(self.bytes, self.block + BLOCK);
    }
}

#[inline(never)]
fn mask_at(bytes: &[u8], block: usize) -> u64 {
    let rest = bytes.get(block..).unwrap_or_default();
    match rest.first_chunk() {
        Some(block) => mask(block),
        None => mask_of_last(rest),
    }
}

/// In a form that compilers turn into vector instructions, with one crossing from vectors to a
/// plain number: bit `i` of byte `j` is first that of byte `j` of word `i`.
#[inline]
fn mask(block: &[u8; BLOCK]) -> u64 {
    const EACH_BYTE: u128 = (u64::MAX / 0xff) as u128;
    const TWO_WORDS: u128 = EACH_BYTE | EACH_BYTE << 65;
    let marks = block.map(|byte| if is_special(byte) { 0xff } else { 0 });
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

/// What is missing in the last block counts as special.
#[cold]
fn mask_of_last(rest: &[u8]) -> u64 {
    let mut block = [0; BLOCK];
    for (slot, byte) in block.iter_mut().zip(rest) {
        *slot = *byte;
    }
    mask(&block)
}

#[cfg(test)]
mod tests;
