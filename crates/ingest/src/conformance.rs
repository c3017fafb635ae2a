//! What every queue and store, real or fake, must keep of the [`Queue`] and [`Store`] contracts, as
//! checks to call from a test. An adapter runs them too: implement [`QueueSubject`] or
//! [`StoreSubject`] and call [`run_queue`] or [`run_store`].
//!
//! Each check panics, as a test does, when the contract is broken. Those on queues wait for
//! visibility timeouts of whole seconds, because SQS knows no shorter ones.
#![expect(clippy::expect_used, reason = "a check fails by a panic")]

mod queues;
mod stores;

pub use queues::{
    bad_entry_fails_alone, dead_letter_keeps_the_body_and_the_message,
    deleted_message_never_comes_again, depth_counts_hidden_messages,
    empty_queue_answers_with_nothing, extended_message_stays_hidden,
    given_back_message_comes_at_once, received_message_comes_again_after_its_timeout,
};
pub use stores::{
    absent_object_is_not_found, body_holds_what_was_put, other_etag_is_another_object,
    reads_begin_where_they_are_told, replaced_object_is_not_mixed_up,
};

use crate::queue::Queue;
use crate::store::Store;
use std::sync::Arc;
use trail_notification::ObjectRef;

/// An empty queue under test, with a dead-letter queue that nothing moves to by itself.
#[async_trait::async_trait]
pub trait QueueSubject: Send + Sync {
    /// The queue.
    fn queue(&self) -> Arc<dyn Queue>;

    /// Sends a message to it.
    async fn send(&self, body: &str);

    /// Body and `traild.reason` of each message in the dead-letter queue.
    async fn dead_letters(&self) -> Vec<(String, Option<String>)>;
}

/// An empty store under test.
#[async_trait::async_trait]
pub trait StoreSubject: Send + Sync {
    /// The store.
    fn store(&self) -> Arc<dyn Store>;

    /// Puts an object, and names it as a notification would: with its eTag, and with its version if
    /// the store keeps versions.
    async fn put(&self, key: &str, bytes: &[u8]) -> ObjectRef;
}

/// Runs every check of a queue, each on a fresh one.
///
/// # Panics
/// When the contract is broken.
pub async fn run_queue<S: QueueSubject>(fresh: impl AsyncFn() -> S) {
    empty_queue_answers_with_nothing(&fresh().await).await;
    received_message_comes_again_after_its_timeout(&fresh().await).await;
    extended_message_stays_hidden(&fresh().await).await;
    given_back_message_comes_at_once(&fresh().await).await;
    deleted_message_never_comes_again(&fresh().await).await;
    bad_entry_fails_alone(&fresh().await).await;
    dead_letter_keeps_the_body_and_the_message(&fresh().await).await;
    depth_counts_hidden_messages(&fresh().await).await;
}

/// Runs every check of a store. Keys do not clash, so one store does for all.
///
/// # Panics
/// When the contract is broken.
pub async fn run_store(subject: &impl StoreSubject) {
    body_holds_what_was_put(subject).await;
    reads_begin_where_they_are_told(subject).await;
    absent_object_is_not_found(subject).await;
    other_etag_is_another_object(subject).await;
    replaced_object_is_not_mixed_up(subject).await;
}

#[cfg(test)]
mod tests;
