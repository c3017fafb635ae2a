//! Columns that answer what CloudTrail's documentation promises its records tell, and those that
//! enrichment fills.

use super::pen::Pen;
use crate::enrichment::Location;
use crate::table::Subject;
use trail_event::{Field, Outcome, Timestamp};

pub(super) fn actor(subject: &Subject<'_, ()>, pen: &mut Pen<'_>) {
    if let Some(actor) = subject.event.identity().actor() {
        pen.parts(&actor.parts());
    }
}

pub(super) fn credentials(subject: &Subject<'_, ()>, pen: &mut Pen<'_>) {
    pen.text(subject.event.identity().credentials().name());
}

pub(super) fn temporary(subject: &Subject<'_, ()>, pen: &mut Pen<'_>) {
    if let Some(is_temporary) = subject.event.identity().is_temporary() {
        pen.boolean(is_temporary);
    }
}

pub(super) fn by_service(subject: &Subject<'_, ()>, pen: &mut Pen<'_>) {
    if let Some(service) = subject.event.identity().by_service() {
        pen.parts(&[service]);
    }
}

pub(super) fn outcome(subject: &Subject<'_, ()>, pen: &mut Pen<'_>) {
    match subject.event.outcome() {
        Some(Outcome::Success) => pen.text("success"),
        Some(Outcome::Failure) => pen.text("failure"),
        None => {}
    }
}

pub(super) fn event_day(subject: &Subject<'_, ()>, pen: &mut Pen<'_>) {
    let event = &subject.event;
    let value = event.value(Field::EventTime).or_else(|| event.value(Field::WindowStart));
    if let Some(value) = value
        && let Some(time) = Timestamp::of(value)
    {
        pen.day(time, value);
    }
}

pub(super) fn account_name(subject: &Subject<'_, ()>, pen: &mut Pen<'_>) {
    let Some(enrichment) = subject.enrichment else { return };
    let account = [Field::RecipientAccountId, Field::AggregatedAccountId];
    let id = account.into_iter().find_map(|field| subject.event.text(field));
    if let Some(id) = id.and_then(|id| id.plain()) {
        enrichment.account_name(id, &mut |name| pen.text(name));
    }
}

pub(super) fn country(subject: &Subject<'_, ()>, pen: &mut Pen<'_>) {
    located(subject, |location| text(location.country_code, pen));
}

pub(super) fn city(subject: &Subject<'_, ()>, pen: &mut Pen<'_>) {
    located(subject, |location| text(location.city_name, pen));
}

pub(super) fn as_number(subject: &Subject<'_, ()>, pen: &mut Pen<'_>) {
    located(subject, |location| {
        if let Some(number) = location.as_number {
            pen.integer(number.into());
        }
    });
}

pub(super) fn as_organization(subject: &Subject<'_, ()>, pen: &mut Pen<'_>) {
    located(subject, |location| text(location.as_organization, pen));
}

fn text(text: Option<&str>, pen: &mut Pen<'_>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        pen.text(text);
    }
}

fn located(subject: &Subject<'_, ()>, mut see: impl FnMut(&Location<'_>)) {
    if let Some(enrichment) = subject.enrichment
        && let Some(address) = subject.event.source_address()
    {
        enrichment.locate(address, &mut see);
    }
}
