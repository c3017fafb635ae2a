//! The body of an answer, which may not come to its end.

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::Sleep;

/// Bytes, and what comes after them.
#[derive(Debug)]
pub(super) struct Body {
    bytes: Option<Bytes>,
    ending: Ending,
}

#[derive(Debug)]
enum Ending {
    /// The answer is whole.
    Whole,
    /// Nothing for a time, then the connection is closed.
    Cut(Pin<Box<Sleep>>),
    /// Nothing for a time, then the connection is reset.
    Reset(Pin<Box<Sleep>>),
}

/// The connection is to be reset.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reset;

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("reset the connection")
    }
}

impl std::error::Error for Reset {}

impl Body {
    pub(super) fn whole(bytes: Bytes) -> Self {
        Self { bytes: Some(bytes), ending: Ending::Whole }
    }

    /// Bytes of a longer body, after which the connection is closed in `pause`.
    pub(super) fn cut(bytes: Bytes, pause: Duration) -> Self {
        Self { bytes: Some(bytes), ending: Ending::Cut(Box::pin(tokio::time::sleep(pause))) }
    }

    /// Bytes of a longer body, after which the connection is reset in `pause`.
    pub(super) fn reset(bytes: Bytes, pause: Duration) -> Self {
        Self { bytes: Some(bytes), ending: Ending::Reset(Box::pin(tokio::time::sleep(pause))) }
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = Reset;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Reset>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match &mut self.ending {
            Ending::Whole => Poll::Ready(None),
            Ending::Cut(pause) => {
                ready!(pause.as_mut().poll(context));
                Poll::Ready(None)
            }
            Ending::Reset(pause) => {
                ready!(pause.as_mut().poll(context));
                Poll::Ready(Some(Err(Reset)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none() && matches!(self.ending, Ending::Whole)
    }

    fn size_hint(&self) -> SizeHint {
        match (&self.bytes, &self.ending) {
            (Some(bytes), Ending::Whole) => SizeHint::with_exact(bytes.len() as u64),
            (None, Ending::Whole) => SizeHint::with_exact(0),
            (_, Ending::Cut(_) | Ending::Reset(_)) => SizeHint::default(),
        }
    }
}
