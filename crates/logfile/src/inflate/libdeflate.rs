//! The calls into C: libdeflate's gzip decoder, which also tells how much it consumed, and its
//! checksum, several times as fast as the one of `flate2`.
//!
//! Its safe wrapper does not tell what was consumed, and so would lose a second member in silence.
//!
//! libdeflate refuses what zlib refuses, save for a few block headers no compressor writes; their
//! checksum and size are still verified here.
#![expect(unsafe_code, reason = "libdeflate is C, and its safe wrapper hides what was consumed")]

use std::ptr::NonNull;

use libdeflate_sys::{
    libdeflate_alloc_decompressor, libdeflate_crc32, libdeflate_decompressor,
    libdeflate_free_decompressor, libdeflate_gzip_decompress_ex,
    libdeflate_result_LIBDEFLATE_SUCCESS,
};

/// Replaces `content` by that of an object that is exactly one gzip member of exactly this size. None:
/// it is not, and `content` is empty.
pub(super) fn gunzip(object: &[u8], size: usize, content: &mut Vec<u8>) -> Option<()> {
    let decompressor = Decompressor::new()?;
    content.clear();
    content.try_reserve_exact(size).ok()?;
    let (mut consumed, mut written) = (0, 0);
    // SAFETY: the decompressor is live and used by this call only. The input is `object.len()`
    // readable bytes; the output at least `size` writable ones, which C may fill without reading
    // them. Both counts are live for the call and nothing is kept after it.
    let result = unsafe {
        libdeflate_gzip_decompress_ex(
            decompressor.0.as_ptr(),
            object.as_ptr().cast(),
            object.len(),
            content.as_mut_ptr().cast(),
            size,
            &raw mut consumed,
            &raw mut written,
        )
    };
    if result != libdeflate_result_LIBDEFLATE_SUCCESS || consumed != object.len() || written != size
    {
        return None;
    }
    // SAFETY: success, so the first `written` bytes of the buffer were written, and `written` is
    // `size`, for which capacity was reserved.
    unsafe { content.set_len(size) };
    Some(())
}

/// The checksum of a text, given that of what stands before it; 0 is that of nothing.
pub(super) fn crc32(before: u32, text: &[u8]) -> u32 {
    // SAFETY: reads `text.len()` readable bytes.
    unsafe { libdeflate_crc32(before, text.as_ptr().cast(), text.len()) }
}

/// Owns libdeflate's tables for one call.
struct Decompressor(NonNull<libdeflate_decompressor>);

impl Decompressor {
    fn new() -> Option<Self> {
        // SAFETY: takes nothing; null means out of memory.
        NonNull::new(unsafe { libdeflate_alloc_decompressor() }).map(Self)
    }
}

impl Drop for Decompressor {
    fn drop(&mut self) {
        // SAFETY: allocated by libdeflate in `new`, freed only here.
        unsafe { libdeflate_free_decompressor(self.0.as_ptr()) }
    }
}
