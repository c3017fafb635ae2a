//! Which shape a body has, told by its top-level keys alone.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::error::Category;

use crate::event_bridge::Event;
use crate::unrecognized::Unrecognized;
use crate::wire::{Object, Raw, Text, text};

/// The top-level keys by which shapes are told apart, their values not looked into yet. All others
/// are passed over: new fields appear with S3's minor versions.
#[derive(Deserialize)]
pub(crate) struct Body<'a> {
    #[serde(borrow, rename = "Type")]
    kind: Option<&'a Raw>,
    #[serde(borrow, rename = "TopicArn")]
    topic: Option<&'a Raw>,
    #[serde(borrow, rename = "Message")]
    message: Option<&'a Raw>,
    #[serde(borrow, rename = "Event")]
    test: Option<&'a Raw>,
    #[serde(borrow, rename = "s3Bucket")]
    bucket: Option<&'a Raw>,
    #[serde(borrow, rename = "s3ObjectKey")]
    keys: Option<&'a Raw>,
    #[serde(borrow, rename = "detail-type")]
    detail_type: Option<&'a Raw>,
    #[serde(borrow)]
    source: Option<&'a Raw>,
    #[serde(borrow)]
    region: Option<&'a Raw>,
    #[serde(borrow)]
    detail: Option<&'a Raw>,
    #[serde(borrow, rename = "Records")]
    records: Option<&'a Raw>,
}

/// A body whose shape is known.
pub(crate) enum Form<'a> {
    Envelope(Envelope<'a>),
    TestEvent,
    CloudTrail { bucket: Text<'a>, keys: &'a Raw },
    EventBridge(Event<'a>),
    Records(&'a Raw),
}

impl<'a> Body<'a> {
    pub(crate) fn parse(body: &'a str) -> Result<Self, Unrecognized> {
        let parsed = serde_json::from_str::<Object<Self>>(body);
        parsed.map(|body| body.0).map_err(|error| match error.classify() {
            // No value is looked into here, so an object is only refused for a key it has twice.
            Category::Data if body.trim_start().starts_with('{') => Unrecognized::AmbiguousShape,
            Category::Data => Unrecognized::UnknownShape,
            Category::Io | Category::Syntax | Category::Eof => Unrecognized::NotJson,
        })
    }

    /// The one shape the body has. A body of two is refused: to choose one would be to drop what
    /// the other says.
    pub(crate) fn form(&self) -> Result<Form<'a>, Unrecognized> {
        let candidates = [
            self.envelope().map(Form::Envelope),
            self.test_event(),
            self.cloudtrail(),
            self.event_bridge().map(Form::EventBridge),
            self.records.map(Form::Records),
        ];
        let mut forms = candidates.into_iter().flatten();
        match (forms.next(), forms.next()) {
            (Some(form), None) => Ok(form),
            (Some(_), Some(_)) => Err(Unrecognized::AmbiguousShape),
            (None, _) => Err(Unrecognized::UnknownShape),
        }
    }

    fn envelope(&self) -> Option<Envelope<'a>> {
        self.topic?;
        Some(Envelope { kind: Some(text(self.kind?)?), message: Some(text(self.message?)?) })
    }

    fn test_event(&self) -> Option<Form<'a>> {
        (*text(self.test?)? == *"s3:TestEvent").then_some(Form::TestEvent)
    }

    fn cloudtrail(&self) -> Option<Form<'a>> {
        Some(Form::CloudTrail { bucket: text(self.bucket?)?, keys: self.keys? })
    }

    fn event_bridge(&self) -> Option<Event<'a>> {
        Some(Event {
            detail_type: text(self.detail_type?)?,
            source: text(self.source?)?,
            region: self.region.and_then(text),
            detail: self.detail,
        })
    }
}

/// What SNS wraps around a message, at the top of a body or in an entry made for Lambda.
#[derive(Deserialize)]
pub(crate) struct Envelope<'a> {
    #[serde(borrow, rename = "Type")]
    kind: Option<Text<'a>>,
    #[serde(borrow, rename = "Message")]
    message: Option<Text<'a>>,
}

impl<'a> Envelope<'a> {
    /// The message inside.
    pub(crate) fn message(self) -> Result<Cow<'a, str>, Unrecognized> {
        match self.kind.as_deref() {
            Some("Notification") | None => {}
            Some("SubscriptionConfirmation" | "UnsubscribeConfirmation") => {
                return Err(Unrecognized::SubscriptionConfirmation);
            }
            Some(_) => return Err(Unrecognized::UnknownShape),
        }
        self.message.map(Text::into).ok_or(Unrecognized::UnknownShape)
    }
}
