//! The port to the queue that notifications come from.

use crate::disposition::DeadLetter;
use std::fmt;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// A queue of notifications with visibility timeouts, as SQS has them.
///
/// # Contract
/// A message that was received stays hidden for the visibility timeout asked for and comes again
/// after it, unless deleted. Nothing here retries for long: the pipeline decides.
///
/// # Duplicates
/// The same message may be received more than once, also after it was deleted.
///
/// # Concurrency
/// All methods may be called at the same time, `receive` included.
///
/// # Ordering
/// None.
///
/// # Cancellation
/// Dropping the future of `receive` may leave messages hidden until their timeout; the pipeline
/// does so only where the grace period is over before the receive.
///
/// # Errors
/// [`QueueError`] is about the whole call; entries of a batch fail one by one as [`EntryFailure`].
#[async_trait::async_trait]
pub trait Queue: fmt::Debug + Send + Sync + 'static {
    /// Waits at most `wait` for messages and takes at most `most` of them (10 on SQS), hidden for
    /// `visibility`. No messages is an empty list.
    async fn receive(
        &self,
        most: usize,
        wait: Duration,
        visibility: Duration,
    ) -> Result<Vec<Message>, QueueError>;

    /// Deletes at most [`BATCH`] messages. The answer lists those that were not deleted.
    async fn delete(&self, receipts: &[Receipt]) -> Result<Vec<EntryFailure>, QueueError>;

    /// Hides each message for the time given, counted from now; zero gives it back at once. At most
    /// [`BATCH`] of them. The answer lists those that were not changed.
    async fn change_visibility(
        &self,
        changes: &[(Receipt, Duration)],
    ) -> Result<Vec<EntryFailure>, QueueError>;

    /// Stores the message durably in the dead-letter queue, with the reason. The message itself
    /// stays where it is.
    async fn dead_letter(
        &self,
        message: &Message,
        reason: &DeadLetter,
    ) -> Result<DeadLettered, QueueError>;

    /// How many messages the queue holds, hidden and delayed ones included, as far as it knows.
    async fn depth(&self) -> Result<u64, QueueError>;
}

/// Most entries of one batch call, as SQS allows.
pub const BATCH: usize = 10;

/// One received message.
#[derive(Clone)]
pub struct Message {
    /// The queue's id of the message, for logs.
    pub id: String,
    /// The body, which comes from outside and is not to be trusted.
    pub body: String,
    /// What this receive is deleted or extended by.
    pub receipt: Receipt,
    /// How many times it was received, this time included.
    pub receives: u32,
    /// When it was sent, if the queue says so.
    pub sent: Option<SystemTime>,
    /// When this receive was asked for: the start of SQS's 12 hours.
    pub received: Instant,
}

impl fmt::Debug for Message {
    /// Leaves out the body: what comes from outside does not belong in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("id", &self.id)
            .field("bytes", &self.body.len())
            .field("receives", &self.receives)
            .finish_non_exhaustive()
    }
}

/// Handle of one receive of a message.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Receipt(pub String);

impl fmt::Debug for Receipt {
    /// A receipt lets its holder delete the message, so it is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receipt")
    }
}

/// Whether a message could be set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadLettered {
    /// It is durable in the dead-letter queue.
    Durable,
    /// The queue has no dead-letter queue.
    NoDeadLetterQueue,
}

/// One entry of a batch call that failed while others succeeded.
#[derive(Clone, Debug)]
pub struct EntryFailure {
    /// Place of the entry in the call, from 0.
    pub entry: usize,
    /// Whether the receipt is of no use any more: the message was deleted, or its visibility ended
    /// and it belongs to whoever receives it next.
    pub gone: bool,
    /// What the queue said.
    pub reason: String,
}

/// Why a call to the queue failed, by what can be done.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// Throttling, a timeout, a fault on the way: again after a while.
    #[error("the queue could not be reached or could not answer")]
    Unavailable(#[source] trail_sink::BoxError),
    /// Credentials, permission, a missing queue: a person has to act.
    #[error("the queue refused the request")]
    Refused(#[source] trail_sink::BoxError),
}
