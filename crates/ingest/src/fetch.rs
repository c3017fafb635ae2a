//! Fetching: an object named by a notification comes into memory whole, or as a stream when it is
//! large, each under a permit of the memory budget.

use crate::backoff::Backoff;
use crate::health::{Health, chain};
use crate::metrics::Metrics;
use crate::pace::{Pace, Place};
use crate::room::{Room, Rooms};
use crate::store::{Opened, Store, StoreError};
use bytes::Bytes;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use trail_logfile::Limits;
use trail_notification::ObjectRef;
use trail_sink::{Budget, Jitter, Permit};

/// Reads objects from the store, retrying in place.
#[derive(Clone, Debug)]
pub(crate) struct Fetcher {
    pub(crate) store: Arc<dyn Store>,
    /// Memory for compressed bytes.
    pub(crate) fetching: Budget,
    /// Memory to decompress into, and to stream through.
    pub(crate) rooms: Rooms,
    /// How many objects are read and decoded at once.
    pub(crate) pace: Pace,
    pub(crate) limits: Limits,
    pub(crate) health: Health,
    pub(crate) metrics: Metrics,
    pub(crate) jitter: Jitter,
    /// No object is begun after this.
    pub(crate) stop: CancellationToken,
}

/// An object, and what was taken so that it can be decoded.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// The object as it was read: under the key that was found, with the eTag that it has.
    pub(crate) object: ObjectRef,
    pub(crate) source: Source,
    /// One of the places for objects being read.
    pub(crate) place: Place,
}

/// The bytes of an object as stored, whole or on their way.
#[derive(Debug)]
pub(crate) enum Source {
    /// All of them.
    Whole(Stored),
    /// Too large for that: to be read through a window, for which this is the memory.
    Stream(Box<Download>, Room),
}

/// All bytes of an object, as they are stored.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) bytes: Vec<u8>,
    /// The decompressed size that they claim, where it may be taken whole.
    pub(crate) claimed: Option<usize>,
    /// Covers them.
    pub(crate) permit: Permit,
}

/// Why an object could not be fetched, after all attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FetchError {
    #[error("there is no such object: it was removed before it was read")]
    NotFound,
    #[error("the object was replaced after the notification was sent")]
    Replaced,
    #[error("the object is archived: restore it, then redrive this message")]
    Archived,
    #[error("reading the object was denied")]
    Denied,
    #[error("the store could not be reached")]
    Unavailable,
    #[error("the daemon stops")]
    Stopped,
}

/// How long an object is tried while its message is held, before the message is given back.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// So many attempts on one object may fail in passing before its bucket is called unreachable: with
/// the back-off that is about a minute.
const SILENT_FAILURES: u32 = 8;

/// CloudTrail's files are at least 5.6 times smaller compressed (measured over 3,872 objects), so
/// one of a quarter of the largest decompressed size does not fit, and is streamed from the start.
const LEAST_RATIO: usize = 4;
/// Of an object that is asked for, beside its compressed bytes: most of the 40 KiB or more that the HTTP
/// client holds for a connection in use. The rest is in what the budgets leave of the memory.
const CONNECTION: usize = 32 * 1024;
/// Of a stream, beside its window: three buffers of the HTTP client of up to 400 KiB each, one being
/// filled, one waiting and one being read, and the inflater's own.
const ON_THE_WAY: usize = 1536 * 1024;
/// Assumed of an object whose notification does not tell its size.
const USUAL_SIZE: usize = 64 * 1024;

impl Fetcher {
    /// Fetches an object. Passing faults and denials are retried while the message is held; the
    /// permits are given back meanwhile, and `entry` with the first denial or the second failure, so
    /// that one bad bucket does not stop the others.
    pub(crate) async fn fetch(
        &self,
        object: &ObjectRef,
        entry: &mut Option<Arc<Place>>,
    ) -> Result<Fetched, FetchError> {
        let give_up = Instant::now() + PATIENCE;
        let mut object = object.clone();
        let mut backoff =
            Backoff::new(&self.jitter, Duration::from_millis(250), Duration::from_secs(60));
        let mut need = self.need(object.size);
        let mut failures = 0;
        loop {
            let (place, memory) = tokio::select! {
                biased;
                () = self.stop.cancelled() => return Err(FetchError::Stopped),
                reserved = self.reserve(need) => reserved,
            };
            let error = match self.attempt(&object, &mut need, place, memory).await {
                Ok(Some(fetched)) => return Ok(fetched),
                Ok(None) => continue,
                Err(error) => error,
            };
            // An EventBridge key is raw by AWS's documentation, and encoded from some senders.
            if matches!(error, StoreError::NotFound(_))
                && let Some(decoded) = object.percent_decoded_key.take()
            {
                object.key = decoded;
                continue;
            }
            let verdict = self.judge(&object, &error)?;
            failures += 1;
            if verdict == FetchError::Denied || failures > 1 {
                drop(entry.take());
            }
            if failures >= SILENT_FAILURES {
                self.health.fault(&bucket_component(&object), &chain(&error));
            }
            let wait = backoff.next().max(verdict.least_wait());
            if Instant::now() + wait > give_up {
                return Err(verdict);
            }
            self.metrics.read_retries.inc();
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return Err(FetchError::Stopped),
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// What an object needs before it is asked for. Nothing is waited for while memory is held.
    async fn reserve(&self, need: Need) -> (Place, Taken) {
        let place = self.pace.places().take().await;
        let memory = match need {
            Need::Bytes(bytes) => Taken::Whole(match self.fetching.try_acquire(bytes) {
                Some(permit) => permit,
                None => {
                    self.pace.waited_for_memory();
                    self.fetching.acquire(bytes).await
                }
            }),
            Need::Window => Taken::Window(self.rooms.take(window(&self.limits)).await),
        };
        (place, memory)
    }

    /// One attempt. `Ok(None)`: other memory is needed than was thought, `need` says how much.
    async fn attempt(
        &self,
        object: &ObjectRef,
        need: &mut Need,
        place: Place,
        mut memory: Taken,
    ) -> Result<Option<Fetched>, StoreError> {
        let asked = Instant::now();
        let opened = self.store.open(object, 0).await?;
        self.pace.answered(asked.elapsed());
        let length = usize::try_from(opened.remaining).unwrap_or(usize::MAX);
        let real = self.need(Some(opened.remaining));
        if !self.covers(&mut memory, real) {
            *need = real;
            return Ok(None);
        }
        self.health.well(&bucket_component(object));
        let mut download = Download::new(self, object.clone(), opened);
        let object = download.object.clone();
        let source = match memory {
            Taken::Window(room) => Source::Stream(Box::new(download), room),
            Taken::Whole(mut permit) => {
                let bytes = download.read_all(length).await?;
                permit.shrink_to(bytes.len());
                let claimed = self.claimed(&bytes);
                Source::Whole(Stored { bytes, claimed, permit })
            }
        };
        Ok(Some(Fetched { object, source, place }))
    }

    /// Whether the memory is the right one. What lacks is taken if it is free at this moment. It is not
    /// waited for: two objects that wait for each other's memory would wait for ever.
    fn covers(&self, memory: &mut Taken, need: Need) -> bool {
        match (memory, need) {
            (Taken::Window(_), Need::Window) => true,
            // One that is smaller than was said is taken whole, so that its checksum comes first.
            (Taken::Window(_), Need::Bytes(_)) | (Taken::Whole(_), Need::Window) => false,
            (Taken::Whole(permit), Need::Bytes(bytes)) => {
                let lacking = bytes.saturating_sub(permit.bytes());
                let Some(more) = self.fetching.try_acquire(lacking) else { return false };
                permit.merge(more);
                true
            }
        }
    }

    /// The decompressed size that an object claims, where it may be taken whole.
    fn claimed(&self, bytes: &[u8]) -> Option<usize> {
        let claimed = trail_logfile::claimed_size(bytes);
        let claimed = claimed.and_then(|size| usize::try_from(size).ok());
        claimed.filter(|&size| size <= self.whole_limit())
    }

    fn need(&self, size: Option<u64>) -> Need {
        let size = size.map_or(USUAL_SIZE, |size| usize::try_from(size).unwrap_or(usize::MAX));
        let bytes = size.saturating_add(CONNECTION);
        if size > self.whole_limit() / LEAST_RATIO || bytes > self.fetching.total() {
            return Need::Window;
        }
        Need::Bytes(bytes)
    }

    /// The largest decompressed size taken whole: what is configured, and never so much that two
    /// objects fill the memory to decompress into.
    fn whole_limit(&self) -> usize {
        self.limits.whole.min(self.rooms.total() / 2)
    }

    /// What an error means: `Err` at once, or `Ok` with what to say when patience ends.
    fn judge(&self, object: &ObjectRef, error: &StoreError) -> Result<FetchError, FetchError> {
        let told = match error {
            StoreError::NotFound(_) => FetchError::NotFound,
            StoreError::Replaced(_) => FetchError::Replaced,
            StoreError::Archived(_) => FetchError::Archived,
            StoreError::Denied(_) => {
                self.health.fault(&bucket_component(object), &chain(error));
                return Ok(FetchError::Denied);
            }
            StoreError::Unavailable(_) => {
                self.pace.refused();
                tracing::debug!(%object, error = chain(error), "read failed, will try again");
                return Ok(FetchError::Unavailable);
            }
        };
        // What is wrong is the object: the bucket lets itself be read.
        self.health.well(&bucket_component(object));
        Err(told)
    }
}

impl FetchError {
    /// A word that can be counted.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Replaced => "replaced",
            Self::Archived => "archived",
            Self::Denied => "denied",
            Self::Unavailable => "unavailable",
            Self::Stopped => "stopped",
        }
    }

    /// A denial is not mended in milliseconds.
    fn least_wait(self) -> Duration {
        if self == Self::Denied { Duration::from_secs(5) } else { Duration::ZERO }
    }
}

/// Memory to stream an object: the window, a record that does not fit it, and bytes on the way.
pub(crate) fn window(limits: &Limits) -> usize {
    limits.window.saturating_add(limits.record).saturating_add(ON_THE_WAY)
}

fn bucket_component(object: &ObjectRef) -> String {
    format!("bucket {}", object.bucket.escape_default())
}

/// Memory an object needs to be fetched.
#[derive(Clone, Copy, Debug)]
enum Need {
    /// For all of it.
    Bytes(usize),
    /// To be streamed.
    Window,
}

/// What was taken for it.
#[derive(Debug)]
enum Taken {
    Whole(Permit),
    Window(Room),
}

impl Stored {
    /// Memory it takes to decompress it.
    pub(crate) fn decompressed(&self, limits: &Limits) -> Option<usize> {
        match self.claimed {
            Some(_) if !trail_logfile::is_gzip(&self.bytes) => None,
            Some(claimed) => Some(claimed),
            None => Some(window(limits)),
        }
    }
}

/// The bytes of an object as they arrive. A body that breaks off is opened again where it broke.
#[derive(Debug)]
pub(crate) struct Download {
    store: Arc<dyn Store>,
    metrics: Metrics,
    object: ObjectRef,
    opened: Opened,
    read: u64,
    backoff: Backoff,
    failures: u32,
}

/// Attempts in a row without a byte between them before a download is given up.
const FRUITLESS_ATTEMPTS: u32 = 8;

impl Download {
    fn new(fetcher: &Fetcher, mut object: ObjectRef, opened: Opened) -> Self {
        // What is read after a break must be the same object as before it.
        object.etag = opened.etag.clone().or(object.etag);
        let backoff =
            Backoff::new(&fetcher.jitter, Duration::from_millis(100), Duration::from_secs(10));
        let (store, metrics) = (Arc::clone(&fetcher.store), fetcher.metrics.clone());
        Self { store, metrics, object, opened, read: 0, backoff, failures: 0 }
    }

    /// The next bytes, or `None` at the end of the object.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        loop {
            let error = match self.opened.body.next().await {
                Ok(Some(bytes)) => {
                    self.read += bytes.len() as u64;
                    self.opened.remaining =
                        self.opened.remaining.saturating_sub(bytes.len() as u64);
                    self.failures = 0;
                    self.backoff.reset();
                    self.metrics.object_bytes.inc_by(bytes.len() as u64);
                    return Ok(Some(bytes));
                }
                Ok(None) if self.opened.remaining == 0 => return Ok(None),
                Ok(None) => StoreError::Unavailable("the body ended before its length".into()),
                // All bytes came, and then it says that they are not right: nothing is left to resume.
                Err(error) if self.opened.remaining == 0 => return Err(error),
                Err(error) => error,
            };
            self.resume(error).await?;
        }
    }

    async fn resume(&mut self, mut error: StoreError) -> Result<(), StoreError> {
        loop {
            self.failures += 1;
            if !matches!(error, StoreError::Unavailable(_)) || self.failures > FRUITLESS_ATTEMPTS {
                return Err(error);
            }
            self.metrics.read_retries.inc();
            tokio::time::sleep(self.backoff.next()).await;
            match self.store.open(&self.object, self.read).await {
                Ok(opened) => {
                    self.opened = opened;
                    return Ok(());
                }
                Err(next) => error = next,
            }
        }
    }

    async fn read_all(&mut self, length: usize) -> Result<Vec<u8>, StoreError> {
        let mut bytes = Vec::with_capacity(length);
        while let Some(piece) = self.next().await? {
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }
}
