//! Encoding: an event becomes a line.

use crate::cloudtrail;
use crate::enrichment::Enrichment;
use crate::program::Observer;
use crate::redaction::{Redacted, Redaction};
use crate::remaining;
use crate::schema::Schema;
use crate::{ecs, flat, ocsf};
use std::sync::Arc;
use trail_event::Event;

/// How events are encoded.
#[derive(Clone, Debug, Default)]
pub struct Format {
    /// The schema.
    pub schema: Schema,
    /// What is left open by OCSF.
    pub ocsf: ocsf::Options,
    /// What is left open by ECS.
    pub ecs: ecs::Options,
    /// What is hidden.
    pub redaction: Redaction,
    /// Knowledge beyond the event that is added to it.
    pub enrichment: Option<Arc<dyn Enrichment>>,
}

/// A [`Format`] made ready, to be shared by all who encode alike.
#[derive(Debug)]
pub struct Encoder {
    schema: Schema,
    enrichment: Option<Arc<dyn Enrichment>>,
    redaction: Redaction,
    mapping: Mapping,
}

#[derive(Debug)]
enum Mapping {
    CloudTrail,
    Ocsf(Box<ocsf::Mapping>),
    Ecs(ecs::Mapping),
    Flat(flat::Mapping),
}

/// Memory of one who encodes, kept from one event to the next, so that encoding allocates nothing.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    redacted: Redacted,
    remaining: remaining::Scratch,
    held: flat::Held,
}

impl Encoder {
    /// Makes a format ready.
    #[must_use]
    pub fn new(format: &Format) -> Self {
        let mapping = match format.schema {
            Schema::CloudTrail => Mapping::CloudTrail,
            Schema::Ocsf18 => {
                Mapping::Ocsf(Box::new(ocsf::Mapping::new(ocsf::Version::V1_8, format.ocsf)))
            }
            Schema::Ocsf11 => {
                Mapping::Ocsf(Box::new(ocsf::Mapping::new(ocsf::Version::V1_1, format.ocsf)))
            }
            Schema::Ecs => Mapping::Ecs(ecs::Mapping::new(&format.ecs)),
            Schema::Flat => Mapping::Flat(flat::Mapping::new()),
        };
        let redaction = format.redaction.clone();
        Self { schema: format.schema, enrichment: format.enrichment.clone(), redaction, mapping }
    }

    /// The schema.
    #[must_use]
    pub fn schema(&self) -> Schema {
        self.schema
    }

    /// Whether the line is the record as it is, so that [`copy`](Self::copy) does as well.
    #[must_use]
    pub fn is_verbatim(&self) -> bool {
        matches!(self.mapping, Mapping::CloudTrail) && self.redaction.is_empty()
    }

    /// Appends a record as it is, on one line.
    pub fn copy(record: &str, line: &mut Vec<u8>) {
        cloudtrail::append(record, line);
    }

    pub(crate) fn redaction(&self) -> &Redaction {
        &self.redaction
    }

    /// Appends `event`, without a line break anywhere.
    pub fn encode(&self, event: &Event<'_>, scratch: &mut Scratch, line: &mut Vec<u8>) {
        self.observed(event, scratch, &mut (), line);
    }

    /// Appends `event` as [`encode`](Self::encode) does, and tells what became of its fields.
    pub(crate) fn observed(
        &self,
        event: &Event<'_>,
        scratch: &mut Scratch,
        observer: &mut impl Observer,
        line: &mut Vec<u8>,
    ) {
        let Scratch { redacted, remaining, .. } = scratch;
        match self.redaction.redacted(event, redacted) {
            Some(event) => self.map(&event, remaining, observer, line),
            None => self.map(event, remaining, observer, line),
        }
    }

    /// Shows `see` the columns of [`flat::COLUMNS`] with what they hold of `event`, in order,
    /// redacted and enriched as in [`encode`](Self::encode). Which schema this encodes does not
    /// matter.
    pub fn cells(
        &self,
        event: &Event<'_>,
        scratch: &mut Scratch,
        mut see: impl FnMut(&'static flat::Column, flat::Cell<'_>),
    ) {
        let Scratch { redacted, remaining, held } = scratch;
        let enrichment = self.enrichment.as_deref();
        match self.redaction.redacted(event, redacted) {
            Some(event) => flat::cells(&event, enrichment, remaining, held, &mut see),
            None => flat::cells(event, enrichment, remaining, held, &mut see),
        }
    }

    fn map(
        &self,
        event: &Event<'_>,
        scratch: &mut remaining::Scratch,
        observer: &mut impl Observer,
        line: &mut Vec<u8>,
    ) {
        let enrichment = self.enrichment.as_deref();
        match &self.mapping {
            Mapping::CloudTrail => cloudtrail::append(event.json(), line),
            Mapping::Ocsf(ocsf) => ocsf.encode(event, enrichment, scratch, observer, line),
            Mapping::Ecs(ecs) => ecs.encode(event, enrichment, scratch, observer, line),
            Mapping::Flat(flat) => flat.encode(event, enrichment, scratch, observer, line),
        }
    }
}
