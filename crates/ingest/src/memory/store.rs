//! A store in memory.

use crate::store::{Body, Opened, Store, StoreError};
use bytes::Bytes;
use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use trail_notification::ObjectRef;

/// A store in memory. Every version of an object is kept and can be read by its version id; without
/// one the newest is read, and only while its eTag is the one asked for.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

/// A class of [`StoreError`] to fail with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// [`StoreError::NotFound`]
    NotFound,
    /// [`StoreError::Replaced`]
    Replaced,
    /// [`StoreError::Archived`]
    Archived,
    /// [`StoreError::Denied`]
    Denied,
    /// [`StoreError::Unavailable`]
    Unavailable,
}

/// How one read of an object goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not opened.
    Fail(Failing),
    /// The body fails after this many bytes.
    BreakAfter(usize),
    /// The body ends, without an error, after this many bytes.
    EndAfter(usize),
    /// The object is said to have no more than this many bytes, and the body ends there.
    Shorten(usize),
    /// The byte at this place is another.
    Change(usize),
}

/// One request that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// When.
    pub at: Instant,
    /// The object's key.
    pub key: String,
    /// The first byte asked for.
    pub from: u64,
    /// The eTag the object was to have.
    pub etag: Option<String>,
}

#[derive(Debug, Default)]
struct State {
    /// By bucket and key, the oldest version first.
    objects: HashMap<(String, String), Vec<Version>>,
    versions: u64,
    faults: HashMap<String, VecDeque<Fault>>,
    broken: HashMap<String, Failing>,
    takes: Duration,
    piece: Option<usize>,
    requests: Vec<Request>,
}

#[derive(Clone, Debug)]
struct Version {
    id: String,
    etag: String,
    bytes: Bytes,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Stores an object as the newest version of its key. The answer names just this one: with its
    /// version, eTag and size.
    pub fn put(&self, bucket: &str, key: &str, bytes: impl Into<Bytes>) -> ObjectRef {
        let bytes = bytes.into();
        let mut state = self.state();
        state.versions += 1;
        let version =
            Version { id: format!("version-{}", state.versions), etag: etag_of(&bytes), bytes };
        let object = ObjectRef {
            version_id: Some(version.id.clone()),
            etag: Some(version.etag.clone()),
            size: Some(version.bytes.len() as u64),
            ..ObjectRef::new(bucket, key)
        };
        let place = (bucket.to_owned(), key.to_owned());
        state.objects.entry(place).or_default().push(version);
        object
    }

    /// Removes an object with all its versions.
    pub fn remove(&self, object: &ObjectRef) {
        let place = (object.bucket.clone(), object.key.clone());
        self.state().objects.remove(&place);
    }

    /// Lets the next reads of a key go wrong, one fault each, after those already told.
    pub fn fail_next(&self, key: &str, faults: impl IntoIterator<Item = Fault>) {
        let mut state = self.state();
        let told = state.faults.entry(key.to_owned()).or_default();
        told.extend(faults);
    }

    /// Lets every read of a key fail until it is [mended](Self::mend).
    pub fn fail_always(&self, key: &str, failing: Failing) {
        self.state().broken.insert(key.to_owned(), failing);
    }

    /// Ends all faults.
    pub fn mend(&self) {
        let mut state = self.state();
        state.broken.clear();
        state.faults.clear();
    }

    /// Lets each opening take `time`.
    pub fn take_time(&self, time: Duration) {
        self.state().takes = time;
    }

    /// Gives bodies in pieces of this many bytes.
    pub fn cut_into(&self, bytes: usize) {
        self.state().piece = Some(bytes.max(1));
    }

    /// All requests so far, those that failed included.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
#[deny(clippy::missing_trait_methods)]
impl Store for MemoryStore {
    async fn open(&self, object: &ObjectRef, from: u64) -> Result<Opened, StoreError> {
        let takes = self.state().takes;
        if !takes.is_zero() {
            tokio::time::sleep(takes).await;
        }
        self.state().open(object, from)
    }
}

impl State {
    fn open(&mut self, object: &ObjectRef, from: u64) -> Result<Opened, StoreError> {
        self.requests.push(Request {
            at: Instant::now(),
            key: object.key.clone(),
            from,
            etag: object.etag.clone(),
        });
        let faults = self.faults.get_mut(&object.key);
        let fault = faults.and_then(VecDeque::pop_front);
        let broken = self.broken.get(&object.key).copied().map(Fault::Fail);
        let fault = broken.or(fault);
        if let Some(Fault::Fail(failing)) = fault {
            return Err(failing.error("failed as it was told"));
        }
        let version = self.find(object)?;
        let size = version.bytes.len();
        let start = usize::try_from(from).unwrap_or(usize::MAX);
        // S3 answers a range that begins at the end, or after it, with an error.
        if start > 0 && start >= size {
            return Err(Failing::Replaced.error("the range is not within the object"));
        }
        let mut rest = version.bytes.slice(start..);
        let (given, end) = match fault {
            Some(Fault::BreakAfter(bytes)) => (bytes.min(rest.len()), End::Breaks),
            Some(Fault::EndAfter(bytes)) => (bytes.min(rest.len()), End::Ends),
            Some(Fault::Shorten(bytes)) => {
                rest.truncate(bytes);
                (rest.len(), End::Ends)
            }
            Some(Fault::Change(place)) => {
                rest = changed(&rest, place);
                (rest.len(), End::Ends)
            }
            Some(Fault::Fail(_)) | None => (rest.len(), End::Ends),
        };
        Ok(Opened {
            remaining: rest.len() as u64,
            etag: Some(version.etag.clone()),
            body: Box::new(MemoryBody {
                rest: rest.slice(..given),
                piece: self.piece.unwrap_or(16 * 1024),
                end,
            }),
        })
    }

    fn find(&self, object: &ObjectRef) -> Result<&Version, StoreError> {
        let place = (object.bucket.clone(), object.key.clone());
        let versions = self.objects.get(&place).map(Vec::as_slice);
        let versions = versions.unwrap_or_default();
        let none = || Failing::NotFound.error("there is nothing under this key");
        match &object.version_id {
            Some(id) => {
                let version = versions.iter().find(|version| version.id == *id);
                version.ok_or_else(none)
            }
            None => {
                let newest = versions.last().ok_or_else(none)?;
                let same = object.etag.as_ref().is_none_or(|etag| *etag == newest.etag);
                same.then_some(newest).ok_or_else(|| Failing::Replaced.error("the eTag is another"))
            }
        }
    }
}

impl Failing {
    fn error(self, what: &'static str) -> StoreError {
        let error = match self {
            Self::NotFound => StoreError::NotFound,
            Self::Replaced => StoreError::Replaced,
            Self::Archived => StoreError::Archived,
            Self::Denied => StoreError::Denied,
            Self::Unavailable => StoreError::Unavailable,
        };
        error(what.into())
    }
}

#[derive(Debug)]
struct MemoryBody {
    rest: Bytes,
    piece: usize,
    end: End,
}

/// What comes after the bytes.
#[derive(Clone, Copy, Debug)]
enum End {
    Ends,
    Breaks,
}

#[async_trait::async_trait]
impl Body for MemoryBody {
    async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        if !self.rest.is_empty() {
            let piece = self.piece.min(self.rest.len());
            return Ok(Some(self.rest.split_to(piece)));
        }
        match self.end {
            End::Ends => Ok(None),
            End::Breaks => Err(Failing::Unavailable.error("the body broke off")),
        }
    }
}

/// The same bytes but for one.
fn changed(bytes: &[u8], place: usize) -> Bytes {
    let mut bytes = bytes.to_vec();
    if let Some(byte) = bytes.get_mut(place) {
        *byte ^= 0x10;
    }
    bytes.into()
}

/// The same for the same bytes, as S3's mostly is.
fn etag_of(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("{:016x}", hasher.finish())
}
