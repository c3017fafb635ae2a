//! Cutting an object into parcels.

use crate::offload::Waiting;
use crate::selection::{Chosen, Selection};
use std::ops::ControlFlow;
use std::sync::Arc;
use trail_event::{Batch, Event};
use trail_logfile::{Quotes, Record};
use trail_schema::Scratch;
use trail_sink::{Budget, Lines, Origin, Parcel, Permit};

/// What a parcel counts for in the budget at least, for what surrounds its bytes.
const PARCEL_LEAST: usize = 4 * 1024;

/// What an event takes beside its bytes: the end of its line and its index.
const LINE_OVERHEAD: usize = 16;

/// Fills parcels, of each part of the object one for each encoding that has events in it, and sends
/// each to every sink that shares its encoding. Blocks while memory is spent.
pub(crate) struct Parcels {
    origin: Arc<Origin>,
    selections: Vec<Selection>,
    memory: Memory,
    /// Whether records pass as they are to everyone.
    is_verbatim: bool,
    batch: Batch,
    scratch: Scratch,
    /// Parts cut so far.
    parts: u32,
    /// Bytes of records in the part being filled.
    records: usize,
    /// Covers the lines of the part being filled: from its first line on, or taken ahead.
    permit: Option<Permit>,
}

/// Where memory for parcels comes from.
pub(crate) struct Memory {
    /// Given back when the last sink has answered.
    pub(crate) forwarding: Budget,
    pub(crate) waiting: Arc<Waiting>,
    /// Bytes of records in one part, unless a single record is larger.
    pub(crate) part: usize,
    /// Bytes of records that a part is expected to have: a full part, or the whole object.
    pub(crate) expected: usize,
    /// For the first part, if it was taken ahead.
    pub(crate) ahead: Option<Permit>,
}

impl Parcels {
    pub(crate) fn new(origin: Arc<Origin>, selections: Vec<Selection>, mut memory: Memory) -> Self {
        let permit = memory.ahead.take();
        let is_verbatim = selections.iter().all(Selection::is_verbatim);
        Self {
            origin,
            selections,
            memory,
            is_verbatim,
            batch: Batch::default(),
            scratch: Scratch::default(),
            parts: 0,
            records: 0,
            permit,
        }
    }

    /// Whether it helps to know the quotes of records.
    pub(crate) fn quotes(&self) -> Quotes {
        if self.is_verbatim { Quotes::Skip } else { Quotes::Note }
    }

    /// Adds records to the parts being filled: to the lines of each encoding whose sinks want them.
    /// Breaks when no sink waits for parcels any more.
    pub(crate) fn push(&mut self, run: &[Record<'_>]) -> ControlFlow<()> {
        if self.is_verbatim {
            return run.iter().try_for_each(|record| {
                self.begin(record.json)?;
                self.copy(record)
            });
        }
        let mut batch = std::mem::take(&mut self.batch);
        let records = run.iter().map(|record| (record.index, record.json, record.quotes));
        let flow = batch.read(records).try_for_each(|event| {
            self.begin(event.json())?;
            self.encode(&event)
        });
        self.batch = batch;
        flow
    }

    /// Ends the part being filled if this record does not fit into it.
    fn begin(&mut self, json: &str) -> ControlFlow<()> {
        let size = json.len() + LINE_OVERHEAD;
        if self.records > 0 && self.records + size > self.memory.part {
            self.cut()?;
        }
        self.records += size;
        ControlFlow::Continue(())
    }

    fn copy(&mut self, record: &Record<'_>) -> ControlFlow<()> {
        let Self { selections, memory, permit, .. } = self;
        memory.cover_a_part(permit, selections)?;
        for encoding in selections.iter_mut().flat_map(|selection| &mut selection.encodings) {
            encoding.copy(record.index, record.json, memory.reserve());
        }
        ControlFlow::Continue(())
    }

    /// The event is asked about once for all who choose alike.
    fn encode(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        let Self { selections, memory, permit, scratch, .. } = self;
        for place in 0..selections.len() {
            if !selections.get_mut(place).is_some_and(|selection| selection.takes(event)) {
                continue;
            }
            memory.cover_a_part(permit, selections)?;
            for encoding in selections.get_mut(place).iter_mut().flat_map(|s| &mut s.encodings) {
                encoding.add(event, scratch, memory.reserve());
            }
        }
        ControlFlow::Continue(())
    }

    /// Ends the part and sends what is in it. A part that nothing was chosen of is counted as the
    /// others are. Breaks when no sink waits: the object was given up.
    fn cut(&mut self) -> ControlFlow<()> {
        let part = self.parts;
        self.parts += 1;
        self.records = 0;
        let Some(mut permit) = self.permit.take() else {
            return ControlFlow::Continue(());
        };
        let encodings = self.selections.iter_mut().flat_map(|selection| &mut selection.encodings);
        for encoding in encodings.filter(|encoding| !encoding.lines.is_empty()) {
            let mut lines = std::mem::take(&mut encoding.lines);
            lines.trim();
            let permit = self.memory.cover(&mut permit, &lines);
            let origin = Arc::clone(&self.origin);
            let parcel = Arc::new(Parcel::new(origin, encoding.name(), part, lines, permit));
            for lane in &encoding.lanes {
                let (lane, parcel) = (lane.clone(), Arc::clone(&parcel));
                let sent = self.memory.waiting.on(async move { lane.send(parcel).await });
                if !matches!(sent, Some(Ok(()))) {
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Ends the last part, and tells what was decided about the events.
    pub(crate) fn finish(mut self) -> Vec<Chosen> {
        let _: ControlFlow<()> = self.cut();
        self.abandon()
    }

    /// Leaves the last part, which is not whole, and tells what was decided about the events.
    pub(crate) fn abandon(self) -> Vec<Chosen> {
        self.selections.into_iter().map(Selection::into_chosen).collect()
    }
}

/// Memory that a part of so many bytes of records needs for its lines in every encoding.
pub(crate) fn memory_of_a_part(selections: &[Selection], records: usize) -> usize {
    let encodings = selections.iter().flat_map(|selection| &selection.encodings);
    let growth: usize = encodings.map(|encoding| encoding.growth()).sum();
    records.max(PARCEL_LEAST).saturating_mul(growth)
}

impl Memory {
    /// Bytes of records that memory is taken for before a part is filled.
    fn reserve(&self) -> usize {
        self.expected.min(self.part).max(PARCEL_LEAST)
    }

    /// Takes memory for a parcel of every encoding at once, unless it was taken. Nothing is held while
    /// it is waited for: two objects that each held half of what both need would wait for ever.
    fn cover_a_part(
        &self,
        permit: &mut Option<Permit>,
        selections: &[Selection],
    ) -> ControlFlow<()> {
        if permit.is_some() {
            return ControlFlow::Continue(());
        }
        let bytes = memory_of_a_part(selections, self.reserve());
        let forwarding = self.forwarding.clone();
        *permit = self.waiting.on(async move { forwarding.acquire(bytes).await });
        if permit.is_some() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    /// The part of the permit for these lines. What is more than was taken is covered if
    /// it can be; it is not waited for, because this parcel may be what the others wait for.
    fn cover(&self, permit: &mut Permit, lines: &Lines) -> Permit {
        let size = lines.held().max(PARCEL_LEAST);
        let mut own = permit.take(size);
        if let Some(more) = self.forwarding.try_acquire(size.saturating_sub(own.bytes())) {
            own.merge(more);
        }
        own
    }
}
