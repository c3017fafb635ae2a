//! Decompressed bytes at hand, and how to get more of them.

mod slice;
mod window;

pub(crate) use slice::Slice;
pub(crate) use window::Window;

use crate::error::Fault;

/// The decompressed bytes of one object, a part at a time.
///
/// # Contract
/// What is seen through a feed is the bytes of the object, cut at the cap, and then either its
/// end or one fault; how they are parted must not change that. A fault is told only after every
/// byte before it was at hand.
pub(crate) trait Feed {
    /// What is at hand and not consumed.
    fn bytes(&self) -> &[u8];

    /// Passes over the first `count` of the bytes at hand.
    fn consume(&mut self, count: usize);

    /// Bytes consumed so far.
    fn offset(&self) -> u64;

    /// Puts more behind the bytes at hand; false at the end.
    fn more(&mut self) -> Result<bool, Fault>;

    /// The checksum, when it was asked for. Of all the bytes only once the end was reached.
    fn sha256(self) -> Option<[u8; 32]>;
}
