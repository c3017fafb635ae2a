//! The allocator: jemalloc, set up so that memory that is given back leaves the process.
//!
//! Buffers of up to 32 MiB come and go on many threads. Left to their habits, glibc's malloc,
//! mimalloc and jemalloc each kept about 300 MiB resident for 128 MiB of buffers (64 files of
//! 40 MB at once); set up as in `.cargo/config.toml`, jemalloc keeps 130 MiB: buffers over 128 KiB
//! go back at once, small ones after a second. It costs a fifth more CPU on such files, for pages
//! that are faulted in again.

use tikv_jemallocator::Jemalloc;

#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;
