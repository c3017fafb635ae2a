//! What a sink's settings mean: an encoder and selectors, shared by the sinks that want the same.

use crate::config::{Detail, Ecs, Ocsf, Redact, Schema, SessionCredentials, Sink, Unmapped};
use anyhow::Context;
use std::sync::Arc;
use trail_event::Selectors;
use trail_schema::{Action, Encoder, Enrichment, Format, Redaction, Rule, ecs, ocsf};

/// What a sink is given.
#[derive(Clone, Debug)]
pub(crate) struct Want {
    pub(crate) encoder: Arc<Encoder>,
    pub(crate) selectors: Arc<Selectors>,
}

/// What each sink is given, in their order. Sinks with equal settings share one encoder.
pub(crate) fn wants(
    sinks: &[Sink],
    enrichment: Option<&Arc<dyn Enrichment>>,
) -> anyhow::Result<Vec<Want>> {
    let mut known: Vec<(Format, Arc<Encoder>)> = Vec::new();
    let mut wants = Vec::new();
    for sink in sinks {
        let format = format(sink, enrichment)?;
        let shared = known.iter().find(|(other, _)| is_same(other, &format));
        let encoder = match shared {
            Some((_, encoder)) => Arc::clone(encoder),
            None => {
                let encoder = Arc::new(Encoder::new(&format));
                known.push((format, Arc::clone(&encoder)));
                encoder
            }
        };
        let selectors = Arc::new(selectors(&sink.select, &sink.exclude)?);
        wants.push(Want { encoder, selectors });
    }
    Ok(wants)
}

/// Reads selectors that were found to be right when the configuration was.
pub(crate) fn selectors<S: AsRef<str>>(select: &[S], exclude: &[S]) -> anyhow::Result<Selectors> {
    Selectors::parse(select, exclude).context("could not read the selectors")
}

/// How a sink's events are encoded. Nothing is added to a record that stays as it came.
pub(crate) fn format(
    sink: &Sink,
    enrichment: Option<&Arc<dyn Enrichment>>,
) -> anyhow::Result<Format> {
    let is_verbatim = sink.schema == Schema::CloudTrail;
    Ok(Format {
        schema: sink.schema.schema(),
        ocsf: ocsf_options(sink.ocsf),
        ecs: ecs_options(sink.ecs),
        redaction: redaction(&sink.redact, sink.schema)?,
        enrichment: enrichment.filter(|_| !is_verbatim).map(Arc::clone),
    })
}

/// All sinks are given the same enrichment, or none.
fn is_same(one: &Format, other: &Format) -> bool {
    let options = |format: &Format| (format.schema, format.ocsf, format.ecs);
    options(one) == options(other)
        && one.redaction == other.redaction
        && one.enrichment.is_some() == other.enrichment.is_some()
}

fn redaction(redact: &Redact, schema: Schema) -> anyhow::Result<Redaction> {
    let lists =
        [(&redact.drop, Action::Drop), (&redact.mask, Action::Mask), (&redact.hash, Action::Hash)];
    let mut rules = Vec::new();
    for (paths, action) in lists {
        rules.extend(paths.iter().map(|path| Rule { path: path.path().clone(), action }));
    }
    let by_default = match schema {
        Schema::CloudTrail => SessionCredentials::Keep,
        Schema::Ocsf18 | Schema::Ocsf11 | Schema::Ecs | Schema::Flat => SessionCredentials::Mask,
    };
    match redact.session_credentials.unwrap_or(by_default) {
        SessionCredentials::Keep => {}
        SessionCredentials::Mask => {
            rules.extend_from_slice(Redaction::session_credentials().rules());
        }
    }
    Ok(Redaction::new(rules, redact.hash_key.clone())?)
}

fn ocsf_options(Ocsf { detail, unmapped }: Ocsf) -> ocsf::Options {
    ocsf::Options {
        detail: match detail {
            Detail::SecurityLake => ocsf::Detail::SecurityLake,
            Detail::Extended => ocsf::Detail::Extended,
        },
        unmapped: match unmapped {
            Unmapped::Flat => ocsf::Unmapped::Flat,
            Unmapped::Nested => ocsf::Unmapped::Nested,
        },
    }
}

fn ecs_options(Ecs { strict, original }: Ecs) -> ecs::Options {
    ecs::Options {
        dialect: if strict { ecs::Dialect::Strict } else { ecs::Dialect::Integration },
        original: if original { ecs::Original::Keep } else { ecs::Original::Omit },
    }
}
