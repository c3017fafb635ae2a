//! Decoding: the bytes of an object become records, the records events, and the events parcels,
//! off the async threads unless it is little.

use crate::fetch::{Stored, window};
use crate::offload::{Refusal, Waiting};
use crate::parcels::{Memory, Parcels, memory_of_a_part};
use crate::passing::{Arriving, Reading};
use crate::room::{Room, Rooms};
use crate::selection::{Chosen, Selection};
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::Arc;
use trail_logfile::{Error, Limits, Record, Summary};
use trail_sink::{Budget, Origin, Permit};

/// Everything decoding needs, so that it can move to a blocking thread.
#[derive(Debug)]
pub(crate) struct Decoding {
    pub(crate) origin: Arc<Origin>,
    pub(crate) limits: Limits,
    pub(crate) selections: Vec<Selection>,
    /// Memory for parcels, given back when the last sink has answered.
    pub(crate) forwarding: Budget,
    /// Memory for the window of an object whose claim is false, or which has several members.
    pub(crate) rooms: Rooms,
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
    Whole(Stored),
    /// As they arrive, and the memory for their window.
    Stream(Arriving, Room),
}

thread_local! {
    /// What small objects are inflated into, one after the other, on an async thread.
    static INFLATED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Decoding {
    /// Decodes an object so small that it is done in less time than it takes to hand it to another
    /// thread and back. `bytes` are all of it, `claimed` is its decompressed size. None: it would have
    /// had to wait, or it is not what it claims; nothing is to be taken from the lanes then.
    pub(crate) async fn run_here(self, bytes: &[u8], claimed: usize) -> Option<Decoded> {
        let needed = memory_of_a_part(&self.selections, claimed);
        let ahead = self.forwarding.acquire(needed).await;
        INFLATED.with_borrow_mut(|buffer| {
            let json = inflated(bytes, claimed, buffer)?;
            let refusal = Refusal::default();
            let waiting = Arc::new(Waiting::Never(refusal.clone()));
            let mut limits = self.limits;
            let mut parcels = self.parcels(json.len(), Some(ahead), waiting);
            limits.quotes = parcels.quotes();
            let summary = trail_logfile::split_runs(json, &limits, |run| parcels.push(run));
            let chosen = parcels.finish();
            (!refusal.happened()).then_some(Decoded { summary, chosen })
        })
    }

    /// Reads every record and hands on full parcels. Blocks. Ends early, without an error, when
    /// nobody waits for the parcels any more. `room` is what the object is decompressed into.
    pub(crate) fn run(self, input: Input, room: Option<Room>, waiting: Waiting) -> Decoded {
        let waiting = Arc::new(waiting);
        let (mut limits, rooms) = (self.limits, self.rooms.clone());
        let text = Text::of(input, room);
        let expected = match &text {
            Text::Inflated(room) => room.bytes().len(),
            Text::Plain(stored) => stored.bytes.len(),
            Text::Odd(_) | Text::Large(..) | Text::Arriving(..) => self.part,
        };
        let mut parcels = self.parcels(expected, None, Arc::clone(&waiting));
        limits.quotes = parcels.quotes();
        let mut push = |run: &[Record<'_>]| parcels.push(run);
        let summary = match text {
            Text::Inflated(room) => trail_logfile::split_runs(room.bytes(), &limits, &mut push),
            Text::Plain(stored) => trail_logfile::split_runs(&stored.bytes, &limits, &mut push),
            Text::Large(stored, _window) => stream_if_sound(&stored.bytes, &limits, &mut push),
            Text::Arriving(arriving, _window) => {
                let arriving = Reading { arriving, waiting: &waiting };
                trail_logfile::stream_runs(arriving, &limits, &mut push)
            }
            Text::Odd(Stored { bytes, permit: _permit, .. }) => {
                // Whoever holds a room waits for sinks only, so it is given back.
                let _room = waiting.on(async move { rooms.take(window(&limits)).await });
                stream_if_sound(&bytes, &limits, &mut push)
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

    fn parcels(self, expected: usize, ahead: Option<Permit>, waiting: Arc<Waiting>) -> Parcels {
        let Self { origin, selections, forwarding, part, .. } = self;
        Parcels::new(origin, selections, Memory { forwarding, waiting, part, expected, ahead })
    }
}

/// The decompressed bytes of an object that is what it claims.
fn inflated<'a>(bytes: &'a [u8], claimed: usize, buffer: &'a mut Vec<u8>) -> Option<&'a [u8]> {
    if !trail_logfile::is_gzip(bytes) {
        return Some(bytes);
    }
    trail_logfile::inflate_into(bytes, claimed, buffer)?;
    Some(buffer)
}

/// Streams an object that is in memory, unless its gzip stream is damaged: who knows then which records
/// are not what CloudTrail wrote. One that is cut off has no checksum, and a damaged one may look cut off.
fn stream_if_sound(
    bytes: &[u8],
    limits: &Limits,
    push: impl FnMut(&[Record<'_>]) -> ControlFlow<()>,
) -> Result<Summary, Error> {
    match trail_logfile::check(bytes, limits) {
        Err(error @ (Error::Gzip { .. } | Error::Truncated { .. })) => Err(error),
        Ok(()) | Err(_) => trail_logfile::stream_runs(bytes, limits, push),
    }
}

/// An object by how it is read.
enum Text {
    /// Whole and decompressed.
    Inflated(Room),
    /// Whole, and never compressed.
    Plain(Stored),
    /// Whole as stored, and not what its gzip trailer claims, or of several members.
    Odd(Stored),
    /// Whole as stored, and too large when decompressed: through a window, with its memory.
    Large(Stored, Option<Room>),
    /// As it arrives.
    Arriving(Arriving, Room),
}

impl Text {
    fn of(input: Input, room: Option<Room>) -> Self {
        let stored = match input {
            Input::Stream(arriving, room) => return Self::Arriving(arriving, room),
            Input::Whole(stored) => stored,
        };
        match (stored.claimed, room) {
            (None, room) => Self::Large(stored, room),
            (Some(_), None) => Self::Plain(stored),
            (Some(claimed), Some(mut room)) => {
                let buffer = room.buffer();
                let inflated =
                    buffer.and_then(|b| trail_logfile::inflate_into(&stored.bytes, claimed, b));
                match inflated {
                    Some(()) => Self::Inflated(room),
                    None => Self::Odd(stored),
                }
            }
        }
    }
}
