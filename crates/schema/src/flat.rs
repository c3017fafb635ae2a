//! A row of columns, for tables: SQL stores, Parquet, CSV.
//!
//! [`COLUMNS`] is the table of the table. A row has two forms that say the same: cells, which a
//! sink takes from [`Encoder::cells`](crate::Encoder::cells) without any JSON between, and an
//! object of JSON, the schema `flat`. In JSON a null is left out, and every column has one type
//! over all events: texts, times (RFC 3339), days and JSON are strings.
//!
//! Names are those of the table that AWS documents for CloudTrail in Athena, where it has the
//! column; members of its structs have theirs before them (`useridentity_arn`).
//!
//! Source: Amazon Athena User Guide, "Query AWS CloudTrail logs".

mod cell;
mod columns;
mod derived;
mod lookup;
mod pen;
#[cfg(test)]
mod tests;

pub use cell::Cell;
pub(crate) use cell::Held;
pub use columns::{COLUMNS, Column, ColumnKind};

use crate::enrichment::Enrichment;
use crate::program::{Observer, Program, Taken};
use crate::remaining::Scratch;
use crate::table::{Row, Subject};
use columns::From;
use trail_event::Event;

#[derive(Debug)]
pub(crate) struct Mapping {
    program: Program<()>,
    /// The same without the columns that only enrichment fills.
    without_enrichment: Program<()>,
}

impl Mapping {
    pub(crate) fn new() -> Self {
        let without_enrichment = COLUMNS.iter().filter(|column| !column.is_enriched());
        Self {
            program: Program::new(rows()),
            without_enrichment: Program::new(without_enrichment.map(Column::row)),
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
        let mut run = |program: &Program<()>, enrichment: Option<&dyn Enrichment>| {
            let subject = Subject { event: *event, facts: &(), enrichment };
            program.run(&subject, scratch, observer, line);
        };
        if enrichment.is_some() {
            lookup::once(event, enrichment, &mut |enrichment| run(&self.program, enrichment));
        } else {
            run(&self.without_enrichment, None);
        }
    }
}

/// The columns as rows of a table that the encoder runs.
pub(crate) fn rows() -> impl Iterator<Item = Row<()>> {
    COLUMNS.iter().map(Column::row)
}

/// Shows `see` the cell of every column, in order.
pub(crate) fn cells(
    event: &Event<'_>,
    enrichment: Option<&dyn Enrichment>,
    scratch: &mut Scratch,
    held: &mut Held,
    see: &mut dyn FnMut(&'static Column, Cell<'_>),
) {
    lookup::once(event, enrichment, &mut |enrichment| {
        let subject = Subject { event: *event, facts: &(), enrichment };
        let mut taken = Taken::default();
        for column in COLUMNS {
            let cell = match &column.from {
                From::Field(field) | From::Json(field, _) => {
                    cell::of_fields(&[*field], column.kind, event, &mut taken, held)
                }
                From::First(fields) => {
                    cell::of_fields(fields, column.kind, event, &mut taken, held)
                }
                From::Derived(derived) | From::Enriched(derived) => {
                    held.write(|pen| (derived.write)(&subject, pen))
                }
                From::Remaining => cell::of_remaining(event, &taken, scratch, held),
            };
            see(column, cell);
        }
    });
}
