//! Sinks and the quarantine: they fail in every class, before, amid and after what they store.

use crate::chance::Trouble;
use crate::objects::number_in;
use crate::plan::SinkPlan;
use crate::world::{Me, World};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;
use trail_sink::quarantine::{Entry, Quarantine};
use trail_sink::{
    Batch, BatchLimits, BoxError, Parcel, ParcelId, Refusal, Sink, WriteError, Written,
};

/// What is durable in all sinks and in the quarantine.
#[derive(Debug)]
pub(crate) struct Stored {
    sinks: Vec<Contents>,
    /// Sink and record.
    aside: BTreeSet<(usize, usize)>,
}

#[derive(Clone, Debug, Default)]
struct Contents {
    /// How often each record is stored.
    records: BTreeMap<usize, usize>,
    /// Lines of parcels that were stored.
    seen: BTreeSet<(ParcelId, usize)>,
    /// What each parcel held when it first came.
    parcels: BTreeMap<ParcelId, Vec<u8>>,
}

impl Stored {
    pub(crate) fn new(sinks: usize) -> Self {
        Self { sinks: vec![Contents::default(); sinks], aside: BTreeSet::new() }
    }

    pub(crate) fn is_safe(&self, sink: usize, record: usize) -> bool {
        self.sinks[sink].records.contains_key(&record) || self.aside.contains(&(sink, record))
    }

    /// Each record in a sink, and how often it is there.
    pub(crate) fn records(&self, sink: usize) -> &BTreeMap<usize, usize> {
        &self.sinks[sink].records
    }

    /// Stores one line.
    fn store(&mut self, sink: usize, plan: &SinkPlan, line: (ParcelId, usize), event: &[u8]) {
        let contents = &mut self.sinks[sink];
        let is_new = contents.seen.insert(line);
        if is_new || !plan.recognises {
            *contents.records.entry(number_in(event).unwrap()).or_default() += 1;
        }
    }
}

/// A sink as one replica sees it.
#[derive(Debug)]
pub(crate) struct SinkPort {
    pub(crate) world: Arc<World>,
    pub(crate) me: Arc<Me>,
    pub(crate) place: usize,
    /// The parcels that this replica holds, as far as its sinks have seen them.
    pub(crate) parcels: Arc<Mutex<Vec<Weak<Parcel>>>>,
}

impl SinkPort {
    fn plan(&self) -> &SinkPlan {
        &self.world.plan.sinks[self.place]
    }

    /// Laws on what comes in: a parcel is the same each time, and all of them are under the budget.
    fn check(&self, batch: &Batch) {
        let World { chance, plan, .. } = &*self.world;
        let mut stored = self.world.stored();
        let mut parcels = self.parcels.lock().unwrap();
        for portion in batch.portions() {
            let parcel = portion.parcel();
            let known = stored.sinks[self.place].parcels.entry(parcel.id());
            let known = known.or_insert_with(|| parcel.lines().bytes().to_vec());
            chance.holds(known == parcel.lines().bytes(), || {
                format!("{parcel:?} has the identity of another")
            });
            parcels.push(Arc::downgrade(parcel));
        }
        parcels.retain(|parcel| parcel.strong_count() > 0);
        parcels.sort_by_key(Weak::as_ptr);
        parcels.dedup_by_key(|parcel| Weak::as_ptr(parcel));
        let alive = parcels.iter().filter_map(Weak::upgrade);
        let bytes: usize = alive.map(|parcel| parcel.lines().bytes().len()).sum();
        let most = plan.settings.memory / 2;
        chance.holds(bytes <= most, || format!("parcels of {bytes} bytes, {most} are allowed"));
    }

    /// Stores what of these events of the batch this sink takes.
    fn store(&self, batch: &Batch, events: Range<usize>) -> Written {
        let mut stored = self.world.stored();
        let mut written = Written::default();
        let lines = batch.portions().iter().enumerate().flat_map(|(number, portion)| {
            portion.lines().map(move |line| (number, portion.parcel(), line))
        });
        for (portion, parcel, line) in lines.skip(events.start).take(events.len()) {
            let (_, event) = parcel.lines().event(line).unwrap();
            if self.plan().refuses(number_in(event).unwrap()) {
                let reason = "refused as planned".to_owned();
                written.refused.push(Refusal { portion, line, reason });
            } else {
                stored.store(self.place, self.plan(), (parcel.id(), line), event);
            }
        }
        written
    }

    fn is_too_large(&self, batch: &Batch) -> bool {
        let mut events = batch.portions().iter().flat_map(|portion| {
            portion.lines().filter_map(|line| portion.parcel().lines().event(line))
        });
        let events_that_are =
            events.any(|(_, event)| self.plan().is_too_large(number_in(event).unwrap()));
        let by_chance = batch.events() > 1 && self.world.chance.comes(Trouble::TooLarge);
        batch.events() > self.plan().most || events_that_are || by_chance
    }
}

#[async_trait::async_trait]
impl Sink for SinkPort {
    fn limits(&self) -> BatchLimits {
        self.plan().limits
    }

    async fn write(&self, batch: &Batch) -> Result<Written, WriteError> {
        let World { chance, .. } = &*self.world;
        let who = format!("{} {}", self.me.name, self.plan().name);
        let events = batch.events();
        self.me.must_live().await;
        self.check(batch);
        chance.latency(Trouble::SlowSink).await;
        self.me.must_live().await;
        if self.is_too_large(batch) {
            chance.note(&who, format_args!("write {events} -> split"));
            return Err(WriteError::Split { source: "too large".into() });
        }
        if let Some(error) = fault(&self.world) {
            // Some of it may be stored all the same.
            let some = chance.below(events + 1);
            let _written = self.store(batch, 0..some);
            chance.note(&who, format_args!("write {events} -> {some} of them, {error:?}"));
            return Err(error);
        }
        // A kill may come amid the events.
        let some = chance.below(events + 1);
        let mut written = self.store(batch, 0..some);
        chance.latency(Trouble::SlowSink).await;
        self.me.must_live().await;
        written.refused.extend(self.store(batch, some..events).refused);
        chance.note(&who, format_args!("write {events} -> {} refused", written.refused.len()));
        Ok(written)
    }

    async fn probe(&self) -> Result<(), WriteError> {
        Ok(())
    }

    async fn close(&self) -> Result<(), WriteError> {
        self.world.chance.note(&self.me.name, format_args!("close {}", self.plan().name));
        Ok(())
    }
}

/// The quarantine as one replica sees it.
#[derive(Debug)]
pub(crate) struct QuarantinePort {
    pub(crate) world: Arc<World>,
    pub(crate) me: Arc<Me>,
}

#[async_trait::async_trait]
impl Quarantine for QuarantinePort {
    async fn set_aside(&self, entries: &[Entry<'_>]) -> Result<(), WriteError> {
        let World { chance, plan, .. } = &*self.world;
        self.me.must_live().await;
        chance.latency(Trouble::SlowSink).await;
        self.me.must_live().await;
        let error = fault(&self.world);
        let most = if error.is_some() { chance.below(entries.len() + 1) } else { entries.len() };
        for entry in entries.iter().take(most) {
            let record = number_in(entry.event).unwrap();
            let sink = plan.sinks.iter().position(|sink| sink.name == entry.sink).unwrap();
            let planned = &plan.sinks[sink];
            let why = planned.refuses(record) || planned.is_too_large(record);
            chance.holds(why && !entry.reason.is_empty(), || {
                format!("record {record} of sink {sink} is set aside for {:?}", entry.reason)
            });
            self.world.stored().aside.insert((sink, record));
        }
        chance.note(&self.me.name, format_args!("quarantine {most} -> {error:?}"));
        error.map_or(Ok(()), Err)
    }
}

fn fault(world: &World) -> Option<WriteError> {
    let chance = &world.chance;
    let source = || BoxError::from("failed by chance");
    if chance.comes(Trouble::Paused) {
        return Some(WriteError::Pause { source: source() });
    }
    chance.comes(Trouble::Sink).then(|| {
        let named = chance.below(4) == 0;
        let after = named.then(|| Duration::from_millis(chance.rng().u64(..90_000)));
        WriteError::Retry { after, source: source() }
    })
}
