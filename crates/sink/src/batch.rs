//! A [`Batch`]: what a sink gets in one write.

use crate::parcel::Parcel;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// Events for one write, in portions of parcels. Events of one object stand in their order.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    portions: Vec<Portion>,
}

/// Some lines, in a row, of one parcel.
#[derive(Clone, Debug)]
pub struct Portion {
    parcel: Arc<Parcel>,
    lines: Range<usize>,
}

impl Batch {
    /// A batch of one whole parcel.
    #[must_use]
    pub fn of(parcel: Arc<Parcel>) -> Self {
        Self { portions: vec![Portion::whole(parcel)] }
    }

    /// The portions, in order.
    #[must_use]
    pub fn portions(&self) -> &[Portion] {
        &self.portions
    }

    /// Adds the portions of `other` after these.
    pub fn append(&mut self, other: Self) {
        self.portions.extend(other.portions);
    }

    /// Number of events.
    #[must_use]
    pub fn events(&self) -> usize {
        self.portions.iter().map(Portion::events).sum()
    }

    /// Number of bytes, line breaks included.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.portions.iter().map(|portion| portion.bytes().len()).sum()
    }

    /// The two halves by number of events, or `None` for a batch of one event or none.
    #[must_use]
    pub fn halves(&self) -> Option<(Self, Self)> {
        let middle = self.events() / 2;
        if middle == 0 {
            return None;
        }
        let (mut first, mut second) = (Self::default(), Self::default());
        for portion in &self.portions {
            let room = middle.saturating_sub(first.events());
            let (head, tail) = portion.split_at(room);
            first.portions.extend(head);
            second.portions.extend(tail);
        }
        Some((first, second))
    }
}

impl Portion {
    /// All of a parcel.
    #[must_use]
    pub fn whole(parcel: Arc<Parcel>) -> Self {
        let lines = 0..parcel.lines().len();
        Self { parcel, lines }
    }

    /// The parcel the lines belong to.
    #[must_use]
    pub fn parcel(&self) -> &Arc<Parcel> {
        &self.parcel
    }

    /// Which lines of the parcel, counted from 0.
    #[must_use]
    pub fn lines(&self) -> Range<usize> {
        self.lines.clone()
    }

    /// Number of events.
    #[must_use]
    pub fn events(&self) -> usize {
        self.lines.len()
    }

    /// The lines' bytes, line breaks included.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.parcel.lines().slice(self.lines())
    }

    fn split_at(&self, events: usize) -> (Option<Self>, Option<Self>) {
        let middle = self.lines.start.saturating_add(events).min(self.lines.end);
        let part = |lines: Range<usize>| {
            (!lines.is_empty()).then(|| Self { parcel: Arc::clone(&self.parcel), lines })
        };
        (part(self.lines.start..middle), part(middle..self.lines.end))
    }
}

/// How large a batch a sink wants, and how long to wait for it to fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchLimits {
    /// Most bytes in one write. A single parcel may be larger: it is then written alone.
    pub bytes: usize,
    /// Most events in one write.
    pub events: usize,
    /// How long the first event of a batch may wait for others.
    pub linger: Duration,
    /// Whether events of several objects may share a write.
    pub merge_objects: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Permit;
    use crate::parcel::{Lines, Origin};

    fn parcel(key: &str, events: u64) -> Arc<Parcel> {
        let origin = Origin { bucket: "b".into(), key: key.into(), revision: None };
        let mut lines = Lines::default();
        for index in 0..events {
            lines.push(index, |buffer| buffer.extend(format!("{key}{index}").bytes()));
        }
        Arc::new(Parcel::new(Arc::new(origin), "cloudtrail", 0, lines, Permit::unlimited()))
    }

    #[test]
    fn halves_hold_every_event_once_and_in_order() {
        let mut batch = Batch::of(parcel("a", 3));
        batch.append(Batch::of(parcel("b", 2)));
        let (first, second) = batch.halves().expect("five events");
        assert_eq!((first.events(), second.events()), (2, 3));
        let bytes = |batch: &Batch| {
            batch.portions().iter().flat_map(Portion::bytes).copied().collect::<Vec<_>>()
        };
        assert_eq!([bytes(&first), bytes(&second)].concat(), bytes(&batch));
        assert!(Batch::of(parcel("a", 1)).halves().is_none());
    }
}
