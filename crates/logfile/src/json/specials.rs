//! Where the bytes are that a string cannot pass over: 64 at a time, by a bit each.
//!
//! Finding the end of each string on its own costs a chain of dependent steps per string, and a log
//! file is nothing but short strings. A mask per block takes them out of the chain.

use wide::i8x16;

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

/// A bit for each quote, backslash, control character and byte beyond ASCII.
#[inline]
fn mask(block: &[u8; BLOCK]) -> u64 {
    let (parts, _) = block.as_chunks();
    parts.iter().rev().fold(0, |bits, part| bits << 16 | u64::from(mask_of_part(*part)))
}

#[inline]
fn mask_of_part(part: [u8; 16]) -> u32 {
    let bytes = i8x16::new(part.map(u8::cast_signed));
    // As a signed number a byte beyond ASCII is below the space too, and flipping a bit moves the
    // quote, and nothing else, down to it.
    let is_low = (bytes ^ i8x16::splat(2)).simd_lt(i8x16::splat(0x21));
    let is_backslash = bytes.simd_eq(i8x16::splat(b'\\'.cast_signed()));
    (is_low | is_backslash).to_bitmask()
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
