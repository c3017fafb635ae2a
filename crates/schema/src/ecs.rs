//! Elastic Common Schema.
#![doc = include_str!("../docs/ecs.md")]
// `facts` are found first, once per event; the rows in `table` ask for them.

mod class;
mod facts;
mod flattened;
mod identity;
mod network;
mod parameters;
mod related;
mod resources;
mod strings;
mod table;

use crate::enrichment::Enrichment;
use crate::program::{Observer, Program};
use crate::remaining::Scratch;
use crate::table::{Row, Subject};
use facts::Facts;
use trail_event::Event;

/// What ECS leaves open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Options {
    /// Whether what Elastic's integration gets wrong is put right.
    pub dialect: Dialect,
    /// Whether `event.original` holds the record.
    pub original: Original,
}

/// Whether what Elastic's integration gets wrong is put right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// As ECS has it.
    #[default]
    Strict,
    /// As Elastic's AWS integration has it.
    Integration,
}

/// Whether `event.original` holds the record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Original {
    /// It is left out.
    #[default]
    Omit,
    /// It is there.
    Keep,
}

#[derive(Debug)]
pub(crate) struct Mapping {
    program: Program<Facts>,
    /// The same without the rows that only enrichment fills.
    without_enrichment: Program<Facts>,
}

/// A row, and when it is part of the schema.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    when: When,
    row: Row<Facts>,
}

/// When a row is part of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Always,
    /// In one dialect.
    Dialect(Dialect),
    /// When the record is asked for.
    Original,
    /// With enrichment, without which it says nothing.
    Enriched,
}

impl Entry {
    fn is_for(&self, options: &Options) -> bool {
        match self.when {
            When::Always | When::Enriched => true,
            When::Dialect(dialect) => dialect == options.dialect,
            When::Original => options.original == Original::Keep,
        }
    }
}

impl Entry {
    pub(crate) fn row(&self) -> &Row<Facts> {
        &self.row
    }

    /// With which option it is part of the schema, if not with all.
    pub(crate) fn only(&self) -> Option<&'static str> {
        match self.when {
            When::Always | When::Enriched => None,
            When::Dialect(Dialect::Strict) => Some("strict"),
            When::Dialect(Dialect::Integration) => Some("not strict"),
            When::Original => Some("original"),
        }
    }
}

/// Every row, in the order of the output.
pub(crate) fn entries() -> impl Iterator<Item = &'static Entry> {
    table::TABLE.iter()
}

impl Mapping {
    pub(crate) fn new(options: &Options) -> Self {
        let entries = || entries().filter(|entry| entry.is_for(options));
        let without_enrichment = entries().filter(|entry| entry.when != When::Enriched);
        Self {
            program: Program::new(entries().map(|entry| entry.row)),
            without_enrichment: Program::new(without_enrichment.map(|entry| entry.row)),
        }
    }

    pub(crate) fn encode(
        &self,
        event: &Event<'_>,
        enrichment: Option<&dyn Enrichment>,
        scratch: &mut Scratch,
        observer: &mut impl Observer,
        line: &mut Vec<u8>,
    ) {
        let facts = Facts::of(event);
        let subject = Subject { event: *event, facts: &facts, enrichment };
        let program = if enrichment.is_some() { &self.program } else { &self.without_enrichment };
        program.run(&subject, scratch, observer, line);
    }
}
