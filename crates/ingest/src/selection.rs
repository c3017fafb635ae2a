//! Which events go where: sinks that want the same events share a choice, and those of them that
//! want the same lines share an encoding.

use crate::forward::Route;
use std::sync::Arc;
use tokio::sync::mpsc;
use trail_event::{Choice, Event, List, Selectors};
use trail_schema::{Encoder, Scratch};
use trail_sink::{Lines, Parcel};

/// A choice of events, made once for all who share it.
#[derive(Debug)]
pub(crate) struct Selection {
    selectors: Arc<Selectors>,
    /// Who shares it, by their places among the routes.
    routes: Vec<usize>,
    tally: Tally,
    pub(crate) encodings: Vec<Encoding>,
}

/// One way to encode events, the lines of the part being filled, and who waits for the parcels.
#[derive(Debug)]
pub(crate) struct Encoding {
    encoder: Arc<Encoder>,
    pub(crate) lines: Lines,
    pub(crate) lanes: Vec<mpsc::Sender<Arc<Parcel>>>,
}

/// What was decided about the events of one object.
#[derive(Debug)]
pub(crate) struct Chosen {
    /// Places of the routes it was decided for.
    pub(crate) routes: Vec<usize>,
    pub(crate) tally: Tally,
}

/// Events by what was decided about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// By the first entry of the select list that chose them.
    pub(crate) selected: Vec<u64>,
    /// By the first entry of the exclude list that chose them.
    pub(crate) excluded: Vec<u64>,
    /// Chosen by no entry of the select list.
    unselected: u64,
}

/// The choices that routes make. `lanes` has a lane for each route.
pub(crate) fn group(routes: &[Route], lanes: Vec<mpsc::Sender<Arc<Parcel>>>) -> Vec<Selection> {
    let mut selections: Vec<Selection> = Vec::new();
    for (place, (route, lane)) in routes.iter().zip(lanes).enumerate() {
        let known = selections.iter_mut().find(|known| known.selectors == route.selectors);
        match known {
            Some(selection) => selection.join(place, route, lane),
            None => {
                let mut selection = Selection::new(Arc::clone(&route.selectors));
                selection.join(place, route, lane);
                selections.push(selection);
            }
        }
    }
    selections
}

impl Selection {
    fn new(selectors: Arc<Selectors>) -> Self {
        let tally = Tally {
            selected: selectors.names(List::Select).map(|_| 0).collect(),
            excluded: selectors.names(List::Exclude).map(|_| 0).collect(),
            unselected: 0,
        };
        Self { selectors, routes: Vec::new(), tally, encodings: Vec::new() }
    }

    fn join(&mut self, place: usize, route: &Route, lane: mpsc::Sender<Arc<Parcel>>) {
        self.routes.push(place);
        let mut encodings = self.encodings.iter_mut();
        match encodings.find(|known| Arc::ptr_eq(&known.encoder, &route.encoder)) {
            Some(encoding) => encoding.lanes.push(lane),
            None => self.encodings.push(Encoding {
                encoder: Arc::clone(&route.encoder),
                lines: Lines::default(),
                lanes: vec![lane],
            }),
        }
    }

    /// Whether records pass as they are, so that nothing needs to know what is in them.
    pub(crate) fn is_verbatim(&self) -> bool {
        self.selectors.is_all() && self.encodings.iter().all(|each| each.encoder.is_verbatim())
    }

    /// Decides about an event, and counts it.
    pub(crate) fn takes(&mut self, event: &Event<'_>) -> bool {
        self.tally.count(self.selectors.choose(event))
    }

    pub(crate) fn into_chosen(self) -> Chosen {
        Chosen { routes: self.routes, tally: self.tally }
    }
}

impl Encoding {
    /// Adds an event to the part being filled. Room for a part of `reserve` bytes of records is made
    /// by its first event: where nothing is chosen of a part, none is.
    pub(crate) fn add(&mut self, event: &Event<'_>, scratch: &mut Scratch, reserve: usize) {
        self.make_room(reserve);
        self.lines.push(event.index(), |line| self.encoder.encode(event, scratch, line));
    }

    /// As [`add`](Self::add), of a record that stays as it is.
    pub(crate) fn copy(&mut self, index: u64, record: &str, reserve: usize) {
        self.make_room(reserve);
        self.lines.push(index, |line| Encoder::copy(record, line));
    }

    fn make_room(&mut self, reserve: usize) {
        if self.lines.is_empty() {
            self.lines = Lines::with_capacity(reserve.saturating_mul(self.growth()));
        }
    }

    /// Bytes of lines for each byte of records.
    pub(crate) fn growth(&self) -> usize {
        self.encoder.schema().growth()
    }

    /// The name of what the lines are: of its options and of the selectors it says nothing, because
    /// a parcel is recognised by the records it was made of.
    pub(crate) fn name(&self) -> &'static str {
        self.encoder.schema().name()
    }
}

impl Tally {
    /// Counts a decision: whether the event is wanted.
    fn count(&mut self, choice: Choice) -> bool {
        let counter = match choice {
            Choice::Selected { by: None } => None,
            Choice::Selected { by: Some(by) } => self.selected.get_mut(by),
            Choice::Excluded { by } => self.excluded.get_mut(by),
            Choice::Unselected => Some(&mut self.unselected),
        };
        if let Some(counter) = counter {
            *counter += 1;
        }
        matches!(choice, Choice::Selected { .. })
    }

    /// Events that are not wanted.
    pub(crate) fn filtered(&self) -> u64 {
        self.excluded.iter().sum::<u64>() + self.unselected
    }
}
