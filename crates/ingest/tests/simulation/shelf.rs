//! The messages that all replicas share, hidden or not, and the dead-letter queue.

use crate::world::Me;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::Notify;
use tokio::time::Instant;
use trail_ingest::Receipt;

/// The messages that all replicas share.
#[derive(Debug)]
pub(crate) struct Shelf {
    state: Mutex<State>,
    /// Something may be visible that was not.
    pub(crate) arrived: Notify,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) kept: BTreeMap<usize, Kept>,
    pub(crate) receipts: usize,
    pub(crate) dead: BTreeMap<usize, Vec<&'static str>>,
}

/// A message that was not deleted.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) visible: Instant,
    pub(crate) receives: u32,
    /// The last receive.
    pub(crate) taken: Option<Taken>,
}

#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) by: Arc<Me>,
    pub(crate) receipt: usize,
    pub(crate) at: Instant,
    /// The receiver knows of it.
    pub(crate) answered: bool,
    /// Whether the receiver has given it back.
    pub(crate) released: bool,
}

impl Shelf {
    pub(crate) fn new(messages: usize) -> Self {
        let visible = Instant::now();
        let kept = |number| (number, Kept { visible, receives: 0, taken: None });
        let kept = (0..messages).map(kept).collect();
        Self { state: Mutex::new(State { kept, ..State::default() }), arrived: Notify::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.state().kept.is_empty()
    }

    pub(crate) fn left(&self) -> Vec<usize> {
        self.state().kept.keys().copied().collect()
    }

    /// Why a message lies in the dead-letter queue.
    pub(crate) fn reasons(&self, message: usize) -> Vec<&'static str> {
        self.state().dead.get(&message).cloned().unwrap_or_default()
    }

    /// How often messages were received.
    pub(crate) fn receives(&self) -> usize {
        self.state().receipts
    }

    /// Messages that `me` knows of and has neither deleted nor given back.
    pub(crate) fn kept_by(&self, me: &Arc<Me>) -> Vec<usize> {
        let now = Instant::now();
        let state = self.state();
        let mine = state.kept.iter().filter(|(_, kept)| {
            kept.visible > now
                && kept.taken.as_ref().is_some_and(|taken| {
                    Arc::ptr_eq(&taken.by, me) && taken.answered && !taken.released
                })
        });
        mine.map(|(&number, _)| number).collect()
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl State {
    /// The message that a receipt is of, and whether it is that of the last receive.
    pub(crate) fn find(&mut self, receipt: &Receipt) -> Option<(usize, bool, &mut Kept)> {
        let (message, number) = receipt.0.split_once('/')?;
        let (message, number) = (message.parse().ok()?, number.parse::<usize>().ok()?);
        let kept = self.kept.get_mut(&message)?;
        let is_last = kept.taken.as_ref().is_some_and(|taken| taken.receipt == number);
        Some((message, is_last, kept))
    }
}
