//! The pipeline as a whole: what its stages share, how it starts, runs and stops.

use crate::acknowledge::{Done, acknowledge};
use crate::allow_list::AllowList;
use crate::fetch::Fetcher;
use crate::forward::Route;
use crate::health::Health;
use crate::hold::Holds;
use crate::host::Host;
use crate::metrics::Metrics;
use crate::offload::Offload;
use crate::pace::Pace;
use crate::queue::{Message, Queue, QueueError};
use crate::receive::{POLLERS, Polled, poll};
use crate::room::Rooms;
use crate::store::Store;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use trail_sink::{Budget, Jitter};

/// How the pipeline is to run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What a message may make it read.
    pub allow_list: AllowList,
    /// How long a message is hidden at a time; it is extended at half of this.
    pub visibility: Duration,
    /// How long one receive waits for messages.
    pub receive_wait: Duration,
    /// Messages worked on or waiting for a sink's answer at most.
    pub messages_in_flight: usize,
    /// Objects fetched and decoded at once at most; how many is found out.
    pub objects_at_once: usize,
    /// Bytes held at most, for reading and forwarding together.
    pub memory: usize,
    /// Caps on what an object may hold.
    pub limits: trail_logfile::Limits,
    /// How long work may go on after the stop before it is released.
    pub grace: Duration,
    /// Stop when the queue has been empty this long.
    pub until_idle: Option<Duration>,
}

/// How the pipeline ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All that was begun is done.
    Done,
    /// So many messages were given back before they were done.
    Released(u64),
}

/// What all stages share.
#[derive(Debug)]
pub struct Pipeline {
    settings: Settings,
    pub(crate) queue: Arc<dyn Queue>,
    pub(crate) holds: Holds,
    /// Messages given back before the stop.
    released_before: AtomicU64,
    last_busy: Mutex<Instant>,
    pub(crate) allow_list: AllowList,
    pub(crate) fetcher: Fetcher,
    pub(crate) routes: Vec<Route>,
    /// Memory for parcels, from when they are cut until the last sink has answered.
    pub(crate) forwarding: Budget,
    pub(crate) slots: Arc<Semaphore>,
    /// Objects that are in memory and decoded on threads at once: as many as compute at once.
    pub(crate) decoders: Arc<Semaphore>,
    pub(crate) stop: CancellationToken,
    /// After the stop: the last receive has returned.
    pub(crate) receiving_over: CancellationToken,
    pub(crate) health: Health,
    pub(crate) metrics: Metrics,
    pub(crate) offload: Offload,
    pub(crate) jitter: Jitter,
    /// Bytes of records in one part of an object.
    pub(crate) part: usize,
}

/// The outside of a pipeline.
#[derive(Clone, Debug)]
pub struct Ports {
    /// Where messages come from.
    pub queue: Arc<dyn Queue>,
    /// Where objects come from.
    pub store: Arc<dyn Store>,
    /// Where events go.
    pub routes: Vec<Route>,
    /// Where faults are told.
    pub health: Health,
    /// Where things are counted.
    pub metrics: Metrics,
}

impl Pipeline {
    /// A pipeline that ends after `stop`.
    #[must_use]
    pub fn new(settings: Settings, ports: Ports, stop: CancellationToken) -> Arc<Self> {
        Self::on(Host::default(), settings, ports, stop)
    }

    /// As [`new`](Self::new), on a host of one's own.
    #[must_use]
    pub fn on(host: Host, settings: Settings, ports: Ports, stop: CancellationToken) -> Arc<Self> {
        let Host { offload, jitter, part } = host;
        let Ports { queue, store, routes, health, metrics } = ports;
        // Who has memory of one kind waits only for that of a later one, and the last is given back
        // by sinks: so nothing waits in a circle. What is left of the memory is for what the allocator
        // and the HTTP client keep.
        let fetching = Budget::new(settings.memory / 16);
        let rooms = Rooms::new(settings.memory / 64 * 27);
        let forwarding = Budget::new(settings.memory / 16 * 7);
        let fetcher = Fetcher {
            store,
            fetching,
            rooms,
            pace: Pace::new(settings.objects_at_once, metrics.objects_at_once.clone()),
            limits: settings.limits,
            health: health.clone(),
            metrics: metrics.clone(),
            jitter: jitter.clone(),
            stop: stop.clone(),
        };
        Arc::new(Self {
            holds: Holds::new(
                Arc::clone(&queue),
                settings.visibility,
                metrics.clone(),
                health.clone(),
            ),
            queue,
            released_before: AtomicU64::new(0),
            last_busy: Mutex::new(Instant::now()),
            allow_list: settings.allow_list.clone(),
            fetcher,
            routes,
            forwarding,
            slots: Arc::new(Semaphore::new(settings.messages_in_flight)),
            decoders: Arc::new(Semaphore::new(offload.parallelism())),
            stop,
            receiving_over: CancellationToken::new(),
            health,
            metrics,
            offload,
            jitter,
            part,
            settings,
        })
    }

    /// Runs until the stop, then until what was begun is done or the grace period is over.
    pub async fn run(self: Arc<Self>) -> Ending {
        let (done, finished) = mpsc::channel(self.settings.messages_in_flight.max(1));
        let mut background = JoinSet::new();
        let kept = CancellationToken::new();
        background.spawn(self.holds.clone().keep(kept.clone()));
        let mut forgetting = JoinSet::new();
        forgetting.spawn(self.fetcher.rooms.clone().keep_forgetting());
        let mut acknowledging = JoinSet::new();
        let queue = Arc::clone(&self.queue);
        let (metrics, health) = (self.metrics.clone(), self.health.clone());
        acknowledging.spawn(acknowledge(queue, finished, metrics, health, self.jitter.clone()));

        let deadline = self.work(done).await;
        // What is done is deleted, and what is not is given back, within the grace period.
        let last = deadline + Duration::from_secs(1);
        if tokio::time::timeout_at(last, acknowledging.join_next()).await.is_err() {
            tracing::error!("could not delete all finished messages in time: they will come again");
            acknowledging.shutdown().await;
        }
        kept.cancel();
        let last = Instant::now() + Duration::from_secs(2);
        if tokio::time::timeout_at(last, background.join_next()).await.is_err() {
            tracing::warn!("could not give back all messages: they come again by themselves");
        }
        match self.holds.released() - self.released_before.load(Ordering::Relaxed) {
            0 => Ending::Done,
            released => Ending::Released(released),
        }
    }

    /// Receives and works until the stop, and then until the deadline, which it returns.
    async fn work(self: &Arc<Self>, done: mpsc::Sender<Done>) -> Instant {
        let (sender, mut polled) = mpsc::channel(POLLERS * 2);
        let mut pollers = JoinSet::new();
        let mut messages = JoinSet::new();
        pollers.spawn(poll(Arc::clone(self), sender.clone(), true));
        let mut sender = Some(sender);
        let far_away = Instant::now() + Duration::from_secs(86_400 * 365 * 30);
        let mut deadline = far_away;
        loop {
            tokio::select! {
                biased;
                () = self.stop.cancelled(), if sender.is_some() => {
                    // The channel ends when the last poller does.
                    sender = None;
                    self.released_before.store(self.holds.released(), Ordering::Relaxed);
                    deadline = Instant::now() + self.settings.grace;
                }
                () = tokio::time::sleep_until(deadline) => break,
                Some(ended) = messages.join_next() => self.message_ended(ended),
                Some(ended) = pollers.join_next() => self.poller_ended(ended, &mut pollers, sender.as_ref()),
                next = polled.recv() => match next {
                    Some(Polled::Message(received)) => {
                        self.metrics.in_flight.inc();
                        messages.spawn(Arc::clone(self).process(*received, done.clone()));
                    }
                    Some(Polled::More) => if let Some(sender) = &sender && pollers.len() < POLLERS {
                        pollers.spawn(poll(Arc::clone(self), sender.clone(), false));
                    },
                    None => break,
                },
            }
        }
        // What is given back from here on is not taken again by this process.
        pollers.shutdown().await;
        self.receiving_over.cancel();
        drop(polled);
        self.drain(messages, deadline).await;
        deadline.min(Instant::now() + self.settings.grace)
    }

    /// The first poller runs until the stop. Should it ever panic, another takes its place.
    fn poller_ended(
        self: &Arc<Self>,
        ended: Result<(), tokio::task::JoinError>,
        pollers: &mut JoinSet<()>,
        sender: Option<&mpsc::Sender<Polled>>,
    ) {
        if ended.is_err() {
            self.metrics.panics.inc();
        }
        if let Some(sender) = sender
            && pollers.is_empty()
            && !self.stop.is_cancelled()
        {
            pollers.spawn(poll(Arc::clone(self), sender.clone(), true));
        }
    }

    /// Waits for the messages under way until the deadline, then drops them, which releases them.
    async fn drain(&self, mut messages: JoinSet<()>, deadline: Instant) {
        let all_ended = async {
            while let Some(ended) = messages.join_next().await {
                self.message_ended(ended);
            }
        };
        if tokio::time::timeout_at(deadline, all_ended).await.is_err() {
            tracing::warn!(
                messages = messages.len(),
                "grace period is over, giving back what is not done"
            );
            messages.shutdown().await;
            self.metrics.in_flight.set(0);
        }
    }

    fn message_ended(&self, ended: Result<(), tokio::task::JoinError>) {
        if ended.is_err() {
            self.metrics.panics.inc();
            tracing::error!("a task panicked: its message was given back");
        }
        self.metrics.in_flight.dec();
    }

    pub(crate) async fn receive(&self, most: usize) -> Result<Vec<Message>, QueueError> {
        let wait = self.receive_wait();
        let messages = self.queue.receive(most, wait, self.settings.visibility).await?;
        if !messages.is_empty() {
            self.busy_now();
        }
        Ok(messages)
    }

    /// How long a receive waits for messages: where an empty queue is the end, not past that; and never
    /// so short that there is no pause between two.
    fn receive_wait(&self) -> Duration {
        let longest = self.settings.receive_wait;
        let Some(until_idle) = self.settings.until_idle else {
            return longest;
        };
        let left = until_idle.saturating_sub(self.last_busy().elapsed());
        left.min(longest).max(Duration::from_secs(1))
    }

    /// Whether the queue has been empty as long as was asked for; then the stop follows.
    pub(crate) async fn is_idle(&self) -> bool {
        let Some(until_idle) = self.settings.until_idle else {
            return false;
        };
        match self.queue.depth().await {
            Ok(0) if self.in_flight() == 0 => {}
            Ok(_) => {
                self.busy_now();
                return false;
            }
            // Nothing is known: the next receive is followed by the next look.
            Err(_) => return false,
        }
        let idle = self.last_busy().elapsed() >= until_idle;
        if idle {
            self.stop.cancel();
        }
        idle
    }

    /// Messages given back so far.
    #[must_use]
    pub fn released(&self) -> u64 {
        self.holds.released()
    }

    /// Bytes under a permit of the memory now.
    #[must_use]
    pub fn memory_used(&self) -> usize {
        let Fetcher { fetching, rooms, .. } = &self.fetcher;
        fetching.used() + rooms.used() + self.forwarding.used()
    }

    fn last_busy(&self) -> Instant {
        *self.last_busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn busy_now(&self) {
        *self.last_busy.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Messages between receipt and deletion, places taken for a receive under way not included.
    fn in_flight(&self) -> usize {
        usize::try_from(self.metrics.held.get()).unwrap_or(0)
    }
}
