//! `[[sink]]`: where events go, and in what form.
//!
//! A table of the file is two structs: [`Common`], the keys every sink has, and the keys of its
//! type. A new type is a struct, a variant of [`SinkType`] and of [`SinkKind`], and a line in each
//! `match` over them.

use super::bounds::{self, DAY, GIB, KIB};
use super::format::{Ecs, Ocsf, Redact, Schema, Selector};
use super::units::{ByteSize, HumanDuration};
use schemars::{JsonSchema, Schema as JsonSchemaDocument, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, Error};
use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

/// One place that events go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sink {
    /// Its name in logs, metrics and reasons, unique among the sinks.
    pub name: String,
    /// The form events are written in.
    pub schema: Schema,
    /// The events it wants; all, if there is nothing here.
    pub select: Vec<Selector>,
    /// The events it does not want all the same.
    pub exclude: Vec<Selector>,
    /// What of them is hidden.
    pub redact: Redact,
    /// What OCSF leaves open.
    pub ocsf: Ocsf,
    /// What ECS leaves open.
    pub ecs: Ecs,
    /// Its type, and what only that type has.
    pub kind: SinkKind,
}

/// What only sinks of one type have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SinkKind {
    /// Files on the local disk.
    File(FileSink),
    /// Standard output.
    Stdout(StdoutSink),
}

/// The keys that every sink has.
#[derive(Clone, Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Common {
    /// What kind of place it is.
    #[serde(rename = "type")]
    #[schemars(example = &"file")]
    pub(super) sink_type: SinkType,

    /// Its name in logs, metrics and reasons. No default but the type's own name; needed where two
    /// sinks are of one type.
    #[serde(default, deserialize_with = "sink_name")]
    #[schemars(example = &"lake")]
    pub(super) name: Option<String>,

    /// The form events are written in: "cloudtrail", the record as it came; "ocsf-1.8"; "ocsf-1.1",
    /// as Amazon Security Lake has it; "ecs", for Elastic; "flat", a row of columns.
    #[serde(default)]
    pub(super) schema: Schema,

    /// The events it wants: those that any of these chooses, the name of a ready set or an
    /// expression. No default: all.
    #[serde(default)]
    #[schemars(example = entry_example("writes"))]
    pub(super) select: Vec<Selector>,

    /// The events it does not want, even if they are selected. No default: none.
    #[serde(default)]
    #[schemars(example = entry_example("kms-decrypt"))]
    pub(super) exclude: Vec<Selector>,

    /// What of them is hidden.
    #[serde(default)]
    pub(super) redact: Redact,

    /// What OCSF leaves open; for its schemas only.
    #[serde(default)]
    pub(super) ocsf: Ocsf,

    /// What ECS leaves open; for its schema only.
    #[serde(default)]
    pub(super) ecs: Ecs,
}

fn entry_example(entry: &str) -> [&str; 1] {
    [entry]
}

fn sink_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let name = String::deserialize(deserializer).ok();
    let fits = |name: &String| {
        (1..=64).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    match name.filter(fits) {
        Some(name) => Ok(Some(name)),
        None => Err(D::Error::custom("1 to 64 letters, digits, dots, dashes and underscores")),
    }
}

/// The types of sinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum SinkType {
    /// Files on the local disk.
    File,
    /// Lines on standard output.
    Stdout,
}

impl Display for SinkType {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "file",
            Self::Stdout => "stdout",
        })
    }
}

/// Files on the local disk, one event a line.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileSink {
    /// The directory the files are written to.
    #[serde(deserialize_with = "bounds::local_path")]
    #[schemars(example = &"data")]
    pub path: PathBuf,

    /// How the files are compressed.
    #[serde(default)]
    pub compression: Compression,

    /// A file that has reached this size, 1KiB to 1024GiB, is closed and the next one begun.
    #[serde(default = "rotate_size", deserialize_with = "bounds::size::<_, KIB, { 1_024 * GIB }>")]
    pub rotate_size: ByteSize,

    /// A file that has been open this long, 1s to 7d, is closed and the next one begun.
    #[serde(default = "rotate_age", deserialize_with = "bounds::seconds::<_, _, 1, { 7 * DAY }>")]
    pub rotate_age: HumanDuration,
}

fn rotate_size() -> ByteSize {
    ByteSize::from_mib(256)
}

fn rotate_age() -> HumanDuration {
    HumanDuration::from_secs(600)
}

/// How files are compressed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// gzip, readable by everything.
    Gzip,
    /// Zstandard, smaller and faster.
    Zstd,
}

/// Lines on standard output. It has no keys of its own.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StdoutSink {}

impl JsonSchema for Sink {
    fn schema_name() -> Cow<'static, str> {
        "Sink".into()
    }

    /// The common keys, and for each type its own beside them.
    fn json_schema(generator: &mut SchemaGenerator) -> JsonSchemaDocument {
        let kinds = [
            (SinkType::File, FileSink::json_schema(generator)),
            (SinkType::Stdout, StdoutSink::json_schema(generator)),
        ];
        let mut schema = Common::json_schema(generator);
        schema.insert("description".to_owned(), "One place that events go to.".into());
        schema.remove("additionalProperties");
        schema.insert("unevaluatedProperties".to_owned(), false.into());
        let kinds = kinds.map(|(sink_type, mut own)| {
            own.remove("additionalProperties");
            serde_json::json!({
                "properties": { "type": { "const": sink_type } },
                "required": ["type"],
                "allOf": [own],
            })
        });
        schema.insert("oneOf".to_owned(), kinds.to_vec().into());
        schema
    }
}
