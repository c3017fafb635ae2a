//! What happens to a message, decided in one place.

use crate::fetch::FetchError;
use std::fmt;
use std::time::Duration;
use trail_notification::Unrecognized;

/// What was found out about a message, in the order in which it is found out.
#[derive(Debug)]
pub(crate) enum Finding {
    /// The body has no known shape, or is one that cannot be acted upon.
    Unrecognized(Unrecognized),
    /// It names no object that is a log file: counted when it was read.
    NothingToDo,
    /// An object is not on the allow-list.
    NotAllowed {
        /// `s3://bucket/key`.
        object: String,
    },
    /// An object could not be read.
    Unreadable {
        /// `s3://bucket/key`.
        object: String,
        /// Why.
        error: FetchError,
    },
    /// An object's bytes are no log file.
    Corrupt {
        /// `s3://bucket/key`.
        object: String,
        /// What is wrong and where.
        error: trail_logfile::Error,
    },
    /// Every event of every object is durable in every sink, or set aside with a reason.
    Delivered,
    /// The message was held as long as the queue allows, and is not done.
    HeldTooLong,
    /// A task panicked.
    Panicked,
    /// Work on an object ended without an answer.
    Lost,
    /// The daemon stops.
    Stopped,
}

impl Finding {
    /// Of the findings on two objects of one message, the one that decides. What has to come again
    /// goes before what is set aside, because it brings both back; what is set aside goes before
    /// what is done.
    pub(crate) fn or_worse(self, other: Self) -> Self {
        if other.severity() > self.severity() { other } else { self }
    }

    fn severity(&self) -> u8 {
        match self {
            Self::NothingToDo => 0,
            Self::Delivered => 1,
            Self::Unrecognized(_) | Self::NotAllowed { .. } | Self::Corrupt { .. } => 2,
            Self::Unreadable { error, .. } => match error {
                FetchError::NotFound | FetchError::Replaced | FetchError::Archived => 2,
                FetchError::Denied | FetchError::Unavailable => 3,
                FetchError::Stopped => 5,
            },
            Self::HeldTooLong | Self::Panicked | Self::Lost => 4,
            Self::Stopped => 5,
        }
    }

    /// A word for why a message is given back, for counting.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::NothingToDo | Self::Delivered => "done",
            Self::Unrecognized(why) => why.reason(),
            Self::NotAllowed { .. } => "refused",
            Self::Corrupt { error, .. } => error.reason(),
            Self::Unreadable { error, .. } => error.reason(),
            Self::HeldTooLong => "held_too_long",
            Self::Panicked => "panic",
            Self::Lost => "lost",
            Self::Stopped => "stopped",
        }
    }
}

/// The fate of a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Disposition {
    /// Delete it.
    Delete,
    /// Store it in the dead-letter queue with the reason, then delete it.
    DeadLetter(DeadLetter),
    /// Give it back, to be received again after the delay.
    Release(Duration),
}

/// Why a message is set aside: the message attributes of the copy in the dead-letter queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// `traild.reason`: a word that can be counted.
    pub reason: &'static str,
    /// `traild.detail`: what was wrong, and where; never an event's content.
    pub detail: String,
    /// `traild.object`: the object, where one is the cause.
    pub object: Option<String>,
}

/// A message that a fault outside keeps from being processed comes again after this time: soon
/// enough when the fault is mended, and no hot loop while it is not.
const BACK_OFF: Duration = Duration::from_secs(60);

/// A message that should be set aside and cannot be, because there is no dead-letter queue or it does
/// not answer, is kept, and comes again after this time: deleting it would lose it without a trace. A
/// `passing` fault is tried again soon; else the time doubles with each receive, up to half an hour,
/// because each receive delivers again what is good of it.
pub(crate) fn not_set_aside(passing: bool, receives: u32) -> Duration {
    let doublings = if passing { 0 } else { receives.saturating_sub(1).min(5) };
    BACK_OFF.saturating_mul(1 << doublings).min(Duration::from_secs(30 * 60))
}

/// Decides the fate of a message. Nowhere else is it decided.
pub(crate) fn decide(finding: Finding) -> Disposition {
    match finding {
        Finding::Delivered | Finding::NothingToDo => Disposition::Delete,
        Finding::Unrecognized(why) => dead_letter(why.reason(), &why, None),
        Finding::NotAllowed { object } => {
            let detail = "the bucket or key is not on the allow-list: if it should be, add it to source.buckets and \
                 redrive";
            dead_letter("refused", &detail, Some(object))
        }
        Finding::Corrupt { object, error } => {
            dead_letter(error.reason(), &Corruption(&error), Some(object))
        }
        Finding::Unreadable { object, error } => match error {
            FetchError::NotFound | FetchError::Replaced | FetchError::Archived => {
                dead_letter(error.reason(), &error, Some(object))
            }
            FetchError::Denied | FetchError::Unavailable => Disposition::Release(BACK_OFF),
            FetchError::Stopped => Disposition::Release(Duration::ZERO),
        },
        Finding::HeldTooLong | Finding::Panicked | Finding::Lost => Disposition::Release(BACK_OFF),
        Finding::Stopped => Disposition::Release(Duration::ZERO),
    }
}

fn dead_letter(
    reason: &'static str,
    detail: &dyn fmt::Display,
    object: Option<String>,
) -> Disposition {
    Disposition::DeadLetter(DeadLetter { reason, detail: detail.to_string(), object })
}

/// Whether a file may be sound when it is read once more: its bytes were changed or lost, perhaps on
/// their way, and none of its records was passed on.
pub(crate) fn may_pass(error: &trail_logfile::Error) -> bool {
    use trail_logfile::Error::{Gzip, NotJson, Truncated};
    matches!(error, Gzip { .. } | Truncated { .. } | NotJson { .. }) && error.records() == 0
}

/// Says what is wrong with a file, where, and what of it was forwarded before that was seen.
struct Corruption<'e>(&'e trail_logfile::Error);

impl fmt::Display for Corruption<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (error, records) = (self.0, self.0.records());
        write!(f, "{error}")?;
        match records {
            0 if may_pass(error) => f.write_str(", in two reads"),
            0 => Ok(()),
            _ => f.write_str(", which were delivered"),
        }
    }
}

#[cfg(test)]
mod tests;
