//! S3 and SQS in memory, on one port of the loopback interface: it stands in for AWS when the daemon
//! is measured, and when it is given answers that AWS gives rarely. It checks no signatures, keeps
//! nothing, and answers an unknown call as AWS would a forbidden one.
//!
//! In reading order: `connection` takes a request, `s3` and `sqs` answer it out of `objects` and
//! `queue`, [`Faults`] says what goes wrong meanwhile, `body` is how an answer leaves.

mod body;
mod connection;
mod counters;
mod faults;
mod notification;
mod objects;
mod queue;
mod s3;
mod sqs;

pub use counters::Counts;
pub use faults::{Faults, Rates, S3Faults, SqsFaults};

use bytes::Bytes;
use counters::Counters;
use objects::Objects;
use queue::Queue;
use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// The account that owns the queues.
const ACCOUNT: &str = "000000000000";
/// The region the queues and buckets say they are in.
const REGION: &str = "us-east-1";

/// A server with the queue `trail`, its dead-letter queue `trail-dead`, and any number of buckets.
/// It ends, and its connections break, when it is dropped.
#[derive(Debug)]
pub struct Server {
    state: Arc<State>,
    _tasks: JoinSet<()>,
}

/// What all connections share.
#[derive(Debug)]
struct State {
    address: SocketAddr,
    objects: Objects,
    queue: Arc<Queue>,
    dead_letters: Arc<Queue>,
    faults: Faults,
    counters: Counters,
}

/// A message in the dead-letter queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// The message's body.
    pub body: String,
    /// Its attributes; none where the queue itself moved it, after too many receives.
    pub attributes: BTreeMap<String, String>,
}

impl Server {
    /// Starts on a free port of 127.0.0.1, with tasks on the current runtime.
    ///
    /// # Errors
    /// When there is no port to listen on.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let dead_letters = Arc::new(Queue::new("trail-dead", None));
        let state = Arc::new(State {
            address,
            objects: Objects::default(),
            queue: Arc::new(Queue::new("trail", Some(Arc::clone(&dead_letters)))),
            dead_letters,
            faults: Faults::default(),
            counters: Counters::default(),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(connection::accept(listener, Arc::clone(&state)));
        Ok(Self { state, _tasks: tasks })
    }

    /// What `AWS_ENDPOINT_URL` has to be.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.state.address)
    }

    /// The URL of the queue `trail`.
    #[must_use]
    pub fn queue_url(&self) -> String {
        self.state.url_of(&self.state.queue)
    }

    /// Stores an object and tells nobody. Its `ETag` is its MD5 in hex. The bucket need not exist.
    pub fn put(&self, bucket: &str, key: &str, object: Bytes) {
        self.state.objects.put(bucket, key, object);
    }

    /// Stores an object, and sends the queue what S3 would.
    pub fn upload(&self, bucket: &str, key: &str, object: Bytes) {
        let size = object.len();
        let etag = self.state.objects.put(bucket, key, object);
        self.send(notification::body(bucket, key, size, &etag));
    }

    /// Removes an object; those who read it have it to the end.
    pub fn remove(&self, bucket: &str, key: &str) {
        self.state.objects.remove(bucket, key);
    }

    /// Sends a message; its id.
    pub fn send(&self, body: String) -> String {
        self.state.queue.send(body, BTreeMap::new()).id
    }

    /// How many messages the queue holds, hidden ones included.
    #[must_use]
    pub fn messages(&self) -> usize {
        self.state.queue.depth().messages
    }

    /// How many messages wait in the queue to be received.
    #[must_use]
    pub fn waiting(&self) -> usize {
        let depth = self.state.queue.depth();
        depth.messages - depth.hidden
    }

    /// What the dead-letter queue holds, in the order it came.
    #[must_use]
    pub fn dead_letters(&self) -> Vec<DeadLetter> {
        self.state.dead_letters.contents()
    }

    /// What was done so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            dead_lettered: self.state.dead_letters.arrivals(),
            faults: self.state.faults.injected(),
            ..self.state.counters.counts()
        }
    }

    /// For each message deleted since [`Self::forget_lags`], the time from its sending to that.
    #[must_use]
    pub fn lags(&self) -> Vec<Duration> {
        self.state.queue.lags()
    }

    /// Begins the list of [`Self::lags`] anew.
    pub fn forget_lags(&self) {
        self.state.queue.forget_lags();
    }

    /// What goes wrong. It may be changed at any time.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.state.faults
    }

    /// Sets for how long a receive that does not say so hides a message: 30 seconds at first.
    pub fn set_visibility(&self, visibility: Duration) {
        self.state.queue.set_visibility(visibility);
    }

    /// Sets how often a message is received before the queue moves it to the dead-letter queue
    /// instead: 10 times at first.
    pub fn set_max_receives(&self, max_receives: u32) {
        self.state.queue.set_max_receives(max_receives);
    }
}

impl State {
    fn url_of(&self, queue: &Queue) -> String {
        format!("http://{}/{ACCOUNT}/{}", self.address, queue.name())
    }
}
