//! What only sign-ins have.

mod expiration;

use super::raw;
use crate::convert::{number, wrote};
use crate::ocsf::Version::V1_8;
use crate::ocsf::attribute::{Attribute, always};
use crate::ocsf::class::Class::{self, Authentication};
use crate::ocsf::facts::Facts;
use crate::table::{As, Row, Subject, Wrote};
use trail_event::{Field, Value};

const SIGN_INS: &[Class] = &[Authentication];

pub(super) const TABLE: &[Attribute] = &[
    always(Row::field("is_mfa", Field::MfaUsed, As::Custom(yes_or_no, "as boolean: Yes or No")))
        .of(SIGN_INS),
    always(Row::text("session.uid", Field::AssumedRoleUserArn)).since(V1_8).of(SIGN_INS),
    always(Row::text("session.uid_alt", Field::AssumedRoleId)).since(V1_8).of(SIGN_INS),
    always(Row::text("session.credential_uid", Field::ResponseAccessKeyId))
        .since(V1_8)
        .of(SIGN_INS),
    always(Row::field(
        "session.expiration_time",
        Field::ResponseExpiration,
        As::Custom(expiration_time, "as milliseconds since 1970"),
    ))
    .since(V1_8)
    .of(SIGN_INS),
    always(Row::field(
        "session.expiration_time_dt",
        Field::ResponseExpiration,
        As::Custom(expiration_time_dt, "as RFC 3339"),
    ))
    .since(V1_8)
    .of(SIGN_INS),
    always(Row::derived(
        "account_switch_type_id",
        "2 (Impersonate) for SwitchRole and ExitRole, in extended detail",
        |subject, line| switch(subject, "2", line),
    ))
    .since(V1_8)
    .of(SIGN_INS)
    .extended(),
    always(Row::derived(
        "account_switch_type",
        "Impersonate for SwitchRole and ExitRole, in extended detail",
        |subject, line| switch(subject, r#""Impersonate""#, line),
    ))
    .since(V1_8)
    .of(SIGN_INS)
    .extended(),
];

/// `activity_id` of Account Switch.
const ACCOUNT_SWITCH: u8 = 7;

fn switch(subject: &Subject<'_, Facts>, json: &str, line: &mut Vec<u8>) -> Wrote {
    if subject.facts.activity.id == ACCOUNT_SWITCH { raw(json, line) } else { Wrote::Nothing }
}

fn yes_or_no(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    let said = match value.json() {
        r#""Yes""# => "true",
        r#""No""# => "false",
        _ => return Wrote::Nothing,
    };
    line.extend_from_slice(said.as_bytes());
    Wrote::All
}

fn expiration_time(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    let Some(time) = expiration::parse(value) else { return Wrote::Nothing };
    number(time.milliseconds(), line);
    wrote(time)
}

fn expiration_time_dt(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    let Some(time) = expiration::parse(value) else { return Wrote::Nothing };
    line.push(b'"');
    time.append_rfc3339(line);
    line.push(b'"');
    wrote(time)
}
