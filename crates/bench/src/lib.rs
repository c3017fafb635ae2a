//! What traild is measured with: the committed sample trail goes in, log files of any number of
//! events and the time that each way of reading them takes come out. Nothing here is part of the
//! daemon, nothing writes a file, and only the [`server`] opens a socket.
//!
//! In reading order: `stock` is where records come from, [`LogFile`] is made of them, [`rounds()`]
//! times what is done with it, [`server`] stands in for AWS where the daemon itself is timed.
#![forbid(unsafe_code)]

pub mod e2e;
mod log_file;
mod rounds;
pub mod server;
pub mod soak;
mod stock;
pub mod torment;
pub mod trail;

pub use log_file::LogFile;
pub use rounds::{Timed, Way, rounds};
