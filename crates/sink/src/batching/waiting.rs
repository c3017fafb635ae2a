//! The batches that wait for a write, and which of them go together.

use super::group::Job;
use crate::batch::{Batch, BatchLimits};
use crate::parcel::Origin;
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// Objects that have a parcel under way.
pub(super) type Busy = HashSet<Arc<Origin>>;

#[derive(Debug)]
pub(super) struct Waiting {
    limits: BatchLimits,
    jobs: VecDeque<Job>,
    bytes: usize,
    events: usize,
}

impl Waiting {
    pub(super) fn new(limits: BatchLimits) -> Self {
        Self { limits, jobs: VecDeque::new(), bytes: 0, events: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.jobs.len()
    }

    pub(super) fn push(&mut self, job: Job) {
        self.bytes += job.batch.bytes();
        self.events += job.batch.events();
        self.jobs.push_back(job);
    }

    /// Whether there is enough for a whole write, so that waiting for more gains nothing.
    pub(super) fn is_full(&self) -> bool {
        self.bytes >= self.limits.bytes || self.events >= self.limits.events
    }

    /// Takes what goes into the next write, in the order it came. A batch of an object that is
    /// `busy` stays, and so does every later one of an object that has a batch staying.
    pub(super) fn take_group(&mut self, busy: &Busy) -> Vec<Job> {
        let mut group = Group::new(self.limits);
        let mut staying = VecDeque::new();
        let mut passed = HashSet::new();
        while let Some(job) = self.jobs.pop_front() {
            self.bytes -= job.batch.bytes();
            self.events -= job.batch.events();
            if job.reply.is_closed() {
                continue;
            }
            if !group.has_room_for(&job.batch) {
                staying.push_back(job);
                break;
            }
            let held_up = origins(&job.batch).any(|o| busy.contains(o) || passed.contains(o));
            if held_up || !group.may_take_objects_of(&job.batch) {
                passed.extend(origins(&job.batch).cloned());
                staying.push_back(job);
            } else {
                group.add(job);
            }
        }
        self.put_back(staying);
        group.jobs
    }

    fn put_back(&mut self, staying: VecDeque<Job>) {
        for job in staying.into_iter().rev() {
            self.bytes += job.batch.bytes();
            self.events += job.batch.events();
            self.jobs.push_front(job);
        }
    }
}

/// The objects a batch has events of.
pub(super) fn origins(batch: &Batch) -> impl Iterator<Item = &Arc<Origin>> {
    batch.portions().iter().map(|portion| portion.parcel().origin())
}

struct Group {
    limits: BatchLimits,
    jobs: Vec<Job>,
    bytes: usize,
    events: usize,
}

impl Group {
    fn new(limits: BatchLimits) -> Self {
        Self { limits, jobs: Vec::new(), bytes: 0, events: 0 }
    }

    /// The first always has: a batch larger than the limits is written alone.
    fn has_room_for(&self, batch: &Batch) -> bool {
        self.jobs.is_empty()
            || (self.bytes + batch.bytes() <= self.limits.bytes
                && self.events + batch.events() <= self.limits.events)
    }

    fn may_take_objects_of(&self, batch: &Batch) -> bool {
        let Some(first) = self.jobs.first() else {
            return true;
        };
        let Some(only) = origins(&first.batch).next() else {
            return true;
        };
        self.limits.merge_objects || origins(batch).all(|origin| origin == only)
    }

    fn add(&mut self, job: Job) {
        self.bytes += job.batch.bytes();
        self.events += job.batch.events();
        self.jobs.push(job);
    }
}
