//! The task that merges: it takes jobs in, starts writes, and knows which objects are under way.

use super::group::{self, Job};
use super::waiting::{Busy, Waiting, origins};
use crate::contract::Sink;
use crate::parcel::Origin;
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};

/// Most batches that wait in the task; the rest wait in the channel and in their callers.
const MOST_WAITING: usize = 4_096;

#[derive(Debug)]
pub(super) struct Merger {
    inner: Arc<dyn Sink>,
    writes_at_once: usize,
    waiting: Waiting,
    /// When what waits goes even if it is not full. Not later than the end of any write: what came
    /// during one has had that long to find company.
    due: Option<Instant>,
    under_way: JoinSet<()>,
    objects: HashMap<Id, Vec<Arc<Origin>>>,
    busy: Busy,
    draining: bool,
}

impl Merger {
    pub(super) fn new(inner: Arc<dyn Sink>, writes_at_once: NonZeroUsize) -> Self {
        let waiting = Waiting::new(inner.limits());
        Self {
            inner,
            writes_at_once: writes_at_once.get(),
            waiting,
            due: None,
            under_way: JoinSet::new(),
            objects: HashMap::new(),
            busy: Busy::new(),
            draining: false,
        }
    }

    /// Runs until the callers' end of the channel is dropped and all that came is written.
    pub(super) async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut arrived = Vec::new();
        loop {
            self.start_writes();
            let room = MOST_WAITING.saturating_sub(self.waiting.len());
            let due = self.due.filter(|due| *due > Instant::now());
            tokio::select! {
                biased;
                Some(ended) = self.under_way.join_next_with_id() => self.end_write(ended),
                count = jobs.recv_many(&mut arrived, room), if room > 0 && !self.draining => {
                    self.draining = count == 0;
                    self.take_in(&mut arrived);
                }
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {}
                else => return,
            }
        }
    }

    fn start_writes(&mut self) {
        while self.under_way.len() < self.writes_at_once && self.is_due() {
            let group = self.waiting.take_group(&self.busy);
            if self.waiting.len() == 0 {
                self.due = None;
            }
            if group.is_empty() {
                return;
            }
            self.start(group);
        }
    }

    fn is_due(&self) -> bool {
        let lingered = self.due.is_some_and(|due| due <= Instant::now());
        self.waiting.len() > 0 && (lingered || self.draining || self.waiting.is_full())
    }

    fn start(&mut self, group: Vec<Job>) {
        let mut objects = Vec::new();
        for origin in group.iter().flat_map(|job| origins(&job.batch)) {
            if self.busy.insert(Arc::clone(origin)) {
                objects.push(Arc::clone(origin));
            }
        }
        let write = group::write(Arc::clone(&self.inner), group);
        let id = self.under_way.spawn(write).id();
        self.objects.insert(id, objects);
    }

    fn end_write(&mut self, ended: Result<(Id, ()), JoinError>) {
        let id = match ended {
            Ok((id, ())) => id,
            Err(error) => {
                tracing::error!(error = %error, "write to the sink panicked, its callers try again");
                error.id()
            }
        };
        for origin in self.objects.remove(&id).into_iter().flatten() {
            self.busy.remove(&origin);
        }
        if self.waiting.len() > 0 {
            self.due = Some(Instant::now());
        }
    }

    fn take_in(&mut self, arrived: &mut Vec<Job>) {
        for job in arrived.drain(..) {
            self.waiting.push(job);
        }
        if self.waiting.len() > 0 {
            let linger = self.inner.limits().linger;
            self.due = self.due.or_else(|| Instant::now().checked_add(linger));
        }
    }
}
