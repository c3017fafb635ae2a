//! `[enrichment]`: the files that tell more than an event does. Whether they are there and of the
//! right kind is found when they are opened, by [`crate::enrichment`].

use super::bounds::{self, DAY};
use super::units::HumanDuration;
use schemars::JsonSchema;
use serde::de::{Deserializer, Error};
use std::path::PathBuf;

/// Files that tell more than an event does: where an address is, what an account is called. With
/// none of them, an event gives the same bytes for ever.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Enrichment {
    /// Where addresses are: a City, Country or Enterprise database in MaxMind's format. Replace it
    /// by renaming the new file over it, never by writing into it. No default.
    #[serde(deserialize_with = "file")]
    #[schemars(example = &"/var/lib/GeoIP/GeoLite2-City.mmdb")]
    pub city_database: Option<PathBuf>,

    /// Whose networks addresses are in: an ASN or ISP database in MaxMind's format. Replaced in the
    /// same way. No default.
    #[serde(deserialize_with = "file")]
    #[schemars(example = &"/var/lib/GeoIP/GeoLite2-ASN.mmdb")]
    pub asn_database: Option<PathBuf>,

    /// What accounts are called: CSV with lines `id,name`. No default.
    #[serde(deserialize_with = "file")]
    #[schemars(example = &"/etc/traild/accounts.csv")]
    pub account_names: Option<PathBuf>,

    /// How often the files are looked at, 1s to 1d. One that has changed is read again.
    #[serde(deserialize_with = "bounds::seconds::<_, _, 1, DAY>")]
    pub reload: HumanDuration,
}

impl Default for Enrichment {
    fn default() -> Self {
        Self {
            city_database: None,
            asn_database: None,
            account_names: None,
            reload: HumanDuration::from_secs(60),
        }
    }
}

impl Enrichment {
    /// Whether no file is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let files = [&self.city_database, &self.asn_database, &self.account_names];
        files.into_iter().all(Option::is_none)
    }
}

fn file<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
    let path = bounds::local_path(deserializer).ok();
    path.map(Some).ok_or_else(|| D::Error::custom("the path of a file on this machine"))
}
