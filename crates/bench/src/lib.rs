//! What traild is measured with: the committed sample trail goes in, log files of any number of
//! events and the time that each way of reading them takes come out. Nothing here is part of the
//! daemon, and nothing opens a socket or writes a file.
//!
//! In reading order: `stock` is where records come from, [`LogFile`] is made of them, [`rounds()`]
//! times what is done with it.
#![forbid(unsafe_code)]

mod log_file;
mod rounds;
mod stock;

pub use log_file::LogFile;
pub use rounds::{Timed, Way, rounds};
