//! The account and region it happened in.

use super::{ACCOUNT, ACCOUNT_ID, account_name, raw};
use crate::ocsf::Version::V1_8;
use crate::ocsf::attribute::{Attribute, always};
use crate::ocsf::facts::{ACCOUNTS, Facts};
use crate::table::{As, Row, Subject, Wrote};
use trail_event::Field;

pub(super) const TABLE: &[Attribute] = &[
    always(Row::constant("cloud.provider", r#""AWS""#)),
    always(Row::text("cloud.region", Field::AwsRegion)),
    always(Row::first("cloud.account.uid", ACCOUNTS, As::Text)).since(V1_8),
    always(
        Row::derived(
            "cloud.account.name",
            "by enrichment, of recipientAccountId, or accountId of an aggregated event",
            name,
        )
        .when(ACCOUNTS),
    )
    .enriched(),
    always(
        Row::derived("cloud.account.type", "AWS Account", |subject, line| {
            has_account(subject, ACCOUNT, line)
        })
        .when(ACCOUNTS),
    )
    .since(V1_8),
    always(
        Row::derived("cloud.account.type_id", "10 (AWS Account)", |subject, line| {
            has_account(subject, ACCOUNT_ID, line)
        })
        .when(ACCOUNTS),
    )
    .since(V1_8),
];

fn name(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    match subject.facts.account {
        Some(account) => account_name(subject, account, line),
        None => Wrote::Nothing,
    }
}

fn has_account(subject: &Subject<'_, Facts>, json: &str, line: &mut Vec<u8>) -> Wrote {
    if subject.facts.account.is_some() { raw(json, line) } else { Wrote::Nothing }
}
