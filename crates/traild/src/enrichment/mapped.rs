//! A file as bytes that the kernel reads when they are asked for. The one module of this crate with
//! unsafe code.
#![expect(unsafe_code, reason = "another process can change a file that is mapped")]

use maxminddb::Mmap;
use std::fs::File;
use std::io;

/// The file's bytes, for as long as the answer lives, whatever becomes of its name.
pub(super) fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the bytes must not change, and the file must not get shorter, while they are mapped.
    // Nothing in this process writes to a database. Of others it is asked, wherever the setting is
    // described, that they replace one by renaming: the inode that is mapped here then loses its
    // name and keeps its bytes. Whoever cuts a file short instead ends this process at the next
    // access (SIGBUS), which the guarantees survive as they survive kill -9; whoever writes into it
    // gets wrong answers until the next look, and a warning then.
    unsafe { Mmap::map(file) }
}
