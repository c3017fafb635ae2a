//! The law that what says it is OCSF or ECS is valid there.

use super::forms::{self, Form};
use super::ocsf::Validator;
use super::{ecs, records};
use anyhow::{Context as _, ensure};
use serde_json::Value;
use trail_schema::ecs::Dialect;

/// What the integration of Elastic's has for an object that is deleted.
const OF_THE_INTEGRATION: [&str; 3] = [
    "event.type is \"delete\", which is not allowed",
    "event.type delete is of no category here",
    "event.category file has no type here",
];

/// Holds what `record` becomes in OCSF against the schema of its version and class.
pub(crate) fn check_ocsf(forms: &[Form], record: &str) -> anyhow::Result<()> {
    for form in forms {
        let event = form.document(record)?;
        let version = event["metadata"]["version"].as_str().context("no metadata.version")?;
        none(form, &event, &Validator::load(version)?.violations(&event))?;
    }
    Ok(())
}

/// Holds what `record` becomes in ECS against its fields.
pub(crate) fn check_ecs(forms: &[Form], record: &str) -> anyhow::Result<()> {
    for form in forms {
        let document = form.document(record)?;
        none(form, &document, &ecs::violations(&document))?;
    }
    Ok(())
}

/// The same, but for what Elastic's integration is known to get wrong.
pub(crate) fn check_integration(forms: &[Form], record: &str) -> anyhow::Result<()> {
    for form in forms {
        let document = form.document(record)?;
        let mut found = ecs::violations(&document);
        found.retain(|violation| !OF_THE_INTEGRATION.contains(&violation.as_str()));
        none(form, &document, &found)?;
    }
    Ok(())
}

fn none(form: &Form, output: &Value, violations: &[String]) -> anyhow::Result<()> {
    ensure!(violations.is_empty(), "{}: {violations:#?} in {output}", form.name);
    Ok(())
}

#[test]
fn every_record_is_valid_in_ocsf() -> anyhow::Result<()> {
    let forms = forms::ocsf();
    records::check_all(|record| check_ocsf(&forms, &record.json))
}

#[test]
fn every_record_is_valid_in_ecs() -> anyhow::Result<()> {
    let forms = forms::ecs(Dialect::Strict);
    records::check_all(|record| check_ecs(&forms, &record.json))
}

#[test]
fn every_record_is_valid_as_elastics_integration_has_it_but_for_what_that_gets_wrong()
-> anyhow::Result<()> {
    let forms = forms::ecs(Dialect::Integration);
    records::check_all(|record| check_integration(&forms, &record.json))
}
