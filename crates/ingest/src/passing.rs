//! Passing an object's bytes from the async side, where they arrive, to the blocking thread that
//! decodes them.

use crate::decode::Input;
use crate::fetch::{Download, Source};
use crate::offload::Waiting;
use crate::store::StoreError;
use bytes::Bytes;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc;

/// The reading end of a download for a blocking thread.
#[derive(Debug)]
pub(crate) struct Arriving {
    /// `None` once it has come to its end.
    pieces: Option<mpsc::Receiver<Bytes>>,
    /// Set by the sending end when it has sent all: a sender that is gone without that broke off.
    complete: Arc<AtomicBool>,
    piece: Bytes,
}

/// Pieces of a download waiting to be decoded. Each may be as large as the HTTP client's buffer, and
/// all of them are outside the window: one is enough, since the network runs ahead by itself.
const PIECES_WAITING: usize = 1;

/// Starts passing a source to a blocking thread: what that thread reads, and what drives it.
pub(crate) fn pass_on(source: Source) -> (Input, Passing) {
    match source {
        Source::Whole(stored) => (Input::Whole(stored), Passing::Nothing),
        Source::Stream(download, room) => {
            let (sender, pieces) = mpsc::channel(PIECES_WAITING);
            let complete = Arc::default();
            let arriving = Arriving {
                pieces: Some(pieces),
                complete: Arc::clone(&complete),
                piece: Bytes::new(),
            };
            (Input::Stream(arriving, room), Passing::Pieces { download, sender, complete })
        }
    }
}

/// The async end of [`Arriving`].
#[derive(Debug)]
pub(crate) enum Passing {
    /// All bytes are there.
    Nothing,
    /// Bytes are passed on as they arrive.
    Pieces { download: Box<Download>, sender: mpsc::Sender<Bytes>, complete: Arc<AtomicBool> },
}

impl Passing {
    /// Passes everything on. An error is of the store; that the reader is gone is none.
    pub(crate) async fn run(self) -> Result<(), StoreError> {
        let Self::Pieces { mut download, sender, complete } = self else {
            return Ok(());
        };
        while let Some(piece) = download.next().await? {
            if sender.send(piece).await.is_err() {
                return Ok(());
            }
        }
        complete.store(true, Ordering::Release);
        Ok(())
    }
}

/// Reads what arrives, and waits for it.
pub(crate) struct Reading<'a> {
    pub(crate) arriving: Arriving,
    pub(crate) waiting: &'a Waiting,
}

impl Arriving {
    fn next(&mut self, waiting: &Waiting) -> Option<Bytes> {
        let mut pieces = self.pieces.take()?;
        let (pieces, piece) = waiting.on(async move {
            let piece = pieces.recv().await;
            (pieces, piece)
        })?;
        self.pieces = piece.is_some().then_some(pieces);
        piece
    }
}

impl Read for Reading<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let Self { arriving, waiting } = self;
        while arriving.piece.is_empty() {
            match arriving.next(waiting) {
                Some(piece) => arriving.piece = piece,
                None if arriving.complete.load(Ordering::Acquire) => return Ok(0),
                None => return Err(std::io::ErrorKind::ConnectionAborted.into()),
            }
        }
        let taken = arriving.piece.split_to(arriving.piece.len().min(buffer.len()));
        buffer.iter_mut().zip(taken.iter()).for_each(|(to, from)| *to = *from);
        Ok(taken.len())
    }
}
