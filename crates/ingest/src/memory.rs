//! Fakes for tests, of this crate and of others: [`MemoryQueue`] and [`MemoryStore`] keep what they
//! are given, misbehave as they are told, and write down what was asked of them. They pass the same
//! [`conformance`](crate::conformance) suite as the real ones.

mod queue;
mod shelf;
mod store;

pub use queue::{Call, EntryFault, MemoryQueue};
pub use shelf::{DeadMessage, Happening, Logged};
pub use store::{Failing, Fault, MemoryStore, Request};
