//! How many objects are read at once: found out while they are read, so that nobody has to turn a knob
//! for the distance of a bucket, the cores of a machine, or what the store lets pass.
//!
//! One more with each answer while all places are taken, until the first sign of too many; after that
//! one more each round. A store that refuses halves them. Answers that take longer and longer, or
//! memory that is waited for, end the growth and take some back.

mod places;

pub(crate) use places::{Place, Places};

use prometheus_client::metrics::gauge::Gauge;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Messages taken in for each object that is read: they are there when its place is free.
const ENTRIES_FOR_A_PLACE: usize = 2;
/// So many are read at once at the start, and at least, if that many are allowed.
const FIRST: usize = 32;
const LEAST: usize = 8;
/// A cut shows in the answers only after some time.
const BETWEEN_CUTS: Duration = Duration::from_secs(1);
/// How long the quickest answers are remembered.
const REMEMBERED: Duration = Duration::from_secs(60);
/// Answers that the mean runs over, roughly.
const ANSWERS: u32 = 32;

/// How many objects are read at once.
#[derive(Clone, Debug)]
pub(crate) struct Pace(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// For objects being read.
    places: Places,
    /// For messages that were received and are not under way yet.
    entries: Places,
    most: usize,
    state: Mutex<State>,
    gauge: Gauge,
}

#[derive(Debug)]
struct State {
    limit: usize,
    /// No sign of too many was seen yet.
    is_starting: bool,
    /// Answers since it last grew.
    answers: usize,
    last_cut: Option<Instant>,
    latency: Latency,
}

/// How long the store takes to answer, and how long when it is not busy.
#[derive(Debug, Default)]
struct Latency {
    mean: Option<Duration>,
    /// The least mean of this period and of the one before, and when this one began.
    least: Option<Duration>,
    least_before: Option<Duration>,
    since: Option<Instant>,
}

/// What a latency says about the number of objects at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    MayGrow,
    Enough,
    TooMany,
}

impl Pace {
    /// `most` objects at once at most. `gauge` tells how many there may be.
    pub(crate) fn new(most: usize, gauge: Gauge) -> Self {
        let most = most.max(1);
        let limit = FIRST.min(most);
        gauge.set(i64::try_from(limit).unwrap_or(i64::MAX));
        let state = State {
            limit,
            is_starting: true,
            answers: 0,
            last_cut: None,
            latency: Latency::default(),
        };
        Self(Arc::new(Shared {
            places: Places::new(limit),
            entries: Places::new(limit * ENTRIES_FOR_A_PLACE),
            most,
            state: Mutex::new(state),
            gauge,
        }))
    }

    /// For objects being read.
    pub(crate) fn places(&self) -> &Places {
        &self.0.places
    }

    /// For messages that were received and are not under way yet.
    pub(crate) fn entries(&self) -> &Places {
        &self.0.entries
    }

    /// The store has answered after so long.
    pub(crate) fn answered(&self, after: Duration) {
        let mut state = self.state();
        match state.latency.sign(after) {
            Sign::TooMany => self.cut(&mut state, 8),
            Sign::Enough => state.is_starting = false,
            // More would change nothing while there are free places.
            Sign::MayGrow if self.0.places.are_taken() => self.grow(&mut state),
            Sign::MayGrow => {}
        }
    }

    /// The store could not answer, or said that this is too much.
    pub(crate) fn refused(&self) {
        self.cut(&mut self.state(), 2);
    }

    /// An object that had a place waited for memory.
    pub(crate) fn waited_for_memory(&self) {
        self.cut(&mut self.state(), 8);
    }

    fn grow(&self, state: &mut State) {
        state.answers += 1;
        if state.limit >= self.0.most || (!state.is_starting && state.answers < state.limit) {
            return;
        }
        state.answers = 0;
        state.limit += 1;
        self.0.places.add(1);
        self.0.entries.add(ENTRIES_FOR_A_PLACE);
        self.tell(state);
    }

    /// Takes one of so many parts away.
    fn cut(&self, state: &mut State, parts: usize) {
        state.is_starting = false;
        let now = Instant::now();
        if state.last_cut.is_some_and(|last| now.duration_since(last) < BETWEEN_CUTS) {
            return;
        }
        state.last_cut = Some(now);
        let least = LEAST.min(self.0.most);
        let surplus = (state.limit / parts).min(state.limit.saturating_sub(least));
        state.limit -= surplus;
        self.0.places.remove(surplus);
        self.0.entries.remove(surplus * ENTRIES_FOR_A_PLACE);
        self.tell(state);
    }

    fn tell(&self, state: &State) {
        self.0.gauge.set(i64::try_from(state.limit).unwrap_or(i64::MAX));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Latency {
    fn sign(&mut self, after: Duration) -> Sign {
        let mean = match self.mean {
            Some(mean) => (mean * (ANSWERS - 1) + after) / ANSWERS,
            None => after,
        };
        self.mean = Some(mean);
        let least = self.least(mean);
        if mean > least * 8 + Duration::from_millis(200) {
            Sign::TooMany
        } else if mean > least * 2 + Duration::from_millis(10) {
            Sign::Enough
        } else {
            Sign::MayGrow
        }
    }

    /// The least mean of the last one or two periods, this one included.
    fn least(&mut self, mean: Duration) -> Duration {
        let now = Instant::now();
        let since = *self.since.get_or_insert(now);
        if now.duration_since(since) >= REMEMBERED {
            self.since = Some(now);
            self.least_before = self.least.take();
        }
        let least = self.least.map_or(mean, |least| least.min(mean));
        self.least = Some(least);
        self.least_before.map_or(least, |before| before.min(least))
    }
}

#[cfg(test)]
mod tests;
