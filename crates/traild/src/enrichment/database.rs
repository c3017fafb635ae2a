//! Databases in MaxMind's format: what is known of an address.

use super::fault::{Flaw, quoted};
use super::mapped;
use super::record::{Network, Place};
use super::watched::Content;
use maxminddb::{MaxMindDbError, Metadata, Mmap, Reader};
use serde::Deserialize;
use std::fs::File;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where addresses are.
#[derive(Debug)]
pub(super) struct Places(Database);

/// Whose networks addresses are in.
#[derive(Debug)]
pub(super) struct Networks(Database);

impl Places {
    pub(super) fn find(&self, address: IpAddr) -> Option<Place<'_>> {
        self.0.find(address)
    }
}

impl Networks {
    pub(super) fn find(&self, address: IpAddr) -> Option<Network<'_>> {
        self.0.find(address)
    }
}

impl Content for Places {
    const SETTING: &'static str = "enrichment.city_database";
    const MAPPED: bool = true;

    fn read(file: &File) -> Result<Self, Vec<Flaw>> {
        Database::open(file, Kind::Places).map(Self).map_err(|flaw| vec![flaw])
    }

    fn describe(&self) -> String {
        describe(self.0.reader.metadata())
    }
}

impl Content for Networks {
    const SETTING: &'static str = "enrichment.asn_database";
    const MAPPED: bool = true;

    fn read(file: &File) -> Result<Self, Vec<Flaw>> {
        Database::open(file, Kind::Networks).map(Self).map_err(|flaw| vec![flaw])
    }

    fn describe(&self) -> String {
        describe(self.0.reader.metadata())
    }
}

/// What the records of a database are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Places,
    Networks,
}

impl Kind {
    /// By the words in the type's name, as MaxMind's own readers tell: `GeoLite2-City`,
    /// `GeoIP2-City-Europe`, `DBIP-ASN-Lite (compat=GeoLite2-ASN)`. Enterprise databases of others
    /// can have `ISP` in their name, and are about places all the same.
    fn of(database_type: &str) -> Option<Self> {
        let has = |words: &[&str]| words.iter().any(|word| database_type.contains(word));
        if has(&["City", "Country", "Enterprise"]) {
            Some(Self::Places)
        } else if has(&["ASN", "ISP"]) {
            Some(Self::Networks)
        } else {
            None
        }
    }

    fn wanted(self) -> &'static str {
        match self {
            Self::Places => "name a City, Country or Enterprise database",
            Self::Networks => "name an ASN or ISP database",
        }
    }

    fn setting(self) -> &'static str {
        match self {
            Self::Places => Places::SETTING,
            Self::Networks => Networks::SETTING,
        }
    }
}

/// A database, open and of the right kind.
#[derive(Debug)]
struct Database {
    reader: Reader<Mmap>,
    /// A record could not be read, and that was told.
    damaged: AtomicBool,
}

impl Database {
    /// The end of the file, where a database says what it is, is read; the rest when it is asked
    /// for.
    fn open(file: &File, kind: Kind) -> Result<Self, Flaw> {
        let map = mapped::map(file).map_err(|error| Flaw::unreadable(&error))?;
        let reader = Reader::from_source(map).map_err(|error| {
            Flaw::Whole(format!(
                "is no database in MaxMind's format ({error}): name a complete .mmdb file, unpacked"
            ))
        })?;
        let database_type = &reader.metadata().database_type;
        let found = Kind::of(database_type);
        if found == Some(kind) {
            return Ok(Self { reader, damaged: AtomicBool::new(false) });
        }
        let elsewhere = match found {
            Some(other) => format!("; {} takes this one", other.setting()),
            None => String::new(),
        };
        let (found, wanted) = (quoted(database_type), kind.wanted());
        Err(Flaw::Whole(format!("is a database of type {found}: {wanted}{elsewhere}")))
    }

    /// The record of the network that holds `address`. Borrowed: it lies where it is mapped.
    fn find<'d, R: Deserialize<'d>>(&'d self, address: IpAddr) -> Option<R> {
        if address.is_ipv6() && self.reader.metadata().ip_version == 4 {
            return None;
        }
        let found = self.reader.lookup(address).and_then(|record| record.decode());
        found.unwrap_or_else(|error| {
            self.complain(&error);
            None
        })
    }

    /// Once for each database: a record that is damaged is asked for again and again.
    fn complain(&self, error: &MaxMindDbError) {
        if !self.damaged.swap(true, Ordering::Relaxed) {
            let database = &self.reader.metadata().database_type;
            tracing::warn!(
                database,
                %error,
                "a record of an enrichment database cannot be read: events go on without it"
            );
        }
    }
}

/// `GeoLite2-City, built 2026-11-17, IPv4 and IPv6`
fn describe(metadata: &Metadata) -> String {
    let seconds = i64::try_from(metadata.build_epoch).unwrap_or(i64::MAX);
    let built = match jiff::Timestamp::from_second(seconds) {
        Ok(built) => built.strftime("%Y-%m-%d").to_string(),
        Err(_) => "at no known time".to_owned(),
    };
    let versions = if metadata.ip_version == 4 { "IPv4 only" } else { "IPv4 and IPv6" };
    // The type is text from the file.
    let database_type = quoted(&metadata.database_type);
    format!("{}, built {built}, {versions}", database_type.trim_matches('"'))
}
