//! What every sink, decorator and fake must keep of the [`Sink`] contract, as checks to call from a
//! test. A sink out of tree runs them too: implement [`Subject`] and call [`run`].
//!
//! Each check panics, as a test does, when the contract is broken.
#![expect(clippy::expect_used, reason = "a check fails by a panic")]

mod laws;
mod parcels;

pub use laws::{
    cancelled_write_harms_nothing, close_flushes, concurrent_writes_are_all_stored,
    duplicate_batch_is_harmless, empty_batch_stores_nothing, order_is_kept_within_an_object,
    refused_event_is_isolated, stored_batch_outlives_its_sink,
};
pub use parcels::{event, parcel, parcel_of};

use crate::contract::Sink;
use std::sync::Arc;

/// A store, empty at first, and the sink under test that writes to it.
#[async_trait::async_trait]
pub trait Subject: Send + Sync {
    /// A sink on the store. May be called again once the last sink was dropped or closed, as after
    /// a restart.
    async fn open(&self) -> Arc<dyn Sink>;

    /// All events stored, in the order they are stored, without line breaks; those still in files
    /// being written too.
    async fn stored(&self) -> Vec<Vec<u8>>;

    /// Whether an event is one that the sink must refuse. Only events of objects whose key begins
    /// with `refusable` may be.
    fn refuses(&self, event: &[u8]) -> bool;

    /// Whether a batch that comes again, as it was, is stored once.
    fn recognises_duplicates(&self) -> bool;
}

/// Runs every check, each on a fresh store.
///
/// # Panics
/// When the contract is broken.
pub async fn run<S: Subject>(fresh: impl Fn() -> S) {
    empty_batch_stores_nothing(&fresh()).await;
    stored_batch_outlives_its_sink(&fresh()).await;
    refused_event_is_isolated(&fresh()).await;
    duplicate_batch_is_harmless(&fresh()).await;
    order_is_kept_within_an_object(&fresh()).await;
    concurrent_writes_are_all_stored(&fresh()).await;
    close_flushes(&fresh()).await;
    for polls in 0..8 {
        cancelled_write_harms_nothing(&fresh(), polls).await;
    }
}

#[cfg(test)]
mod tests;
