//! The configuration: a TOML file, the environment over it, and every fault in them at once.
//!
//! What comes in is a path and the variables of the environment; what goes out is a [`Config`]
//! whose values are all within their bounds, or [`Faults`], a line each with its place and what to
//! do. Nothing here talks to AWS or to a sink: that a queue exists is not known yet.
//!
//! The settings: [`Source`], [`Limits`], [`Shutdown`], [`Admin`], [`Log`], [`Quarantine`],
//! [`Enrichment`], [`Sink`]; their values: [`ByteSize`], [`HumanDuration`]. How they are read: `file`
//! and `environment` are laid over one another in `document`, `sections` takes that apart, `section`
//! makes a struct of a table by what `keys` knows of it.

mod bounds;
mod document;
mod enrichment;
mod environment;
mod fault;
mod file;
mod format;
mod keys;
mod limits;
mod operation;
mod region;
mod section;
mod sections;
mod sinks;
mod source;
mod substitution;
mod units;

pub use enrichment::Enrichment;
pub use environment::environment;
pub use fault::{Fault, Faults};
pub use format::{
    Detail, Ecs, FieldPath, Ocsf, Redact, Schema, Selector, SessionCredentials, Unmapped,
};
pub use limits::Limits;
pub use operation::{Admin, Listen, Log, LogFormat, Quarantine, Shutdown};
pub use region::region_of_queue_url;
pub use sinks::{Compression, FileSink, Sink, SinkKind, SinkType, StdoutSink};
pub use source::{AccountId, AllowedBucket, Source};
pub use units::{ByteSize, HumanDuration, UnitError};

use document::Document;
use fault::Place;
use schemars::JsonSchema;
use sections::Sections;
use std::collections::BTreeMap;
use std::path::Path;

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where notifications come from and what they may point at.
    pub source: Source,
    /// Bounds on memory, on work in flight, and on what an object may expand to.
    #[serde(default)]
    pub limits: Limits,
    /// How a stop goes.
    #[serde(default)]
    pub shutdown: Shutdown,
    /// The admin server: health, readiness, metrics.
    #[serde(default)]
    pub admin: Admin,
    /// What is written to standard error.
    #[serde(default)]
    pub log: Log,
    /// Where single events go that a sink can never take.
    #[serde(default)]
    pub quarantine: Quarantine,
    /// Files that tell more than an event does: where an address is, what an account is called.
    #[serde(default)]
    pub enrichment: Enrichment,
    /// Where events go: at least one.
    #[serde(rename = "sink")]
    #[schemars(length(min = 1))]
    pub sinks: Vec<Sink>,
}

impl Config {
    const SECTIONS: [&str; 8] =
        ["source", "limits", "shutdown", "admin", "log", "quarantine", "enrichment", "sink"];

    /// Reads the file at `path`, if there is one, under the variables of `environment`.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load(
        path: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Faults> {
        let Some(path) = path else {
            return Self::from_text("environment", "", environment);
        };
        let name = path.display().to_string();
        let text = file::read(&name, path)?;
        Self::from_text(&name, &text, environment)
    }

    /// As [`Config::load`], of text that was read already; faults call it `name`.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn from_text(
        name: &str,
        text: &str,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Faults> {
        let environment: BTreeMap<String, String> = environment.collect();
        let (document, root) = Document::parse(name, text, &environment)?;
        let mut sections = Sections::new(document, root);

        let source = sections.read("source");
        let limits = sections.read("limits");
        let shutdown = sections.read("shutdown");
        let admin = sections.read("admin");
        let log = sections.read("log");
        let quarantine = sections.read("quarantine");
        let enrichment = sections.read("enrichment");
        let sinks = sections.read_sinks();

        let faults = sections.finish(&Self::SECTIONS);
        match (source, limits, shutdown, admin, log, quarantine, enrichment, sinks) {
            (
                Some(source),
                Some(limits),
                Some(shutdown),
                Some(admin),
                Some(log),
                Some(quarantine),
                Some(enrichment),
                Some(sinks),
            ) if faults.is_empty() => {
                Self { source, limits, shutdown, admin, log, quarantine, enrichment, sinks }
                    .consistent(name)
            }
            _ => Err(faults),
        }
    }

    /// What holds between settings. A record that does not fit the window it is read through takes
    /// memory of its own, twice: for reading and for forwarding.
    fn consistent(self, name: &str) -> Result<Self, Faults> {
        let (record, memory) = (self.limits.record, self.limits.memory);
        let mut faults = Faults::default();
        let place = || Place::Document { name: name.to_owned() };
        if record.bytes() > memory.bytes() / 8 {
            let message = format!(
                "limits.record ({record}) is more than an eighth of limits.memory ({memory}): lower \
                 the one or raise the other"
            );
            faults.push(place(), message);
        }
        for shared in self.shared_directories() {
            let message = format!(
                "two of the sinks and the quarantine write to {shared:?}: give each its own"
            );
            faults.push(place(), message);
        }
        if faults.is_empty() { Ok(self) } else { Err(faults) }
    }

    fn shared_directories(&self) -> Vec<&Path> {
        let mut known = vec![self.quarantine.path.as_path()];
        let mut shared = Vec::new();
        for sink in &self.sinks {
            let SinkKind::File(file) = &sink.kind else { continue };
            if known.contains(&file.path.as_path()) {
                shared.push(file.path.as_path());
            }
            known.push(&file.path);
        }
        shared
    }
}

/// The JSON Schema of the configuration, for editors and for those who generate it.
#[must_use]
pub fn config_schema() -> String {
    let schema = schemars::schema_for!(Config);
    let mut text = format!("{:#}", schema.to_value());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
