//! What is added to an event.

use super::at;
use serde_json::{Value, json};
use std::net::IpAddr;
use std::sync::Arc;
use trail_schema::{Enrichment, Format, Location, Schema};

#[derive(Debug)]
struct Atlas(Location<'static>);

impl Enrichment for Atlas {
    fn locate(&self, address: IpAddr, see: &mut dyn FnMut(&Location<'_>)) {
        if address.is_ipv4() {
            see(&self.0);
        }
    }

    fn account_name(&self, id: &str, see: &mut dyn FnMut(&str)) {
        if id == "111122223333" {
            see("production \"eu\"");
        }
    }
}

fn enriched(location: Location<'static>, record: &Value) -> Value {
    let enrichment: Option<Arc<dyn Enrichment>> = Some(Arc::new(Atlas(location)));
    let format = Format { schema: Schema::Ecs, enrichment, ..Format::default() };
    super::document(&format, &record.to_string())
}

const BERLIN: Location<'static> = Location {
    continent_code: Some("EU"),
    continent_name: Some("Europe"),
    country_code: Some("DE"),
    country_name: Some("Germany"),
    region_code: Some("BE"),
    region_name: Some("State of Berlin"),
    city_name: Some("Berlin"),
    postal_code: Some("10115"),
    time_zone: Some("Europe/Berlin"),
    coordinates: Some((52.5, -13.25)),
    as_number: Some(64496),
    as_organization: Some("Example \"Net\""),
};

#[test]
fn addresses_are_located() {
    let document = enriched(BERLIN, &json!({"sourceIPAddress": "192.0.2.1"}));
    let geo = json!({
        "city_name": "Berlin",
        "continent_code": "EU",
        "continent_name": "Europe",
        "country_iso_code": "DE",
        "country_name": "Germany",
        "location": {"lat": 52.5, "lon": -13.25},
        "postal_code": "10115",
        "region_iso_code": "DE-BE",
        "region_name": "State of Berlin",
        "timezone": "Europe/Berlin",
    });
    assert_eq!(at(&document, "source.geo"), Some(&geo));
    let system = json!({"number": 64496, "organization": {"name": "Example \"Net\""}});
    assert_eq!(at(&document, "source.as"), Some(&system));
}

#[test]
fn what_is_not_known_is_left_out() {
    let address = json!({"sourceIPAddress": "192.0.2.1"});
    let nothing = enriched(Location::default(), &address);
    assert_eq!(at(&nothing, "source"), Some(&json!({"address": "192.0.2.1", "ip": "192.0.2.1"})));
    for nowhere in ["2001:db8::1", "ec2.amazonaws.com"] {
        let document = enriched(BERLIN, &json!({ "sourceIPAddress": nowhere }));
        assert_eq!(at(&document, "source.geo"), None);
    }
    let odd = Location {
        coordinates: Some((f64::NAN, 1.0)),
        region_code: Some("BE"),
        ..Location::default()
    };
    assert_eq!(at(&enriched(odd, &address), "source.geo"), None);
}

#[test]
fn accounts_are_named() {
    let account = |record: Value| at(&enriched(BERLIN, &record), "cloud.account").cloned();
    let named = json!({"id": "111122223333", "name": "production \"eu\""});
    assert_eq!(account(json!({"recipientAccountId": "111122223333"})), Some(named.clone()));
    assert_eq!(account(json!({"userIdentity": {"accountId": "111122223333"}})), Some(named));
    let other = json!({"userIdentity": {"accountId": "444455556666"}, "recipientAccountId": "111122223333"});
    assert_eq!(account(other), Some(json!({"id": "444455556666"})));
}
