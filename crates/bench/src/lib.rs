//! What traild is measured and tormented with. Nothing here is part of the daemon.
//!
//! In memory: the committed sample trail goes in, log files of any number of events and the time that
//! each way of reading them takes come out. `stock` is where records come from, [`LogFile`] is made of
//! them, [`Parcel`] is
//! what they are turned into, [`rounds()`] times what is done with them.
//!
//! From end to end: [`trail`] makes the files of a bucket, [`server`] stands in for AWS, and the real
//! daemon is started beside it. [`e2e`] measures it, [`torment`] gives it one kind of fault, [`soak`]
//! all of them for long.
#![forbid(unsafe_code)]

pub mod e2e;
mod log_file;
mod parcel;
mod rounds;
pub mod server;
pub mod soak;
mod stock;
pub mod torment;
pub mod trail;

pub use log_file::LogFile;
pub use parcel::Parcel;
pub use rounds::{Timed, Way, rounds};
