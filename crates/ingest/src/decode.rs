//! Decoding: the bytes of an object become records, the records events, and the events parcels,
//! off the async threads.

use crate::offload::Waiting;
use crate::parcels::{Memory, Parcels};
use crate::passing::{Arriving, Reading};
use crate::selection::{Chosen, Selection};
use std::sync::Arc;
use trail_logfile::{Error, Limits, Record, Summary};
use trail_sink::{Budget, Origin};

/// Everything decoding needs, so that it can move to a blocking thread.
#[derive(Debug)]
pub(crate) struct Decoding {
    pub(crate) origin: Arc<Origin>,
    pub(crate) limits: Limits,
    pub(crate) selections: Vec<Selection>,
    /// Memory for parcels, given back when the last sink has answered.
    pub(crate) forwarding: Budget,
    /// Memory for the window of an object whose claim is false, or which has several members.
    pub(crate) odd: Budget,
    /// Bytes of records in one part.
    pub(crate) part: usize,
}

/// What came of decoding an object.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) summary: Result<Summary, Error>,
    /// What was decided about its events.
    pub(crate) chosen: Vec<Chosen>,
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
    pub(crate) fn run(self, input: Input, waiting: Waiting) -> Decoded {
        let waiting = Arc::new(waiting);
        let (mut limits, odd) = (self.limits, self.odd.clone());
        let text = Text::of(input);
        let mut parcels = self.parcels(&text, Arc::clone(&waiting));
        limits.quotes = parcels.quotes();
        let mut push = |run: &[Record<'_>]| parcels.push(run);
        let summary = match text {
            Text::Inflated(json) => trail_logfile::split_runs(&json, &limits, &mut push),
            Text::Large(bytes) => trail_logfile::stream_runs(bytes.as_slice(), &limits, &mut push),
            Text::Arriving(arriving) => {
                let arriving = Reading { arriving, waiting: &waiting };
                trail_logfile::stream_runs(arriving, &limits, &mut push)
            }
            Text::Odd(bytes) => {
                // Whoever holds this waits for sinks only, so it is given back.
                let _window = waiting.on(async move { odd.acquire(odd.total()).await });
                match trail_logfile::check(&bytes, &limits) {
                    // Who knows which records are not what CloudTrail wrote: none is passed on.
                    Err(error @ Error::Gzip { .. }) => Err(error),
                    Ok(()) | Err(_) => {
                        trail_logfile::stream_runs(bytes.as_slice(), &limits, &mut push)
                    }
                }
            }
        };
        let chosen = match summary {
            // It is read again, and this part is then longer: it must not go by the same name.
            Err(Error::Read { .. }) => parcels.abandon(),
            // After another error too what was read before it is delivered, and said so.
            Ok(_) | Err(_) => parcels.finish(),
        };
        Decoded { summary, chosen }
    }

    fn parcels(self, text: &Text, waiting: Arc<Waiting>) -> Parcels {
        let expected = match text {
            Text::Inflated(json) => json.len(),
            Text::Odd(_) | Text::Large(_) | Text::Arriving(_) => self.part,
        };
        let Self { origin, selections, forwarding, part, .. } = self;
        Parcels::new(origin, selections, Memory { forwarding, waiting, part, expected })
    }
}

/// An object by how it is read.
enum Text {
    /// Whole and decompressed.
    Inflated(Vec<u8>),
    /// Whole as stored, and not what its gzip trailer claims, or of several members.
    Odd(Vec<u8>),
    /// Whole as stored, and too large when decompressed; the memory for its window was taken.
    Large(Vec<u8>),
    /// As it arrives, and so is the memory for its window.
    Arriving(Arriving),
}

impl Text {
    fn of(input: Input) -> Self {
        let (bytes, claimed) = match input {
            Input::Stream(arriving) => return Self::Arriving(arriving),
            Input::Whole { bytes, claimed: None } => return Self::Large(bytes),
            Input::Whole { bytes, claimed: Some(claimed) } => (bytes, claimed),
        };
        if !trail_logfile::is_gzip(&bytes) {
            return Self::Inflated(bytes);
        }
        match trail_logfile::inflate_whole(&bytes, claimed) {
            Some(json) => Self::Inflated(json),
            None => Self::Odd(bytes),
        }
    }
}
