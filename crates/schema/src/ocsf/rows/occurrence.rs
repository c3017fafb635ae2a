//! What happened, when, and how it ended.

use super::{part, raw, text_of};
use crate::append::append;
use crate::ocsf::Version::V1_8;
use crate::ocsf::attribute::{Attribute, always, same};
use crate::ocsf::class::{Activity, Class};
use crate::ocsf::facts::{Facts, Status, TIMES};
use crate::table::{As, Row, Subject, Wrote};
use trail_event::{Field, Text};

pub(super) const TABLE: &[Attribute] = &[
    always(Row::first("time", TIMES, As::Milliseconds)),
    always(Row::derived("time", "0 where the record says no time", no_time)).stand_in(),
    always(Row::first("time_dt", TIMES, As::DateTime)),
    always(Row::field("start_time", Field::WindowStart, As::Milliseconds)),
    always(Row::field("start_time_dt", Field::WindowStart, As::DateTime)),
    always(Row::field("end_time", Field::WindowEnd, As::Milliseconds)),
    always(Row::field("end_time_dt", Field::WindowEnd, As::DateTime)),
    same("category_uid", "the thousands of class_uid", Class::category_uid),
    same("category_name", "what OCSF calls the category", Class::category_name),
    same("class_uid", "the class", Class::uid),
    same("class_name", "what OCSF calls the class", Class::name),
    always(Row::derived("activity_id", "the activity, by eventName", |subject, line| {
        small(subject.facts.activity.id, line)
    })),
    always(Row::derived(
        "activity_name",
        "what OCSF calls the activity; where it is Other eventName, or that of insightDetails",
        activity_name,
    )),
    always(Row::derived("type_uid", "100 times class_uid, and activity_id", type_uid)),
    always(Row::derived("type_name", "the names of class and activity", type_name)),
    always(Row::constant("severity_id", "1")),
    always(Row::constant("severity", r#""Informational""#)),
    always(Row::derived(
        "status_id",
        "2 (Failure) where there is an errorCode, else 1 (Success); sign-ins say it themselves",
        |subject, line| small(subject.facts.status.id(), line),
    )),
    always(Row::derived("status", "what OCSF calls the status", status)),
    always(Row::text("status_code", Field::ErrorCode)).since(V1_8),
    always(Row::text("status_detail", Field::ErrorMessage)).since(V1_8),
];

fn no_time(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    if subject.facts.has_time { Wrote::Nothing } else { raw("0", line) }
}

/// Appends a number below 100.
fn small(number: u8, line: &mut Vec<u8>) -> Wrote {
    if number < 10 {
        line.push(b'0' + number);
        return Wrote::Part;
    }
    two_digits(number, line)
}

fn two_digits(number: u8, line: &mut Vec<u8>) -> Wrote {
    line.extend_from_slice(&[b'0' + number / 10, b'0' + number % 10]);
    Wrote::Part
}

/// Appends what OCSF calls something, in which nothing has to be escaped.
fn caption(caption: &'static str, line: &mut Vec<u8>) -> Wrote {
    part(Text::new(caption), line)
}

fn activity_name(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    let Facts { activity, operation, .. } = subject.facts;
    if *activity == Activity::OTHER && text_of(subject, *operation, line) != Wrote::Nothing {
        return Wrote::Part;
    }
    caption(activity.caption, line)
}

fn type_uid(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    let Facts { class, activity, .. } = subject.facts;
    append(class.uid().as_bytes(), line);
    two_digits(activity.id, line)
}

fn type_name(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    let Facts { class, activity, .. } = subject.facts;
    line.push(b'"');
    append(class.caption().as_bytes(), line);
    line.extend_from_slice(b": ");
    append(activity.caption.as_bytes(), line);
    line.push(b'"');
    Wrote::Part
}

fn status(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    match subject.facts.status {
        Status::Success => raw(r#""Success""#, line),
        Status::Failure => raw(r#""Failure""#, line),
        Status::Other(field) => text_of(subject, Some(field), line),
    }
}
