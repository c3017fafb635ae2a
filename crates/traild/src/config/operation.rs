//! `[shutdown]`, `[admin]`, `[log]`, `[quarantine]`: how the process runs.

use super::bounds::{self, HOUR};
use super::units::HumanDuration;
use schemars::JsonSchema;
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use std::fmt::{self, Display, Formatter};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// How a stop goes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Shutdown {
    /// How long a stop may take after SIGTERM, 0s to 1h. What is under way may finish until 5 s
    /// before that; then messages are released and files closed. Below the 30 s after which
    /// Kubernetes and `docker stop -t 30` kill.
    #[serde(deserialize_with = "bounds::seconds::<_, _, 0, HOUR>")]
    pub grace_period: HumanDuration,
}

impl Default for Shutdown {
    fn default() -> Self {
        Self { grace_period: HumanDuration::from_secs(25) }
    }
}

/// The admin server: health, readiness, metrics.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Admin {
    /// Address and port to listen on, such as "127.0.0.1:9464" (this machine only, as there is no
    /// authentication) or "0.0.0.0:9464" (every interface), or "off".
    pub listen: Listen,
}

/// Where the admin server listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String", inline)]
pub enum Listen {
    /// Nowhere.
    Off,
    /// On this address.
    At(SocketAddr),
}

impl Default for Listen {
    fn default() -> Self {
        Self::At(SocketAddr::from((Ipv4Addr::LOCALHOST, 9464)))
    }
}

impl Display for Listen {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::At(address) => address.fmt(f),
        }
    }
}

impl<'de> Deserialize<'de> for Listen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer).ok();
        let listen = text.and_then(|text| match text.as_str() {
            "off" => Some(Self::Off),
            address => address.parse().ok().map(Self::At),
        });
        listen.ok_or_else(|| {
            D::Error::custom(
                "an IP address and a port, such as \"127.0.0.1:9464\" (this machine only) or \
                 \"0.0.0.0:9464\" (every interface), or \"off\"",
            )
        })
    }
}

impl Serialize for Listen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What is written to standard error.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// For people or for machines.
    pub format: LogFormat,

    /// What to log: a level (error, warn, info, debug, trace), or one per part, such as
    /// "info,trail_ingest=debug".
    #[serde(deserialize_with = "filter")]
    pub filter: String,
}

/// A word that is no level would be taken for the name of a part, and silence all the others.
fn filter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let is_level = |word: &str| LEVELS.contains(&word.to_ascii_lowercase().as_str());
    let fits = |filter: &String| {
        filter.split(',').all(|part| match part.trim().rsplit_once('=') {
            Some((_part, level)) => is_level(level),
            None => is_level(part.trim()),
        })
    };
    Some(String::deserialize(deserializer)?).filter(fits).ok_or_else(|| {
        D::Error::custom(
            "a level (error, warn, info, debug, trace, off), or levels of parts beside it, such as \
             \"info,trail_ingest=debug\"",
        )
    })
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".to_owned() }
    }
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// A JSON object on a line.
    Json,
}

/// Where single events go that a sink can never take.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Quarantine {
    /// The directory for them, as lines of JSON with the reason. Keep it on a disk that survives
    /// a restart.
    #[serde(deserialize_with = "bounds::local_path")]
    pub path: PathBuf,
}

impl Default for Quarantine {
    fn default() -> Self {
        Self { path: PathBuf::from("quarantine") }
    }
}
