//! The allocator: jemalloc, set up so that memory that is given back is used again, by whichever
//! thread is next, and leaves the process when it is not.
//!
//! Left to their habits, glibc's malloc, mimalloc and jemalloc each kept about 300 MiB resident for
//! 128 MiB of buffers that come and go on many threads (64 files of 40 MB at once). Set up as in
//! `.cargo/config.toml`, with one arena whose free pages go within a second, jemalloc stays within
//! the budget and 48 MiB; buffers for whole files are kept by the pipeline itself.

use tikv_jemallocator::Jemalloc;

#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;
