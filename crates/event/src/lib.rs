//! One CloudTrail record goes in; what comes out is a view of it that borrows, and never copies
//! what it does not have to. This crate does no I/O and changes nothing: unknown fields stay where
//! they are, in the record's own bytes, and are handed out with the others.
//!
//! In reading order: [`Reader`] reads a record into an [`Event`], [`Field`] is the table of the
//! fields known by name, [`Value`] and [`Text`] are what they hold,
//! [`Timestamp`] a moment, [`Category`] and its neighbours say what an event is, [`Identity`] who
//! made it, [`EventKey`] is what makes an
//! event recognisable when it is delivered twice.
#![forbid(unsafe_code)]

mod address;
mod details;
mod event;
mod field;
mod fields;
mod identity;
mod json;
mod key;
mod keys;
mod kinds;
mod names;
mod path;
mod quoted;
mod quotes;
mod reader;
mod selector;
mod sets;
mod text;
mod time;
mod value;

pub use details::{
    Addendum, AddendumReason, Insight, InsightKind, InsightState, Omitted, Origin, Resource,
    TimeWindow, Tls,
};
pub use event::{Event, Member};
pub use field::{Field, Shape};
pub use fields::Fields;
pub use identity::{Actor, Credentials, Identity};
pub use key::EventKey;
pub use keys::Keys;
pub use kinds::{Category, EventType, IdentityKind, Outcome, Version};
pub use path::{Path, PathError, Segment};
pub use quoted::{Quoted, QuotedElements, QuotedMembers};
pub use reader::{Batch, Edit, Reader, Unread};
pub use selector::{Choice, List, SelectorError, SelectorFault, Selectors};
pub use sets::Set;
pub use text::Text;
pub use time::Timestamp;
pub use value::{Elements, Kind, Members, Value};
