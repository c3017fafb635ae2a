//! What chance decides, and what is written down of it.

use fastrand::Rng;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// What may go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// A call to the queue fails, with or without an effect.
    Queue,
    /// The queue refuses a call.
    QueueRefuses,
    /// One entry of a batch call fails.
    Entry,
    /// A message is received although it is hidden.
    Duplicate,
    /// There is no dead-letter queue.
    NoDeadLetters,
    /// A read of an object fails.
    Store,
    /// A read of an object is denied.
    Denied,
    /// The body of an object breaks off, ends early, or is bad at its end.
    Body,
    /// The bytes of an object are changed or cut off on their way.
    Damage,
    /// A sink or the quarantine fails for now, with or without an effect.
    Sink,
    /// A sink is set right only by a person.
    Paused,
    /// A sink says that a batch is too large.
    TooLarge,
    /// A call to the queue takes long.
    SlowQueue,
    /// A call to the store takes long.
    SlowStore,
    /// A write takes long.
    SlowSink,
}

impl Trouble {
    pub(crate) const OF_QUEUE: &[Self] = &[
        Self::Queue,
        Self::QueueRefuses,
        Self::Entry,
        Self::Duplicate,
        Self::NoDeadLetters,
        Self::SlowQueue,
    ];
    pub(crate) const OF_STORE: &[Self] =
        &[Self::Store, Self::Denied, Self::Body, Self::Damage, Self::SlowStore];
    pub(crate) const OF_SINKS: &[Self] =
        &[Self::Sink, Self::Paused, Self::TooLarge, Self::SlowSink];
}

const TROUBLES: usize = Trouble::SlowSink as usize + 1;

/// The one source of chance of a run, its clock, its record and its broken laws.
#[derive(Debug)]
pub(crate) struct Chance {
    rng: Mutex<Rng>,
    /// Per thousand, of each trouble.
    rates: [u64; TROUBLES],
    begun: Instant,
    /// When troubles end.
    calm: Instant,
    trace: Mutex<String>,
    broken: Mutex<Vec<String>>,
}

impl Chance {
    /// Troubles as `rng` has them, until `calm`.
    pub(crate) fn new(mut rng: Rng, calm: Duration) -> Self {
        let mut rates = [0; TROUBLES];
        for kind in [Trouble::OF_QUEUE, Trouble::OF_STORE, Trouble::OF_SINKS] {
            let has_any = rng.bool();
            for trouble in kind.iter().filter(|_| has_any) {
                rates[*trouble as usize] = rng.choice([0, 10, 60, 250]).unwrap();
            }
        }
        if calm > Duration::from_secs(12 * 3600) {
            rates[Trouble::Paused as usize] = 1_000;
        }
        let begun = Instant::now();
        Self {
            rng: Mutex::new(rng),
            rates,
            begun,
            calm: begun + calm,
            trace: Mutex::default(),
            broken: Mutex::default(),
        }
    }

    pub(crate) fn rng(&self) -> MutexGuard<'_, Rng> {
        self.rng.lock().unwrap()
    }

    pub(crate) fn below(&self, end: usize) -> usize {
        self.rng().usize(..end.max(1))
    }

    /// The time since the last trouble could come.
    pub(crate) fn calm_for(&self) -> Duration {
        self.calm.elapsed()
    }

    pub(crate) fn is_calm(&self) -> bool {
        Instant::now() >= self.calm
    }

    /// Whether this trouble comes now.
    pub(crate) fn comes(&self, trouble: Trouble) -> bool {
        let rate = self.rates[trouble as usize];
        let drawn = self.rng().u64(..1000);
        drawn < rate && !self.is_calm()
    }

    /// Whether none of these can come in the whole run.
    pub(crate) fn never(&self, troubles: &[Trouble]) -> bool {
        troubles.iter().all(|trouble| self.rates[*trouble as usize] == 0)
    }

    /// The time a call takes: mostly milliseconds, at times as long as a client waits at all.
    pub(crate) async fn latency(&self, slow: Trouble) {
        let long = self.comes(slow);
        let most = if long { 30_000 } else { 60 };
        let time = self.rng().u64(..most);
        sleep(Duration::from_millis(time)).await;
    }

    /// Writes down what happens.
    pub(crate) fn note(&self, who: &str, what: std::fmt::Arguments<'_>) {
        let at = self.begun.elapsed();
        let mut trace = self.trace.lock().unwrap();
        writeln!(trace, "{:>9}.{:06} {who} {what}", at.as_secs(), at.subsec_micros()).unwrap();
    }

    /// Writes down that a law is broken.
    pub(crate) fn broken(&self, law: String) {
        self.note("LAW", format_args!("{law}"));
        self.broken.lock().unwrap().push(law);
    }

    pub(crate) fn holds(&self, holds: bool, law: impl FnOnce() -> String) {
        if !holds {
            self.broken(law());
        }
    }

    pub(crate) fn take_trace(&self) -> String {
        std::mem::take(&mut self.trace.lock().unwrap())
    }

    pub(crate) fn take_broken(&self) -> Vec<String> {
        std::mem::take(&mut self.broken.lock().unwrap())
    }
}
