//! What was asked, and what was answered.

use super::{raw, unknown};
use crate::ocsf::Version::{V1_1, V1_8};
use crate::ocsf::attribute::{Attribute, always};
use crate::ocsf::facts::{Facts, OPERATIONS, says};
use crate::table::{As, Row, Subject, Wrote};
use trail_event::{Field, Kind};

pub(super) const TABLE: &[Attribute] = &[
    always(Row::first("api.operation", OPERATIONS, As::Text)),
    always(Row::derived("api.operation", "Unknown where there is none", no_operation)).stand_in(),
    always(Row::text("api.version", Field::ApiVersion)),
    always(Row::first(
        "api.service.name",
        &[Field::EventSource, Field::InsightEventSource],
        As::Text,
    )),
    always(Row::text("api.request.uid", Field::RequestId)),
    always(Row::derived("api.request.uid", "empty where there is none", |subject, line| {
        no_request_id(subject, true, line)
    }))
    .until(V1_1)
    .stand_in(),
    always(Row::derived(
        "api.request.uid",
        "empty where there is none and there are requestParameters",
        |subject, line| no_request_id(subject, has_parameters(subject), line),
    ))
    .since(V1_8)
    .stand_in(),
    always(Row::field("api.request.data", Field::RequestParameters, As::JsonText)),
    always(Row::text("api.response.error", Field::ErrorCode)),
    always(Row::text("api.response.message", Field::ErrorMessage)),
    always(Row::field("api.response.data", Field::ResponseElements, As::JsonText)),
    always(Row::text("http_request.user_agent", Field::UserAgent)),
];

fn no_operation(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    if subject.facts.operation.is_some() { Wrote::Nothing } else { unknown(line) }
}

/// OCSF requires an id of every request, and CloudTrail has none for some.
fn no_request_id(subject: &Subject<'_, Facts>, is_required: bool, line: &mut Vec<u8>) -> Wrote {
    match says(&subject.event, Field::RequestId) {
        None if is_required => raw(r#""""#, line),
        Some(_) | None => Wrote::Nothing,
    }
}

fn has_parameters(subject: &Subject<'_, Facts>) -> bool {
    let parameters = subject.event.value(Field::RequestParameters);
    parameters.is_some_and(|value| value.kind() != Kind::Null && value.json() != r#""""#)
}
