//! What a message turned out to say.

use crate::escape::excerpt;
use crate::object::ObjectRef;

/// A message understood: the objects it names, and what else it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// What the innermost body was; of several (an SNS event for Lambda has many), the first.
    pub shape: Shape,
    /// SNS envelopes around the innermost body, at most three; of several bodies, the deepest.
    pub envelopes: u8,
    /// Every object that was created, in the order of the message, whatever its bucket or key.
    pub objects: Vec<ObjectRef>,
    /// What was understood and names no object to read.
    pub ignored: Vec<Ignored>,
}

/// Who wrote the innermost body, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// An S3 event notification: `Records`.
    S3,
    /// An EventBridge event of `aws.s3`.
    EventBridge,
    /// CloudTrail's own topic: `s3Bucket` and `s3ObjectKey`.
    CloudTrailSns,
    /// What S3 sends when a notification is configured.
    S3TestEvent,
    /// What CloudTrail sends when its topic is configured.
    CloudTrailValidation,
}

impl Shape {
    /// A metric label, in `snake_case`.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::EventBridge => "event_bridge",
            Self::CloudTrailSns => "cloudtrail_sns",
            Self::S3TestEvent => "s3_test_event",
            Self::CloudTrailValidation => "cloudtrail_validation",
        }
    }
}

/// Something understood that asks for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ignored {
    /// `s3:TestEvent`.
    TestEvent,
    /// `CloudTrail validation message.`
    ValidationMessage,
    /// An S3 event other than the creation of an object.
    NotCreated {
        /// The event's name: escaped and cut, safe to show.
        event: String,
    },
    /// An array that should name objects and is empty.
    EmptyRecords,
}

impl Ignored {
    /// A metric label, in `snake_case`.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TestEvent => "test_event",
            Self::ValidationMessage => "validation_message",
            Self::NotCreated { .. } => "not_created",
            Self::EmptyRecords => "empty_records",
        }
    }
}

/// What one entry of a message comes to.
#[derive(Debug)]
pub(crate) enum Finding {
    Created(ObjectRef),
    Ignored(Ignored),
}

impl Finding {
    pub(crate) fn not_created(event: &str) -> Self {
        Self::Ignored(Ignored::NotCreated { event: excerpt(event) })
    }
}
