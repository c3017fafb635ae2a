//! The tables: every attribute of OCSF that CloudTrail has something for.
//!
//! Where one attribute has several rows, at most one of them applies to an event.

mod actor;
mod api;
mod authentication;
mod cloud;
mod endpoint;
mod metadata;
mod observables;
mod occurrence;
mod policy;
mod resources;
mod store;
mod user;

use super::attribute::Attribute;
use super::facts::{Facts, says};
use crate::append::{append, append_part};
use crate::convert::{plain, string};
use crate::table::{Subject, Wrote};
use trail_event::{Field, Text};

/// Every attribute, in the order of the output.
pub(crate) fn all() -> impl Iterator<Item = &'static Attribute> {
    let tables = [
        metadata::TABLE,
        occurrence::TABLE,
        actor::TABLE,
        api::TABLE,
        cloud::TABLE,
        endpoint::TABLE,
        user::TABLE,
        authentication::TABLE,
        policy::TABLE,
        store::TABLE,
        resources::TABLE,
        observables::TABLE,
    ];
    tables.into_iter().flatten()
}

/// What stands where OCSF requires a text and the record has none.
const UNKNOWN: &str = "Unknown";

/// What OCSF calls an AWS account, and its `type_id`.
const ACCOUNT: &str = r#""AWS Account""#;
const ACCOUNT_ID: &str = "10";

/// Appends JSON, and says that no field is told by it.
fn raw(json: &str, line: &mut Vec<u8>) -> Wrote {
    append(json.as_bytes(), line);
    Wrote::Part
}

/// Appends a string, and says that no field is told by it.
fn part(text: Text<'_>, line: &mut Vec<u8>) -> Wrote {
    string(text, line);
    Wrote::Part
}

/// Appends `Unknown`.
fn unknown(line: &mut Vec<u8>) -> Wrote {
    plain(UNKNOWN, line);
    Wrote::Part
}

/// Appends what a field says, if there is one and it says anything.
#[inline]
fn text_of(subject: &Subject<'_, Facts>, field: Option<Field>, line: &mut Vec<u8>) -> Wrote {
    let (Some(field), event) = (field, &subject.event) else { return Wrote::Nothing };
    if let Some(place) = event.text_place(field) {
        // A string is copied with its quotes.
        append_part(event.json().as_bytes(), place.start - 1..place.end + 1, line);
        return Wrote::All;
    }
    says(event, field).map_or(Wrote::Nothing, |text| string(text, line))
}

/// Appends what the account is called whose id a field holds, if anybody knows.
fn account_name(subject: &Subject<'_, Facts>, field: Field, line: &mut Vec<u8>) -> Wrote {
    let Some(enrichment) = subject.enrichment else { return Wrote::Nothing };
    let id = says(&subject.event, field).and_then(|id| id.plain());
    let Some(id) = id.filter(|id| id.len() == 12) else { return Wrote::Nothing };
    let mut wrote = Wrote::Nothing;
    enrichment.account_name(id, &mut |name| {
        plain(name, line);
        wrote = Wrote::Part;
    });
    wrote
}

/// The name of what an ARN names: what follows the last `/` or `:`. Neither can be in the middle of
/// an escape.
fn name_in(arn: Text<'_>) -> Option<Text<'_>> {
    let before = memchr::memrchr2(b'/', b':', arn.escaped().as_bytes())?;
    let name = arn.escaped().get(before + 1..)?;
    (!name.is_empty()).then(|| Text::new(name))
}
