//! Cutting an object into parcels.

use std::ops::ControlFlow;
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use trail_event::Event;
use trail_schema::Schema;
use trail_sink::{Budget, Lines, Origin, Parcel, Permit};

/// Bytes of records in one parcel, unless a single record is larger. Where an object is cut depends
/// on its records and on nothing else, so that it is cut alike when it comes again.
pub(crate) const PARCEL_BYTES: usize = 1024 * 1024;

/// What a parcel counts for in the budget at least, for what surrounds its bytes.
const PARCEL_LEAST: usize = 4 * 1024;

/// What an event takes beside its bytes: the end of its line and its index.
const LINE_OVERHEAD: usize = 16;

/// One way to encode events, and who waits for the parcels.
#[derive(Debug)]
pub(crate) struct Encoding {
    pub(crate) schema: Schema,
    pub(crate) lanes: Vec<mpsc::Sender<Arc<Parcel>>>,
}

/// Fills parcels, one of each encoding with the same events, and sends each to every sink that
/// shares its encoding. Blocks while memory is spent.
pub(crate) struct Parcels {
    pub(crate) origin: Arc<Origin>,
    pub(crate) encodings: Vec<Encoding>,
    /// Memory for parcels, given back when the last sink has answered.
    pub(crate) forwarding: Budget,
    pub(crate) runtime: Handle,
    /// Bytes taken for each parcel before it is filled: what a parcel or the whole object needs.
    pub(crate) reserve: usize,
    /// Parcels of each encoding sent so far.
    pub(crate) sent: u32,
    pub(crate) open: Option<Open>,
}

/// Parcels being filled.
pub(crate) struct Open {
    /// Of each encoding.
    lines: Vec<Lines>,
    records: usize,
    permit: Permit,
}

impl Parcels {
    /// Adds an event to the parcel of each encoding. Breaks when no sink waits for them any more.
    pub(crate) fn push(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        let size = event.json().len() + LINE_OVERHEAD;
        if self.open.as_ref().is_some_and(|open| open.records + size > PARCEL_BYTES) {
            self.send()?;
        }
        let mut open = self.open.take().unwrap_or_else(|| self.begin());
        for (encoding, lines) in self.encodings.iter().zip(&mut open.lines) {
            lines.push(event.index, |line| encoding.schema.encode(event, line));
        }
        open.records += size;
        self.open = Some(open);
        ControlFlow::Continue(())
    }

    /// Takes memory for a parcel of every encoding at once. Nothing is held while it is waited for:
    /// two objects that each held half of what both need would wait for ever.
    fn begin(&self) -> Open {
        let reserve = self.reserve.clamp(PARCEL_LEAST, PARCEL_BYTES);
        let all = reserve.saturating_mul(self.encodings.len());
        let permit = self.runtime.block_on(self.forwarding.acquire(all));
        let lines = self.encodings.iter().map(|_| Lines::with_capacity(reserve)).collect();
        Open { lines, records: 0, permit }
    }

    /// Sends what is open. Breaks when no sink waits for it: the object was given up.
    pub(crate) fn send(&mut self) -> ControlFlow<()> {
        let Some(Open { lines, mut permit, .. }) = self.open.take() else {
            return ControlFlow::Continue(());
        };
        let part = self.sent;
        self.sent += 1;
        for (encoding, lines) in self.encodings.iter().zip(lines) {
            let size = lines.bytes().len() + lines.len() * LINE_OVERHEAD;
            let permit = self.cover(&mut permit, size);
            let origin = Arc::clone(&self.origin);
            let parcel = Parcel::new(origin, encoding.schema.name(), part, lines, permit);
            let parcel = Arc::new(parcel);
            for lane in &encoding.lanes {
                if lane.blocking_send(Arc::clone(&parcel)).is_err() {
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// The part of the permit for so many bytes. What is more than was taken is covered if
    /// it can be; it is not waited for, because this parcel may be what the others wait for.
    fn cover(&self, permit: &mut Permit, bytes: usize) -> Permit {
        let size = bytes.max(PARCEL_LEAST);
        let mut own = permit.take(size);
        if let Some(more) = self.forwarding.try_acquire(size.saturating_sub(own.bytes())) {
            own.merge(more);
        }
        own
    }
}
