//! Decoding: the bytes of an object become records, the records events, and the events parcels,
//! off the async threads.

use crate::parcels::{Encoding, PARCEL_BYTES, Parcels};
use crate::passing::Arriving;
use std::ops::ControlFlow;
use std::sync::Arc;
use tokio::runtime::Handle;
use trail_event::Event;
use trail_logfile::{Error, Limits, Record, Summary};
use trail_sink::{Budget, Origin};

/// Everything decoding needs, so that it can move to a blocking thread.
#[derive(Debug)]
pub(crate) struct Decoding {
    pub(crate) origin: Arc<Origin>,
    pub(crate) limits: Limits,
    pub(crate) encodings: Vec<Encoding>,
    /// Memory for parcels, given back when the last sink has answered.
    pub(crate) forwarding: Budget,
    pub(crate) runtime: Handle,
}

/// The bytes of an object, as a blocking thread takes them.
#[derive(Debug)]
pub(crate) enum Input {
    /// All at once.
    Whole { bytes: Vec<u8>, claimed: Option<usize> },
    /// As they arrive.
    Stream(Arriving),
}

impl Decoding {
    /// Reads every record and hands on full parcels. Blocks. Ends early, without an error, when
    /// nobody waits for the parcels any more.
    pub(crate) fn run(self, input: Input) -> Result<Summary, Error> {
        let limits = self.limits;
        let mut parcels = self.parcels(&input);
        let mut each = |record: Record<'_>| parcels.push(&Event::new(record.index, record.json));
        let summary = match input {
            Input::Whole { bytes, claimed } => read_whole(bytes, claimed, &limits, &mut each),
            Input::Stream(arriving) => trail_logfile::stream(arriving, &limits, &mut each),
        };
        // After an error too: what was read before it is delivered, and said so.
        let _: ControlFlow<()> = parcels.send();
        summary
    }

    fn parcels(self, input: &Input) -> Parcels {
        let reserve = match input {
            Input::Whole { claimed: Some(claimed), .. } => *claimed,
            Input::Whole { claimed: None, .. } | Input::Stream(_) => PARCEL_BYTES,
        };
        let Self { origin, encodings, forwarding, runtime, .. } = self;
        Parcels { origin, encodings, forwarding, runtime, reserve, sent: 0, open: None }
    }
}

fn read_whole(
    bytes: Vec<u8>,
    claimed: Option<usize>,
    limits: &Limits,
    each: &mut dyn FnMut(Record<'_>) -> ControlFlow<()>,
) -> Result<Summary, Error> {
    let inflated = claimed.and_then(|claimed| trail_logfile::inflate_whole(&bytes, claimed));
    match inflated {
        Some(json) => {
            drop(bytes);
            trail_logfile::split(&json, limits, each)
        }
        None => trail_logfile::stream(bytes.as_slice(), limits, each),
    }
}
