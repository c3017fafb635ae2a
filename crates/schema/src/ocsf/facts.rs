//! What many attributes ask for, found once.

mod acted_on;
pub(super) mod actor;
mod status;

use super::class::{Activity, Class};
use super::{Detail, Target, Version};
use std::net::IpAddr;
use trail_event::{Event, Field, Text, Timestamp};

pub(super) use acted_on::ActedOn;
pub(super) use actor::Actor;
pub(super) use status::Status;

/// What is found out about an event before its attributes are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(super) target: Target,
    pub(super) class: Class,
    pub(super) activity: Activity,
    pub(super) status: Status,
    /// The action, where it is named.
    pub(super) operation: Option<Field>,
    /// Whether the event says when it happened.
    pub(super) has_time: bool,
    /// Whether nothing is missing that something else would stand in for: the time, the operation,
    /// the request's id, who it was and from where.
    pub(super) is_complete: bool,
    /// The address the request came from, if it is one.
    pub(super) address: Option<IpAddr>,
    /// The account it happened in, where it is told.
    pub(super) account: Option<Field>,
    pub(super) actor: Actor,
    pub(super) acted_on: ActedOn,
}

/// Characters that OCSF allows for an address.
const ADDRESS_MOST: usize = 40;

/// When an event happened; the start of its window, for an aggregated one.
pub(super) const TIMES: &[Field] = &[Field::EventTime, Field::WindowStart];

/// The action that was called; for an Insights event, the one that is unusual.
pub(super) const OPERATIONS: &[Field] = &[Field::EventName, Field::InsightEventName];

/// The account an event happened in.
pub(super) const ACCOUNTS: &[Field] = &[Field::RecipientAccountId, Field::AggregatedAccountId];

impl Facts {
    pub(super) fn of(event: &Event<'_>, target: Target) -> Self {
        let (class, activity) = Class::of(event, target);
        let mut times = TIMES.iter().filter_map(|field| event.value(*field));
        let has_time = times.any(|time| Timestamp::of(time).is_some());
        let operation = first(event, OPERATIONS);
        let actor = Actor::of(event, class);
        let is_complete = has_time
            && operation.is_some()
            && actor.is_user
            && says(event, Field::RequestId).is_some()
            && says(event, Field::SourceIpAddress).is_some();
        Self {
            target,
            class,
            activity,
            status: Status::of(event, class),
            operation,
            has_time,
            is_complete,
            address: address(event),
            account: first(event, ACCOUNTS),
            actor,
            acted_on: ActedOn::of(event, class),
        }
    }

    /// Whether more is told than Security Lake tells.
    pub(super) fn is_extended(&self) -> bool {
        self.target.detail == Detail::Extended
    }

    /// Whether the version is at least this one.
    pub(super) fn is_since(&self, version: Version) -> bool {
        self.target.version >= version
    }
}

/// What a field says, if it is a string, number or boolean that is not empty: what a row writes as
/// text.
#[inline]
pub(super) fn says<'a>(event: &Event<'a>, field: Field) -> Option<Text<'a>> {
    event.says_something(field)
}

/// The first field that says something.
#[inline]
pub(super) fn first(event: &Event<'_>, fields: &[Field]) -> Option<Field> {
    fields.iter().copied().find(|field| says(event, *field).is_some())
}

fn address(event: &Event<'_>) -> Option<IpAddr> {
    let text = event.text(Field::SourceIpAddress)?;
    if text.escaped().len() > ADDRESS_MOST {
        return None;
    }
    event.source_address()
}

#[cfg(test)]
mod tests;
