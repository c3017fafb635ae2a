//! A message body becomes a [`Notification`]: envelopes are opened, entries gathered.

use crate::body::{Body, Envelope, Form};
use crate::event_bridge::Event;
use crate::notification::{Finding, Ignored, Notification, Shape};
use crate::object::ObjectRef;
use crate::record::{self, Entry};
use crate::unrecognized::Unrecognized;
use crate::wire::{self, each};

/// SNS envelopes opened before a message is refused.
const MAX_ENVELOPES: u8 = 3;

/// Entries of one message, over all its arrays. SQS carries at most 1 MiB, in which S3 can write
/// some 2,000 entries and CloudTrail some 10,000 keys; the cap bounds what a body of
/// many tiny entries can make us hold.
pub(crate) const MAX_ENTRIES: usize = 16_384;

/// What CloudTrail publishes, as plain text, when its topic is configured.
const VALIDATION: &str = "CloudTrail validation message.";

/// Reads the body of one queue message.
///
/// The shape is detected: S3 directly, S3 through SNS (wrapped, raw, or as Lambda gets it),
/// EventBridge, CloudTrail's own topic, their test messages, in up to three SNS envelopes. All
/// objects that were created are named, whatever their bucket or key.
///
/// ```
/// let body = r#"{"s3Bucket":"org-trail","s3ObjectKey":["AWSLogs/a","AWSLogs/b"]}"#;
/// let notification = trail_notification::read(body)?;
/// assert_eq!(notification.objects[1].to_string(), "s3://org-trail/AWSLogs/b");
/// # Ok::<(), trail_notification::Unrecognized>(())
/// ```
///
/// # Errors
/// [`Unrecognized`] if any part of the message is not understood; nothing is half read.
pub fn read(body: &str) -> Result<Notification, Unrecognized> {
    let mut reading = Reading::default();
    reading.body(body, 0)?;
    reading.finish()
}

#[derive(Default)]
struct Reading {
    shape: Option<Shape>,
    envelopes: u8,
    objects: Vec<ObjectRef>,
    ignored: Vec<Ignored>,
}

impl Reading {
    /// Reads one body, which lies in `depth` envelopes. It recurses once per envelope, so at most
    /// [`MAX_ENVELOPES`] times.
    fn body(&mut self, text: &str, depth: u8) -> Result<(), Unrecognized> {
        self.envelopes = self.envelopes.max(depth);
        if text.trim() == VALIDATION {
            self.innermost(Shape::CloudTrailValidation);
            return self.add(Finding::Ignored(Ignored::ValidationMessage));
        }
        match Body::parse(text)?.form()? {
            Form::Envelope(envelope) => self.envelope(envelope, depth),
            Form::TestEvent => {
                self.innermost(Shape::S3TestEvent);
                self.add(Finding::Ignored(Ignored::TestEvent))
            }
            Form::CloudTrail { bucket, keys } => self.cloudtrail(&bucket, keys),
            Form::EventBridge(event) => self.event_bridge(event),
            Form::Records(records) => self.records(records, depth),
        }
    }

    fn envelope(&mut self, envelope: Envelope<'_>, depth: u8) -> Result<(), Unrecognized> {
        let message = envelope.message()?;
        if depth >= MAX_ENVELOPES {
            return Err(Unrecognized::TooDeep);
        }
        self.body(&message, depth + 1)
    }

    fn cloudtrail(&mut self, bucket: &str, keys: &wire::Raw) -> Result<(), Unrecognized> {
        self.innermost(Shape::CloudTrailSns);
        if let Some(key) = wire::text(keys) {
            return self.add(Finding::Created(ObjectRef::found(0, bucket, &*key)?));
        }
        let count = each(keys, "s3ObjectKey", |index, key| {
            let key = wire::text(key).ok_or(Unrecognized::MalformedEntry { index })?;
            self.add(Finding::Created(ObjectRef::found(index, bucket, &*key)?))
        })?;
        self.none_means_empty(count)
    }

    fn event_bridge(&mut self, event: Event<'_>) -> Result<(), Unrecognized> {
        let finding = event.finding()?;
        self.innermost(Shape::EventBridge);
        self.add(finding)
    }

    fn records(&mut self, records: &wire::Raw, depth: u8) -> Result<(), Unrecognized> {
        let count = each(records, "Records", |index, raw| match record::entry(index, raw)? {
            Entry::S3(finding) => {
                self.innermost(Shape::S3);
                self.add(finding)
            }
            Entry::Sns(envelope) => self.envelope(envelope, depth),
        })?;
        if count == 0 {
            self.innermost(Shape::S3);
        }
        self.none_means_empty(count)
    }

    fn none_means_empty(&mut self, count: usize) -> Result<(), Unrecognized> {
        if count > 0 { Ok(()) } else { self.add(Finding::Ignored(Ignored::EmptyRecords)) }
    }

    fn innermost(&mut self, shape: Shape) {
        self.shape.get_or_insert(shape);
    }

    fn add(&mut self, finding: Finding) -> Result<(), Unrecognized> {
        if self.objects.len() + self.ignored.len() >= MAX_ENTRIES {
            return Err(Unrecognized::TooManyEntries);
        }
        match finding {
            Finding::Created(object) => self.objects.push(object),
            Finding::Ignored(ignored) => self.ignored.push(ignored),
        }
        Ok(())
    }

    fn finish(self) -> Result<Notification, Unrecognized> {
        Ok(Notification {
            shape: self.shape.ok_or(Unrecognized::UnknownShape)?,
            envelopes: self.envelopes,
            objects: self.objects,
            ignored: self.ignored,
        })
    }
}

#[cfg(test)]
mod tests;
