//! What is known beyond the event.

use crate::{VERSIONS, line};
use serde_json::{Value, json};
use std::net::IpAddr;
use std::sync::Arc;
use trail_schema::{Encoder, Enrichment, Format, Location, Schema};

#[derive(Debug)]
struct Known(Location<'static>);

impl Enrichment for Known {
    fn locate(&self, address: IpAddr, see: &mut dyn FnMut(&Location<'_>)) {
        if address.to_string() == "192.0.2.1" {
            see(&self.0);
        }
    }

    fn account_name(&self, id: &str, see: &mut dyn FnMut(&str)) {
        if id == "111122223333" {
            see("the \"main\" one");
        }
    }
}

const BERLIN: Location<'static> = Location {
    continent_code: Some("EU"),
    continent_name: Some("Europe"),
    country_code: Some("DE"),
    country_name: Some("Germany"),
    region_code: Some("BE"),
    region_name: Some("Land Berlin"),
    city_name: Some("Berlin"),
    postal_code: Some("10115"),
    time_zone: Some("Europe/Berlin"),
    coordinates: Some((52.5, 13.25)),
    as_number: Some(64496),
    as_organization: Some("Example"),
};

fn encoded(schema: Schema, location: Location<'static>, address: &str) -> Value {
    let enrichment: Arc<dyn Enrichment> = Arc::new(Known(location));
    let format = Format { schema, enrichment: Some(enrichment), ..Format::default() };
    let record = format!(
        r#"{{"sourceIPAddress":"{address}","recipientAccountId":"111122223333",
            "userIdentity":{{"accountId":"111122223333"}}}}"#
    );
    serde_json::from_str(&line(&Encoder::new(&format), &record)).unwrap()
}

#[test]
fn an_address_has_its_place_as_the_version_writes_it() {
    let endpoint = |schema| encoded(schema, BERLIN, "192.0.2.1")["src_endpoint"].clone();
    let expect = json!({
        "ip": "192.0.2.1",
        "location": {
            "city": "Berlin", "continent": "Europe", "coordinates": [13.25, 52.5],
            "country": "DE", "postal_code": "10115", "region": "DE-BE",
        },
    });
    assert_eq!(endpoint(Schema::Ocsf11), expect);
    let expect = json!({
        "ip": "192.0.2.1",
        "location": {
            "city": "Berlin", "continent": "Europe", "lat": 52.5, "long": 13.25,
            "country": "DE", "postal_code": "10115", "region": "DE-BE",
        },
        "autonomous_system": { "name": "Example", "number": 64496 },
    });
    assert_eq!(endpoint(Schema::Ocsf18), expect);
}

#[test]
fn a_place_without_a_name_is_left_out_where_the_version_demands_one() {
    let sea = Location { coordinates: Some((1.0, 2.0)), ..Location::default() };
    let location = |schema| encoded(schema, sea, "192.0.2.1")["src_endpoint"].clone();
    let expect = json!({ "ip": "192.0.2.1", "location": { "coordinates": [2.0, 1.0] } });
    assert_eq!(location(Schema::Ocsf11)["location"]["coordinates"][0].as_f64(), Some(2.0));
    assert_eq!(location(Schema::Ocsf11).as_object().map(serde_json::Map::len), Some(2), "{expect}");
    assert_eq!(location(Schema::Ocsf18), json!({ "ip": "192.0.2.1" }));
    let continent = Location { continent_name: Some("Europe"), ..Location::default() };
    for schema in VERSIONS {
        let endpoint = encoded(schema, continent, "192.0.2.1")["src_endpoint"].clone();
        assert_eq!(endpoint, json!({ "ip": "192.0.2.1" }));
    }
}

#[test]
fn what_is_not_known_is_left_out() {
    for schema in VERSIONS {
        let endpoint = encoded(schema, BERLIN, "192.0.2.2")["src_endpoint"].clone();
        assert_eq!(endpoint, json!({ "ip": "192.0.2.2" }));
        let nan = Location { coordinates: Some((f64::NAN, 0.0)), ..BERLIN };
        let location = encoded(schema, nan, "192.0.2.1")["src_endpoint"]["location"].clone();
        assert_eq!(location["city"], "Berlin");
        assert_eq!(location.get("lat").or(location.get("coordinates")), None);
    }
}

#[test]
fn accounts_have_their_names() {
    for schema in VERSIONS {
        let event = encoded(schema, BERLIN, "192.0.2.1");
        assert_eq!(event["cloud"]["account"]["name"], "the \"main\" one");
        assert_eq!(event["actor"]["user"]["account"]["name"], "the \"main\" one");
        assert_eq!(event["actor"]["user"]["account"]["uid"], "111122223333");
    }
}
