//! Where the event comes from.

use super::text_of;
use crate::convert::plain;
use crate::ocsf::Version::{V1_1, V1_8};
use crate::ocsf::attribute::{Attribute, always};
use crate::ocsf::facts::Facts;
use crate::table::{As, Row, Subject, Wrote};
use trail_event::Field;

const IDS: &[Field] = &[Field::EventId, Field::AggregatedEventId];

pub(super) const TABLE: &[Attribute] = &[
    always(Row::constant("metadata.version", r#""1.1.0""#)).until(V1_1),
    always(Row::constant("metadata.version", r#""1.8.0""#)).since(V1_8),
    always(Row::constant("metadata.product.name", r#""CloudTrail""#)),
    always(Row::constant("metadata.product.vendor_name", r#""AWS""#)),
    always(Row::text("metadata.product.version", Field::EventVersion)),
    always(Row::taking(
        "metadata.product.feature.name",
        &[Field::EventCategory],
        "eventCategory; \"Management, Data, and Insights\" where there is none",
        feature,
    )),
    always(Row::constant("metadata.profiles", r#"["cloud","datetime"]"#)),
    always(Row::first("metadata.uid", IDS, As::Text)),
    always(Row::first("metadata.original_event_uid", IDS, As::Text)).since(V1_8),
    always(Row::text("metadata.event_code", Field::EventType)),
    always(Row::text("metadata.original_time", Field::EventTime)).since(V1_8),
    always(Row::text("metadata.correlation_uid", Field::SharedEventId)).since(V1_8),
];

fn feature(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    match text_of(subject, Some(Field::EventCategory), line) {
        Wrote::Nothing => {
            plain("Management, Data, and Insights", line);
            Wrote::Part
        }
        wrote @ (Wrote::Part | Wrote::All) => wrote,
    }
}
