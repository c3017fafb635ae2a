//! What a sink is given: which events, in which form, and what of them is hidden.

use super::bounds::FLAW;
use schemars::JsonSchema;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::fmt::{self, Display, Formatter};
use std::marker::PhantomData;
use std::str::FromStr;
use trail_event::{Path, Selectors};
use trail_schema::HashKey;

/// The forms an event can be written in.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize, JsonSchema,
)]
#[schemars(inline)]
pub enum Schema {
    /// The record as CloudTrail wrote it, byte for byte, on one line.
    #[default]
    #[serde(rename = "cloudtrail")]
    CloudTrail,
    /// Open Cybersecurity Schema Framework 1.8.0.
    #[serde(rename = "ocsf-1.8")]
    Ocsf18,
    /// Open Cybersecurity Schema Framework 1.1.0, as Amazon Security Lake has it.
    #[serde(rename = "ocsf-1.1")]
    Ocsf11,
    /// Elastic Common Schema, with the names of Elastic's AWS integration.
    #[serde(rename = "ecs")]
    Ecs,
    /// A row of columns, for tables.
    #[serde(rename = "flat")]
    Flat,
}

impl Schema {
    /// As the schemas themselves have it.
    #[must_use]
    pub fn schema(self) -> trail_schema::Schema {
        match self {
            Self::CloudTrail => trail_schema::Schema::CloudTrail,
            Self::Ocsf18 => trail_schema::Schema::Ocsf18,
            Self::Ocsf11 => trail_schema::Schema::Ocsf11,
            Self::Ecs => trail_schema::Schema::Ecs,
            Self::Flat => trail_schema::Schema::Flat,
        }
    }

    pub(super) fn is_ocsf(self) -> bool {
        matches!(self, Self::Ocsf18 | Self::Ocsf11)
    }
}

/// An entry of a list of selectors: the name of a ready set, or an expression.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String", inline)]
pub struct Selector(String);

impl FromStr for Selector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match Selectors::parse(&[text], &[""; 0]) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(error) => Err(error.fault.to_string()),
        }
    }
}

impl AsRef<str> for Selector {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Selector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, "a ready set, such as \"writes\", or an expression")
    }
}

/// A path to values of a record, such as `userIdentity.userName`.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String", inline)]
pub struct FieldPath(Path);

impl FieldPath {
    /// The path, ready to be followed.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl FromStr for FieldPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Path::parse(text).map(Self).map_err(|error| error.to_string())
    }
}

impl<'de> Deserialize<'de> for FieldPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, "the path of a field, such as \"userIdentity.userName\"")
    }
}

/// Text that is read into something: what it must be, and what is wrong with it, which may show
/// parts of it.
fn parsed<'de, D, T>(deserializer: D, wanted: &'static str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = String>,
{
    // By a visitor, so that an error has the place of the entry, and not of the list.
    deserializer.deserialize_str(Parsing { wanted, parsed: PhantomData })
}

struct Parsing<T> {
    wanted: &'static str,
    parsed: PhantomData<T>,
}

impl<T: FromStr<Err = String>> Visitor<'_> for Parsing<T> {
    type Value = T;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.wanted)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(|flaw: String| {
            let flaw = flaw.replace(char::is_control, "\u{fffd}");
            E::custom(format_args!("{}{FLAW}{flaw}", self.wanted))
        })
    }
}

/// What of an event is hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Redact {
    /// Paths of what is left out.
    #[schemars(example = paths_example("responseElements.user"))]
    pub drop: Vec<FieldPath>,

    /// Paths of what is replaced by "***".
    #[schemars(example = paths_example("requestParameters.password"))]
    pub mask: Vec<FieldPath>,

    /// Paths of what is replaced by "hmac-sha256:" and a hash: equal values stay equal.
    #[schemars(example = paths_example("userIdentity.userName"))]
    pub hash: Vec<FieldPath>,

    /// The key of the hashes, a secret of at least 16 bytes: whoever knows it can try values until a
    /// hash fits. Needed with `hash`.
    #[serde(deserialize_with = "hash_key")]
    #[schemars(with = "String", extend("writeOnly" = true), example = &"${TRAILD_HASH_KEY}")]
    pub hash_key: Option<HashKey>,

    /// Whether session tokens, secret keys and the like are masked, wherever AWS documents them. No
    /// default: they are masked in every schema but "cloudtrail", which is the record as it came.
    #[schemars(with = "SessionCredentials", example = &"mask")]
    pub session_credentials: Option<SessionCredentials>,
}

fn paths_example(path: &str) -> [&str; 1] {
    [path]
}

fn hash_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<HashKey>, D::Error> {
    let key = String::deserialize(deserializer).ok().and_then(|text| HashKey::new(text).ok());
    let wanted = || {
        let shortest = HashKey::SHORTEST;
        D::Error::custom(format_args!("a secret text of at least {shortest} bytes"))
    };
    key.map(Some).ok_or_else(wanted)
}

/// What becomes of session tokens, secret keys and the like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum SessionCredentials {
    /// They are replaced by "***".
    Mask,
    /// They stay.
    Keep,
}

/// What OCSF leaves open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Ocsf {
    /// Which activities and classes are told apart: "security-lake", those that Amazon Security Lake
    /// tells apart, or "extended", more of them.
    pub detail: Detail,

    /// How what has no attribute is written: "flat", an object of strings by path, as Amazon
    /// Security Lake writes it, or "nested", objects within objects.
    pub unmapped: Unmapped,
}

/// Which activities and classes OCSF tells apart.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum Detail {
    /// Those that Amazon Security Lake tells apart.
    #[default]
    SecurityLake,
    /// More of them.
    Extended,
}

/// How OCSF's `unmapped` is written.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Unmapped {
    /// One object of strings, by path.
    #[default]
    Flat,
    /// Objects within objects.
    Nested,
}

/// What ECS leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Ecs {
    /// Whether fields are as ECS has them. If not, they are as Elastic's AWS integration has them,
    /// where the two differ.
    pub strict: bool,

    /// Whether `event.original` holds the record, as one string.
    pub original: bool,
}

impl Default for Ecs {
    fn default() -> Self {
        Self { strict: true, original: false }
    }
}

impl Display for Schema {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.schema().name())
    }
}
