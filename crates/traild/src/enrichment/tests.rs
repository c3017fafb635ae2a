//! The files as an operator handles them: opened, asked, replaced, broken.

use super::watched::{Look, Stamp};
use super::*;
use mmdb::{Addresses, database};
use serde_json::json;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;
use tokio::task::JoinSet;

mod mmdb;
mod replaced;

/// A folder with files, and the settings that name them.
struct Folder {
    directory: TempDir,
    settings: config::Enrichment,
}

impl Folder {
    fn new() -> Self {
        let (directory, settings) = (tempfile::tempdir().unwrap(), config::Enrichment::default());
        Self { directory, settings }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// As a file is to be replaced: written beside, then renamed.
    fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let beside = self.path("beside");
        fs::write(&beside, content).unwrap();
        fs::rename(&beside, self.path(name)).unwrap();
        self.path(name)
    }

    fn with_city(mut self, content: &[u8]) -> Self {
        self.settings.city_database = Some(self.write("city.mmdb", content));
        self
    }

    fn with_asn(mut self, content: &[u8]) -> Self {
        self.settings.asn_database = Some(self.write("asn.mmdb", content));
        self
    }

    fn with_accounts(mut self, content: &str) -> Self {
        self.settings.account_names = Some(self.write("accounts.csv", content.as_bytes()));
        self
    }

    fn open(&self) -> EnrichmentFiles {
        EnrichmentFiles::open(&self.settings).unwrap().unwrap()
    }

    /// What is told of the files, without the folder they are in.
    fn refused(&self) -> String {
        let faults = EnrichmentFiles::open(&self.settings).unwrap_err().to_string();
        faults.replace(&format!("{}/", self.directory.path().display()), "")
    }
}

fn city() -> Vec<u8> {
    let berlin = json!({
        "city": { "geoname_id": 2950159, "names": { "de": "Berlin", "en": "Berlin" } },
        "continent": { "code": "EU", "names": { "de": "Europa", "en": "Europe" } },
        "country": { "iso_code": "DE", "names": { "de": "Deutschland", "en": "Germany" } },
        "location": {
            "accuracy_radius": 20, "latitude": 52.5, "longitude": 13.4, "time_zone": "Europe/Berlin",
        },
        "postal": { "code": "10115" },
        "registered_country": { "iso_code": "FR", "names": { "en": "France" } },
        "subdivisions": [
            { "iso_code": "BE", "names": { "de": "Land Berlin", "en": "State of Berlin" } },
            { "iso_code": "XX", "names": { "en": "Mitte" } },
        ],
    });
    let no_coordinates = json!({
        "city": { "names": { "en": "Oxford" } },
        "country": { "iso_code": "GB" },
        "location": { "latitude": 51.75 },
        "subdivisions": [],
    });
    let names = [
        ("192.0.2.0/24", berlin.clone()),
        ("198.51.100.0/25", no_coordinates),
        ("2001:db8:1::/48", berlin),
    ];
    database("GeoLite2-City", Addresses::Both, &names)
}

fn asn() -> Vec<u8> {
    let example = json!({
        "autonomous_system_number": 64496, "autonomous_system_organization": "Example GmbH",
    });
    let networks = [
        ("192.0.2.0/25", example.clone()),
        ("203.0.113.0/24", json!({ "autonomous_system_number": 4200000001_u32 })),
        ("2001:db8::/32", example),
    ];
    database("GeoLite2-ASN", Addresses::Both, &networks)
}

const BERLIN: Location<'_> = Location {
    continent_code: Some("EU"),
    continent_name: Some("Europe"),
    country_code: Some("DE"),
    country_name: Some("Germany"),
    region_code: Some("BE"),
    region_name: Some("State of Berlin"),
    city_name: Some("Berlin"),
    postal_code: Some("10115"),
    time_zone: Some("Europe/Berlin"),
    coordinates: Some((52.5, 13.4)),
    as_number: None,
    as_organization: None,
};

/// What is answered about an address is exactly this, once, or nothing.
#[track_caller]
fn located(files: &EnrichmentFiles, address: &str, expect: Option<Location<'_>>) {
    let mut answers = 0;
    files.locate(address.parse().unwrap(), &mut |location| {
        answers += 1;
        assert_eq!(Some(*location), expect, "{address}");
    });
    assert_eq!(answers, usize::from(expect.is_some()), "{address}");
}

fn name(files: &EnrichmentFiles, id: &str) -> Option<String> {
    let mut found = None;
    files.account_name(id, &mut |name| found = Some(name.to_owned()));
    found
}

#[test]
fn nothing_is_opened_where_nothing_is_named() {
    assert!(EnrichmentFiles::open(&config::Enrichment::default()).unwrap().is_none());
}

#[test]
fn address_is_located_by_both_databases_together() {
    let files = Folder::new().with_city(&city()).with_asn(&asn()).open();
    let network = Location {
        as_number: Some(64_496),
        as_organization: Some("Example GmbH"),
        ..Location::default()
    };
    let both = Location { as_number: network.as_number, ..BERLIN };
    let both = Location { as_organization: network.as_organization, ..both };
    located(&files, "192.0.2.1", Some(both));
    located(&files, "192.0.2.200", Some(BERLIN));
    located(&files, "2001:db8:1::7", Some(both));
    located(&files, "2001:db8:2::7", Some(network));
    let number = Location { as_number: Some(4_200_000_001), ..Location::default() };
    located(&files, "203.0.113.9", Some(number));
}

#[test]
fn address_of_ipv4_written_as_ipv6_is_the_same() {
    let files = Folder::new().with_city(&city()).open();
    located(&files, "::ffff:192.0.2.1", Some(BERLIN));
}

#[test]
fn address_that_is_in_no_network_is_not_answered() {
    let files = Folder::new().with_city(&city()).with_asn(&asn()).open();
    for address in ["10.1.2.3", "127.0.0.1", "198.51.100.200", "::1", "fd00::1", "2001:dead::1"] {
        located(&files, address, None);
    }
}

#[test]
fn what_a_record_lacks_is_left_out_and_half_a_coordinate_too() {
    let files = Folder::new().with_city(&city()).open();
    let oxford =
        Location { city_name: Some("Oxford"), country_code: Some("GB"), ..Location::default() };
    located(&files, "198.51.100.1", Some(oxford));
}

#[test]
fn country_database_is_one_of_places() {
    let germany = json!({
        "continent": { "code": "EU" }, "country": { "iso_code": "DE", "names": { "de": "x" } },
    });
    let content = database("GeoIP2-Country", Addresses::V4, &[("192.0.2.0/24", germany)]);
    let files = Folder::new().with_city(&content).open();
    let germany =
        Location { continent_code: Some("EU"), country_code: Some("DE"), ..Location::default() };
    located(&files, "192.0.2.1", Some(germany));
}

#[test]
fn record_that_cannot_be_understood_is_left_out_and_the_others_are_answered() {
    let networks = [
        ("192.0.2.0/24", json!({ "country": "DE" })),
        ("198.51.100.0/24", json!({ "city": { "names": { "en": "" } } })),
        ("203.0.113.0/24", json!({ "location": { "latitude": 91.5, "longitude": 0.5 } })),
        ("2001:db8::/32", json!({ "country": { "iso_code": "DE" } })),
    ];
    let content = database("DBIP-City-Lite", Addresses::Both, &networks);
    let files = Folder::new().with_city(&content).open();
    for address in ["192.0.2.1", "198.51.100.1", "203.0.113.1"] {
        located(&files, address, None);
    }
    let germany = Location { country_code: Some("DE"), ..Location::default() };
    located(&files, "2001:db8::1", Some(germany));
}

#[test]
fn damage_in_a_database_is_logged_once() {
    let content = database("GeoLite2-City", Addresses::V4, &[("0.0.0.0/1", json!({ "city": 1 }))]);
    let files = Folder::new().with_city(&content).open();
    let log = logged(|| {
        for address in ["1.1.1.1", "9.9.9.9", "1.1.1.1"] {
            located(&files, address, None);
        }
    });
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.contains("WARN") && log.contains("GeoLite2-City"), "{log}");
}

#[test]
fn database_of_ipv4_alone_is_not_damaged() {
    let content = database("GeoLite2-City", Addresses::V4, &[("0.0.0.0/1", json!({}))]);
    let files = Folder::new().with_city(&content).open();
    assert_eq!(logged(|| located(&files, "2001:db8::1", None)), "");
}

fn logged(act: impl FnOnce()) -> String {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    tracing::subscriber::with_default(subscriber, act);
    String::from_utf8(log.0.lock().unwrap().clone()).unwrap()
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn number_is_read_from_whatever_type_it_is_of() {
    let records = [
        ("192.0.2.0/24", json!({ "location": { "latitude": 10, "longitude": -20.5 } })),
        ("198.51.100.0/24", json!({ "location": { "latitude": 10, "longitude": 70_000 } })),
    ];
    let city = database("GeoLite2-City", Addresses::V4, &records);
    let asn = [
        ("192.0.2.0/24", json!({ "autonomous_system_number": 1 })),
        ("198.51.100.0/24", json!({ "autonomous_system_number": 70_000 })),
    ];
    let asn = database("GeoIP2-ISP", Addresses::V4, &asn);
    let files = Folder::new().with_city(&city).with_asn(&asn).open();
    let one =
        Location { as_number: Some(1), coordinates: Some((10.0, -20.5)), ..Location::default() };
    located(&files, "192.0.2.1", Some(one));
    let two = Location { as_number: Some(70_000), ..Location::default() };
    located(&files, "198.51.100.1", Some(two));
}

#[test]
fn account_is_called_by_its_name() {
    let files = Folder::new().with_accounts("111122223333,\"Production, EU\"\n").open();
    assert_eq!(name(&files, "111122223333").as_deref(), Some("Production, EU"));
    assert_eq!(name(&files, "444455556666"), None);
    located(&files, "192.0.2.1", None);
}

#[test]
fn file_that_is_missing_or_of_the_wrong_kind_is_a_fault_all_at_once() {
    let mut folder = Folder::new().with_city(&asn()).with_asn(&city()).with_accounts("1,x");
    let faults = [
        "city.mmdb: enrichment.city_database is a database of type \"GeoLite2-ASN\": name a City, Country or Enterprise database; enrichment.asn_database takes this one",
        "asn.mmdb: enrichment.asn_database is a database of type \"GeoLite2-City\": name an ASN or ISP database; enrichment.city_database takes this one",
        "accounts.csv:1: the id is \"1\": it must be the 12 digits of an account, zeros in front included",
    ];
    assert_eq!(folder.refused(), faults.join("\n"));
    folder.settings.city_database = Some(folder.path("absent.mmdb"));
    folder.settings.asn_database = Some(folder.directory.path().to_owned());
    folder.settings.account_names = Some(folder.path("absent.csv"));
    let faults = folder.refused();
    let faults: Vec<&str> = faults.lines().collect();
    let absent = "names a file that is not there: check the path";
    assert_eq!(faults[0], format!("absent.mmdb: enrichment.city_database {absent}"));
    assert!(faults[1].ends_with("could not be read: it is a folder or a device, not a file"));
    assert_eq!(faults[2], format!("absent.csv: enrichment.account_names {absent}"));
}

#[test]
fn database_of_something_else_is_told_its_type() {
    let content = database("GeoIP2-Anonymous-IP", Addresses::V4, &[("0.0.0.0/1", json!({}))]);
    let expect = |setting: &str, wanted: &str| {
        format!("{setting} is a database of type \"GeoIP2-Anonymous-IP\": name {wanted} database")
    };
    let of_places = expect("city.mmdb: enrichment.city_database", "a City, Country or Enterprise");
    assert_eq!(Folder::new().with_city(&content).refused(), of_places);
    let of_networks = expect("asn.mmdb: enrichment.asn_database", "an ASN or ISP");
    assert_eq!(Folder::new().with_asn(&content).refused(), of_networks);
}

#[test]
fn database_cut_off_anywhere_is_refused() {
    let whole = city();
    for length in [0, 1, 100, whole.len() / 2, whole.len() - 1] {
        let told = Folder::new().with_city(&whole[..length]).refused();
        let start = "city.mmdb: enrichment.city_database is no database in MaxMind's format (";
        assert!(told.starts_with(start), "{length}: {told}");
        assert!(told.ends_with("): name a complete .mmdb file, unpacked"), "{length}: {told}");
    }
}

#[test]
fn files_are_described_with_type_age_and_number() {
    let folder = Folder::new().with_city(&city()).with_accounts("111122223333,a\n444455556666,b");
    let described = |files: &EnrichmentFiles| {
        let files = files.describe().into_iter();
        files.map(|file| (file.setting, file.path, file.description)).collect::<Vec<_>>()
    };
    assert_eq!(
        described(&folder.open()),
        [
            (
                "enrichment.city_database",
                folder.path("city.mmdb"),
                "GeoLite2-City, built 2026-11-17, IPv4 and IPv6".to_owned()
            ),
            ("enrichment.account_names", folder.path("accounts.csv"), "2 accounts".to_owned()),
        ]
    );
}
