//! The fields of ECS that events of `CloudTrail` can have.

use super::kind::Kind;
use anyhow::Context as _;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const FIELDS: &str = include_str!("fields-8.11.0.tsv");
const CATEGORIES: &str = include_str!("categories-8.11.0.tsv");

/// All of them, by their dotted names.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) fields: BTreeMap<&'static str, Field>,
    /// The types of event that each category expects.
    pub(super) categories: BTreeMap<&'static str, Vec<&'static str>>,
}

/// What is known of a field.
#[derive(Debug)]
pub(super) struct Field {
    /// Its type, as Elastic calls it.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) array: bool,
    /// Empty if any value goes.
    pub(super) allowed: Vec<&'static str>,
}

impl Table {
    /// The one that is committed.
    pub(super) fn of_ecs() -> &'static Self {
        static TABLE: LazyLock<Table> = LazyLock::new(|| Table::parse().unwrap());
        &TABLE
    }

    fn parse() -> anyhow::Result<Self> {
        let fields = rows(FIELDS).map(|row| Field::parse(row).context(row));
        let categories = rows(CATEGORIES).map(|row| {
            let (category, types) = row.split_once('\t').context(row)?;
            Ok((category, types.split(',').collect()))
        });
        Ok(Self {
            fields: fields.collect::<anyhow::Result<_>>()?,
            categories: categories.collect::<anyhow::Result<_>>()?,
        })
    }
}

impl Field {
    /// Whether it may have this value, which is of its kind.
    pub(super) fn allows(&self, value: &Value) -> bool {
        self.allowed.is_empty() || value.as_str().is_some_and(|text| self.allowed.contains(&text))
    }

    fn parse(row: &'static str) -> anyhow::Result<(&'static str, Self)> {
        let mut columns = row.split('\t');
        let mut next = || columns.next().context("a column is missing");
        let (path, name, array, allowed) = (next()?, next()?, next()?, next()?);
        let allowed = if allowed == "-" { Vec::new() } else { allowed.split(',').collect() };
        Ok((path, Self { name, kind: Kind::parse(name)?, array: array == "array", allowed }))
    }
}

fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#'))
}
