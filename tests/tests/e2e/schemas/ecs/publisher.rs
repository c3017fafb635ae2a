//! The committed table, compared with what Elastic publishes.

use super::table::{Field, Table};
use super::{REQUIRED, VERSION};
use crate::{lines, log_files};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;

/// The newest version, in which the table holds too.
const NEWEST: &str = "9.4.0";
/// The one value that the newest version allows and ours does not, for `event.type`.
const SINCE: &str = "device";

type Published = BTreeMap<String, PublishedField>;

/// A field, of what is said of it as much as the table repeats.
#[derive(Debug, Deserialize)]
struct PublishedField {
    #[serde(rename = "type")]
    name: String,
    normalize: Vec<String>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    allowed_values: Vec<AllowedValue>,
}

#[derive(Debug, Deserialize)]
struct AllowedValue {
    name: String,
    #[serde(default)]
    expected_event_types: Vec<String>,
}

/// The fields of this version. `None` where the corpora are not there, and then it is printed.
fn published(version: &str) -> anyhow::Result<Option<Published>> {
    let Some(folder) = log_files::corpus("ecs")? else {
        return Ok(None);
    };
    let yaml = lines::gunzip(&fs::read(folder.join(format!("ecs_flat.v{version}.yml.gz")))?)?;
    // Its limits are for YAML that nobody trusts.
    let options = serde_saphyr::options! { budget: None };
    Ok(Some(serde_saphyr::from_slice_with_options(&yaml, options)?))
}

/// How the table's line on a field would read.
fn line(field: &PublishedField) -> (&str, bool, Vec<&str>) {
    let allowed = field.allowed_values.iter().map(|value| value.name.as_str());
    (&field.name, field.normalize == ["array"], allowed.collect())
}

fn own_line(field: &Field) -> (&str, bool, Vec<&str>) {
    (field.name, field.array, field.allowed.clone())
}

#[test]
fn table_is_what_elastic_publishes() -> anyhow::Result<()> {
    let Some(published) = published(VERSION)? else {
        return Ok(());
    };
    assert!(published.len() > 1_600, "{}", published.len());
    for (name, field) in &Table::of_ecs().fields {
        assert_eq!(Some(own_line(field)), published.get(*name).map(line), "{name}");
    }
    let required: Vec<&String> =
        published.iter().filter(|(_, field)| field.required).map(|(name, _)| name).collect();
    assert_eq!(required, REQUIRED);
    Ok(())
}

#[test]
fn table_holds_in_the_newest_version_too() -> anyhow::Result<()> {
    let Some(published) = published(NEWEST)? else {
        return Ok(());
    };
    for (name, field) in &Table::of_ecs().fields {
        let mut theirs = published.get(*name).map(line);
        if let Some((_, _, allowed)) = theirs.as_mut().filter(|_| *name == "event.type") {
            allowed.retain(|value| *value != SINCE);
        }
        assert_eq!(Some(own_line(field)), theirs, "{name}");
    }
    Ok(())
}

#[test]
fn categories_expect_what_elastic_publishes() -> anyhow::Result<()> {
    for version in [VERSION, NEWEST] {
        let Some(published) = published(version)? else {
            return Ok(());
        };
        let theirs: BTreeMap<&str, Vec<&str>> = published["event.category"]
            .allowed_values
            .iter()
            .map(|value| {
                let types = value.expected_event_types.iter().map(String::as_str);
                (value.name.as_str(), types.collect())
            })
            .collect();
        assert_eq!(Table::of_ecs().categories, theirs, "{version}");
    }
    Ok(())
}
