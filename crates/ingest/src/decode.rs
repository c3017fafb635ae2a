//! Decoding: the bytes of an object become records, the records events, and the events parcels,
//! off the async threads.

use crate::fetch::Source;
use crate::store::StoreError;
use bytes::Bytes;
use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use trail_event::Event;
use trail_logfile::{Error, Limits, Record, Summary};
use trail_schema::Schema;
use trail_sink::{Budget, Lines, Origin, Parcel, Permit};

/// Encoded bytes of one parcel, unless a single event is larger. Where an object is cut depends on
/// nothing else, so that it is cut alike when it comes again.
pub(crate) const PARCEL_BYTES: usize = 1024 * 1024;

/// What a parcel counts for in the budget at least, for what surrounds its bytes.
pub(crate) const PARCEL_LEAST: usize = 4 * 1024;

/// One way to encode events, and who waits for the parcels.
#[derive(Debug)]
pub(crate) struct Encoding {
    pub(crate) schema: Schema,
    pub(crate) lanes: Vec<mpsc::Sender<Arc<Parcel>>>,
}

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
    Whole {
        bytes: Vec<u8>,
        claimed: Option<usize>,
    },
    /// As they arrive.
    Stream(Arriving),
}

impl Decoding {
    /// Reads every record and hands on full parcels. Blocks. Ends early, without an error, when
    /// nobody waits for the parcels any more.
    pub(crate) fn run(self, input: Input) -> Result<Summary, Error> {
        let limits = self.limits;
        let mut parcels: Vec<ParcelWriter> = self.writers();
        let mut each = |record: Record<'_>| {
            let event = Event::new(record.index, record.json);
            parcels
                .iter_mut()
                .try_for_each(|writer| writer.push(&event))
        };
        let summary = match input {
            Input::Whole { bytes, claimed } => read_whole(bytes, claimed, &limits, &mut each),
            Input::Stream(arriving) => trail_logfile::stream(arriving, &limits, &mut each),
        };
        // After an error too: what was read before it is delivered, and said so.
        let _: ControlFlow<()> = parcels.iter_mut().try_for_each(ParcelWriter::send);
        summary
    }

    fn writers(self) -> Vec<ParcelWriter> {
        let Self {
            origin,
            encodings,
            forwarding,
            runtime,
            ..
        } = self;
        let writer = |encoding| ParcelWriter {
            origin: Arc::clone(&origin),
            encoding,
            forwarding: forwarding.clone(),
            runtime: runtime.clone(),
            part: 0,
            open: None,
        };
        encodings.into_iter().map(writer).collect()
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

/// Fills parcels of one encoding and sends each to every sink that shares it.
struct ParcelWriter {
    origin: Arc<Origin>,
    encoding: Encoding,
    forwarding: Budget,
    runtime: Handle,
    part: u32,
    open: Option<(Lines, Permit)>,
}

impl ParcelWriter {
    fn push(&mut self, event: &Event<'_>) -> ControlFlow<()> {
        let held = self
            .open
            .as_ref()
            .map_or(0, |(lines, _)| lines.bytes().len());
        if held > 0 && held + event.json().len() >= PARCEL_BYTES {
            self.send()?;
        }
        let (lines, _) = self.open.get_or_insert_with(|| {
            let permit = self.runtime.block_on(self.forwarding.acquire(PARCEL_BYTES));
            (Lines::default(), permit)
        });
        lines.push(event.index, |line| self.encoding.schema.encode(event, line));
        ControlFlow::Continue(())
    }

    /// Sends the open parcel. Breaks when no sink waits for it: the object was given up.
    fn send(&mut self) -> ControlFlow<()> {
        let Some((lines, mut permit)) = self.open.take() else {
            return ControlFlow::Continue(());
        };
        let size = lines.bytes().len().max(PARCEL_LEAST);
        permit.shrink_to(size);
        // One event larger than a parcel is covered if it can be; it is not waited for, because
        // this parcel may be what the others wait for.
        let lacking = size.saturating_sub(permit.bytes());
        if let Some(more) = self.forwarding.try_acquire(lacking) {
            permit.merge(more);
        }
        let name = self.encoding.schema.name();
        let parcel = Arc::new(Parcel::new(
            Arc::clone(&self.origin),
            name,
            self.part,
            lines,
            permit,
        ));
        self.part += 1;
        for lane in &self.encoding.lanes {
            if lane.blocking_send(Arc::clone(&parcel)).is_err() {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }
}

/// The reading end of a download for a blocking thread.
#[derive(Debug)]
pub(crate) struct Arriving {
    pieces: mpsc::Receiver<Bytes>,
    /// Set by the sending end when it has sent all: a sender that is gone without that broke off.
    complete: Arc<std::sync::atomic::AtomicBool>,
    piece: Bytes,
}

/// Pieces of a download waiting to be decoded: small, because each is outside the window.
const PIECES_WAITING: usize = 4;

/// Starts passing a source to a blocking thread: what that thread reads, and what drives it.
pub(crate) fn pass_on(source: Source) -> (Input, Passing) {
    match source {
        Source::Whole { bytes, claimed } => (Input::Whole { bytes, claimed }, Passing::Nothing),
        Source::Stream(download) => {
            let (sender, pieces) = mpsc::channel(PIECES_WAITING);
            let complete = Arc::default();
            let arriving = Arriving {
                pieces,
                complete: Arc::clone(&complete),
                piece: Bytes::new(),
            };
            (
                Input::Stream(arriving),
                Passing::Pieces {
                    download,
                    sender,
                    complete,
                },
            )
        }
    }
}

/// The async end of [`Arriving`].
#[derive(Debug)]
pub(crate) enum Passing {
    /// All bytes are there.
    Nothing,
    /// Bytes are passed on as they arrive.
    Pieces {
        download: Box<crate::fetch::Download>,
        sender: mpsc::Sender<Bytes>,
        complete: Arc<std::sync::atomic::AtomicBool>,
    },
}

impl Passing {
    /// Passes everything on. An error is of the store; that the reader is gone is none.
    pub(crate) async fn run(self) -> Result<(), StoreError> {
        let Self::Pieces {
            mut download,
            sender,
            complete,
        } = self
        else {
            return Ok(());
        };
        while let Some(piece) = download.next().await? {
            if sender.send(piece).await.is_err() {
                return Ok(());
            }
        }
        complete.store(true, std::sync::atomic::Ordering::Release);
        Ok(())
    }
}

impl Read for Arriving {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.piece.is_empty() {
            match self.pieces.blocking_recv() {
                Some(piece) => self.piece = piece,
                None if self.complete.load(std::sync::atomic::Ordering::Acquire) => return Ok(0),
                None => return Err(std::io::ErrorKind::ConnectionAborted.into()),
            }
        }
        let taken = self.piece.split_to(self.piece.len().min(buffer.len()));
        buffer
            .iter_mut()
            .zip(taken.iter())
            .for_each(|(to, from)| *to = *from);
        Ok(taken.len())
    }
}
