//! What some events hold beyond a request: resources, corrections, insights, what was left out.
//!
//! Each is a view of its own, made when asked for.

use crate::event::Event;
use crate::field::Field;
use crate::kinds::words;
use crate::text::Text;
use crate::time::Timestamp;
use crate::value::Value;
use std::net::IpAddr;

/// Where a request came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// From this address.
    Address(IpAddr),
    /// From within a service, by its DNS name: `cloudtrail.amazonaws.com`.
    Service(Text<'a>),
    /// From within AWS (`AWS Internal`), or a place that is not understood.
    Other(Text<'a>),
}

/// Something that a request touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource<'a> {
    /// Its ARN.
    pub arn: Option<Text<'a>>,
    /// What all their ARNs begin with, for calls that list or delete many.
    pub arn_prefix: Option<Text<'a>>,
    /// The account that owns it. Some services leave it out.
    pub account_id: Option<Text<'a>>,
    /// Its kind, `AWS::S3::Object`.
    pub kind: Option<Text<'a>>,
}

words! {
    /// Why an event is late, or written again (`addendum.reason`).
    AddendumReason {
        /// Late, and otherwise complete.
        DeliveryDelay = "DELIVERY_DELAY";
        /// It replaces or completes an earlier event.
        UpdatedData = "UPDATED_DATA";
        /// The service could not record it at the time.
        ServiceOutage = "SERVICE_OUTAGE";
    }
}

/// Why an event is late, or written again (from version 1.08 on).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addendum<'a> {
    /// The reason.
    pub reason: Option<AddendumReason>,
    /// The fields that changed: a list in one string in practice, or an array.
    pub updated_fields: Option<Value<'a>>,
    /// The request of the event that it replaces.
    pub original_request_id: Option<Text<'a>>,
    /// The event that it replaces. An event that replaces another has an id of its own.
    pub original_event_id: Option<Text<'a>>,
}

/// TLS connection of a request (from version 1.08 on). Any part may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tls<'a> {
    /// Version, `TLSv1.3`.
    pub version: Option<Text<'a>>,
    /// Cipher suite.
    pub cipher_suite: Option<Text<'a>>,
    /// Host name the client asked for, nearly always the endpoint of the service.
    pub host: Option<Text<'a>>,
    /// Key exchange, `X25519MLKEM768`.
    pub key_exchange: Option<Text<'a>>,
}

words! {
    /// Whether unusual activity starts or ends (`insightDetails.state`).
    InsightState {
        /// It was noticed.
        Start = "Start";
        /// It is over. Both events have one `sharedEventID`.
        End = "End";
    }
}

words! {
    /// What is unusual (`insightDetails.insightType`).
    InsightKind {
        /// How often an action is called.
        ApiCallRate = "ApiCallRateInsight";
        /// How often an action fails in one way.
        ApiErrorRate = "ApiErrorRateInsight";
    }
}

/// Unusual activity that CloudTrail found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Insight<'a> {
    /// Whether it starts or ends.
    pub state: Option<InsightState>,
    /// What is unusual.
    pub kind: Option<InsightKind>,
    /// The service that is called.
    pub event_source: Option<Text<'a>>,
    /// The action that is called.
    pub event_name: Option<Text<'a>>,
    /// The error that is met.
    pub error_code: Option<Text<'a>>,
    /// Statistics, and who or what the activity is attributed to.
    pub context: Option<Value<'a>>,
}

/// What an aggregated event counts over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeWindow<'a> {
    /// Its start, which belongs to it.
    pub start: Option<Timestamp>,
    /// Its end, which does not.
    pub end: Option<Timestamp>,
    /// Its length, ISO 8601: `PT5M`.
    pub size: Option<Text<'a>>,
}

/// What stands in place of a part that was too large.
///
/// Sources: CloudTrail User Guide, "Contents of CloudTrail events" (limits from version 1.05 on);
/// the members as seen in records, of which `omitted` is a string or a boolean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Omitted<'a> {
    /// Why, `requestParameters too large`.
    pub reason: Option<Text<'a>>,
    /// Bytes the part had.
    pub original_size: Option<u64>,
}

/// Bytes to which CloudTrail cuts texts; what is cut ends in three dots.
const CUT: usize = 1000;

impl<'a> Event<'a> {
    /// Where the request came from.
    #[must_use]
    pub fn origin(&self) -> Option<Origin<'a>> {
        let text = self.text(Field::SourceIpAddress)?;
        let plain = text.plain().unwrap_or_default();
        Some(match plain.parse() {
            Ok(address) => Origin::Address(address),
            Err(_) if plain.contains(".amazonaws.") => Origin::Service(text),
            Err(_) => Origin::Other(text),
        })
    }

    /// What the request touched.
    pub fn resources(&self) -> impl Iterator<Item = Resource<'a>> + use<'a> {
        self.value(Field::Resources).into_iter().flat_map(Value::elements).map(|resource| {
            let text = |key| resource.member(key).and_then(Value::filled);
            Resource {
                arn: text("ARN"),
                arn_prefix: text("ARNPrefix"),
                account_id: text("accountId"),
                kind: text("type"),
            }
        })
    }

    /// Why the event is late, or written again, if it is.
    #[must_use]
    pub fn addendum(&self) -> Option<Addendum<'a>> {
        self.object(Field::Addendum)?;
        Some(Addendum {
            reason: self.text(Field::AddendumReason).map(AddendumReason::of),
            updated_fields: self.value(Field::AddendumUpdatedFields),
            original_request_id: self.text(Field::OriginalRequestId),
            original_event_id: self.text(Field::OriginalEventId),
        })
    }

    /// TLS connection of the request, if it is told.
    #[must_use]
    pub fn tls(&self) -> Option<Tls<'a>> {
        self.object(Field::TlsDetails)?;
        Some(Tls {
            version: self.text(Field::TlsVersion),
            cipher_suite: self.text(Field::CipherSuite),
            host: self.text(Field::ClientProvidedHostHeader),
            key_exchange: self.text(Field::KeyExchange),
        })
    }

    /// The unusual activity that the event tells of, if it does.
    #[must_use]
    pub fn insight(&self) -> Option<Insight<'a>> {
        self.object(Field::InsightDetails)?;
        Some(Insight {
            state: self.text(Field::InsightState).map(InsightState::of),
            kind: self.text(Field::InsightType).map(InsightKind::of),
            event_source: self.text(Field::InsightEventSource),
            event_name: self.text(Field::InsightEventName),
            error_code: self.text(Field::InsightErrorCode),
            context: self.value(Field::InsightContext),
        })
    }

    /// What an aggregated event counts over.
    #[must_use]
    pub fn time_window(&self) -> Option<TimeWindow<'a>> {
        self.object(Field::TimeWindow)?;
        Some(TimeWindow {
            start: self.value(Field::WindowStart).and_then(Timestamp::of),
            end: self.value(Field::WindowEnd).and_then(Timestamp::of),
            size: self.text(Field::WindowSize),
        })
    }

    /// What stands in place of a part that was too large to be recorded, if it was: of the
    /// request, the response, the additional data, the service's or the device's details. Somebody
    /// may pad a request so that what was asked is left out.
    #[must_use]
    pub fn omitted(&self, part: Field) -> Option<Omitted<'a>> {
        let value = self.object(part)?;
        let omitted = value.member("omitted").and_then(Value::boolean);
        let size = || value.member("originalSize")?.scalar()?.plain()?.parse().ok();
        (omitted == Some(true)).then(|| Omitted {
            reason: value.member("reason").and_then(Value::filled),
            original_size: size(),
        })
    }

    /// Whether a text was cut because it was too long: the agent, an error, the request's id.
    #[must_use]
    pub fn is_cut(&self, field: Field) -> bool {
        self.text(field).is_some_and(|text| text.escaped().len() >= CUT && text.ends_with("..."))
    }

    fn object(&self, field: Field) -> Option<Value<'a>> {
        self.value(field).filter(|value| !value.is_empty() && value.members().next().is_some())
    }
}

#[cfg(test)]
mod tests;
