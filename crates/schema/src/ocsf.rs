//! Open Cybersecurity Schema Framework.
#![doc = include_str!("../docs/ocsf.md")]
// An event is of a class, which is found first, with all else that many attributes ask for: its
// facts. The tables in `rows` say for every attribute in which versions and classes it is; of them
// one program is made for each class.

mod attribute;
mod class;
mod facts;
mod rows;

use crate::enrichment::Enrichment;
use crate::program::{Observer, Program};
use crate::remaining::Scratch;
use crate::table::{Form, Row, Subject};
use facts::Facts;
use trail_event::Event;

pub(crate) use attribute::Attribute;
pub(crate) use class::Class;

/// What OCSF leaves open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Options {
    /// Which activities and classes are told apart.
    pub detail: Detail,
    /// How what has no attribute is written.
    pub unmapped: Unmapped,
}

/// Which activities and classes are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Detail {
    /// Those that Amazon Security Lake tells apart.
    #[default]
    SecurityLake,
    /// More of them.
    Extended,
}

/// How `unmapped` is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Unmapped {
    /// As one object of strings, keyed by path, as Amazon Security Lake writes it.
    #[default]
    Flat,
    /// As objects within objects.
    Nested,
}

/// A version of OCSF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    V1_1,
    V1_8,
}

/// What an event is mapped to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub(crate) version: Version,
    pub(crate) detail: Detail,
}

#[derive(Debug)]
pub(crate) struct Mapping {
    target: Target,
    programs: Programs,
    /// Those without what enrichment adds.
    plain: Programs,
    /// Those, too, without what stands in for what is missing: for nearly all events.
    complete: Programs,
}

/// One for each class, in the order of [`Class::ALL`].
type Programs = [Program<Facts>; Class::ALL.len()];

impl Mapping {
    pub(crate) fn new(version: Version, options: Options) -> Self {
        let programs = |is_enriched: bool, is_complete: bool| {
            Class::ALL.map(|class| {
                let is_in = |attribute: &&Attribute| {
                    (is_enriched || !attribute.is_enriched)
                        && !(is_complete && attribute.is_stand_in)
                        && (options.detail == Detail::Extended || !attribute.is_extended)
                };
                Program::new(rows_of(version, class, options.unmapped, is_in))
            })
        };
        let target = Target { version, detail: options.detail };
        let (plain, complete) = (programs(false, false), programs(false, true));
        Self { target, programs: programs(true, false), plain, complete }
    }

    pub(crate) fn encode(
        &self,
        event: &Event<'_>,
        enrichment: Option<&dyn Enrichment>,
        scratch: &mut Scratch,
        observer: &mut impl Observer,
        line: &mut Vec<u8>,
    ) {
        let facts = Facts::of(event, self.target);
        let subject = Subject { event: *event, facts: &facts, enrichment };
        let programs = match enrichment {
            Some(_) => &self.programs,
            None if facts.is_complete => &self.complete,
            None => &self.plain,
        };
        if let Some(program) = programs.get(facts.class as usize) {
            program.run(&subject, scratch, observer, line);
        }
    }
}

/// The table of a class in a version.
pub(crate) fn rows_of(
    version: Version,
    class: Class,
    unmapped: Unmapped,
    is_in: impl Fn(&&'static Attribute) -> bool,
) -> impl Iterator<Item = Row<Facts>> {
    let form = match unmapped {
        Unmapped::Flat => Form::FlatMap,
        Unmapped::Nested => Form::Nested,
    };
    let attributes = attributes().filter(is_in);
    let attributes = attributes.filter(move |attribute| attribute.is_in(version, class));
    attributes
        .map(move |attribute| attribute.row_of(class))
        .chain([Row::remaining("unmapped", form)])
}

/// Every attribute but `unmapped`, in the order of the output.
pub(crate) fn attributes() -> impl Iterator<Item = &'static Attribute> {
    rows::all()
}

#[cfg(test)]
mod tests;
