//! An event goes in; what comes out is its bytes in an output schema, on one line. This crate does
//! no I/O, reads no clock, and the same event always gives the same bytes.
//!
//! In reading order: [`Schema`] names the schemas, [`Encoder`] is one made ready. A schema is a
//! `table` of rows, an attribute each, and a `program` runs it; `convert` and `escape` write
//! values, and what no row has taken goes to `remaining`, so that nothing of an event is lost.
//! [`ocsf`], [`ecs`] and [`flat`] are the tables, `cloudtrail` keeps a record as it is.
//! [`Redaction`] hides, [`Enrichment`] adds.
#![forbid(unsafe_code)]

mod append;
mod attribute;
mod cloudtrail;
mod convert;
pub mod ecs;
mod encoder;
mod enrichment;
mod escape;
mod explain;
pub mod flat;
pub mod ocsf;
mod program;
mod redaction;
mod remaining;
mod schema;
mod table;

/// What the README shows works.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use attribute::Attribute;
pub use encoder::{Encoder, Format, Scratch};
pub use enrichment::{Enrichment, Location};
pub use explain::Trace;
pub use redaction::{Action, HashKey, MissingKey, Redaction, Rule, ShortKey};
pub use schema::Schema;
