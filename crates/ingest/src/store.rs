//! The port to the store that objects are read from.

use bytes::Bytes;
use std::fmt;
use trail_notification::ObjectRef;
use trail_sink::BoxError;

/// A store of immutable objects, as S3 is.
///
/// # Contract
/// `open` reads the very object named: its version where one is given, else only while its eTag
/// is the one given. It retries nothing for long.
///
/// # Concurrency
/// Any number of calls at the same time.
///
/// # Cancellation
/// Dropping a future or a body ends the request.
///
/// # Errors
/// [`StoreError`] tells what the caller can do. A body may break off at any byte; the caller opens
/// the object again from there.
#[async_trait::async_trait]
pub trait Store: fmt::Debug + Send + Sync + 'static {
    /// Opens `object` from the byte `from` on.
    async fn open(&self, object: &ObjectRef, from: u64) -> Result<Opened, StoreError>;
}

/// An object on its way in.
#[derive(Debug)]
pub struct Opened {
    /// Bytes still to come, from where it was opened to the end of the object.
    pub remaining: u64,
    /// The eTag, to make sure that a resumed read is of the same object.
    pub etag: Option<String>,
    /// The bytes.
    pub body: Box<dyn Body>,
}

/// The bytes of an object, in order.
#[async_trait::async_trait]
pub trait Body: fmt::Debug + Send + 'static {
    /// The next bytes, never an empty piece, or `None` at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, StoreError>;
}

/// Why an object could not be read, by what can be done.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such object, or no such version of it.
    #[error("no such object")]
    NotFound(#[source] BoxError),
    /// The object was replaced after the notification was sent.
    #[error("the object was replaced after the notification was sent")]
    Replaced(#[source] BoxError),
    /// The object is in an archive tier and has to be restored first.
    #[error("the object is archived and has to be restored before it can be read")]
    Archived(#[source] BoxError),
    /// Credentials, bucket policy or key: a person has to act.
    #[error("access denied")]
    Denied(#[source] BoxError),
    /// Throttling, a server's fault, a timeout, a body that broke off: again after a while.
    #[error("the store could not be reached or broke off")]
    Unavailable(#[source] BoxError),
}
