//! What a database holds about a network, of which only what is wanted is read.
//!
//! Everything is `Copy` and borrowed from the database: a lookup allocates nothing. The layout is
//! that of the GeoIP2 and GeoLite2 databases (<https://dev.maxmind.com/geoip/docs/databases>).

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, SeqAccess, Visitor};
use std::fmt::{self, Formatter};
use trail_schema::Location;

/// A record of a City, Country or Enterprise database.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Place<'d> {
    #[serde(borrow)]
    continent: Area<'d>,
    #[serde(borrow)]
    country: Area<'d>,
    /// The largest of them, which comes first: of England and Oxfordshire it is England.
    #[serde(borrow, rename = "subdivisions", deserialize_with = "first")]
    region: Area<'d>,
    #[serde(borrow)]
    city: Area<'d>,
    #[serde(borrow)]
    postal: Postal<'d>,
    #[serde(borrow)]
    location: Spot<'d>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
struct Area<'d> {
    /// Of a continent.
    #[serde(borrow)]
    code: Option<&'d str>,
    /// Of a country or a region.
    #[serde(borrow)]
    iso_code: Option<&'d str>,
    #[serde(borrow)]
    names: Names<'d>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
struct Names<'d> {
    #[serde(borrow)]
    en: Option<&'d str>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
struct Postal<'d> {
    #[serde(borrow)]
    code: Option<&'d str>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
struct Spot<'d> {
    #[serde(deserialize_with = "degrees")]
    latitude: Option<f64>,
    #[serde(deserialize_with = "degrees")]
    longitude: Option<f64>,
    #[serde(borrow)]
    time_zone: Option<&'d str>,
}

/// A record of an ASN or ISP database.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Network<'d> {
    #[serde(deserialize_with = "whole_number")]
    autonomous_system_number: Option<u32>,
    #[serde(borrow)]
    autonomous_system_organization: Option<&'d str>,
}

/// Both together.
pub(super) fn location<'d>(place: &Place<'d>, network: &Network<'d>) -> Location<'d> {
    Location {
        continent_code: known(place.continent.code),
        continent_name: known(place.continent.names.en),
        country_code: known(place.country.iso_code),
        country_name: known(place.country.names.en),
        region_code: known(place.region.iso_code),
        region_name: known(place.region.names.en),
        city_name: known(place.city.names.en),
        postal_code: known(place.postal.code),
        time_zone: known(place.location.time_zone),
        coordinates: coordinates(&place.location),
        as_number: network.autonomous_system_number,
        as_organization: known(network.autonomous_system_organization),
    }
}

/// Some databases write empty text for what they do not know.
fn known(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// Only both, and only such as are on Earth: JSON has no way to write NaN.
fn coordinates(spot: &Spot<'_>) -> Option<(f64, f64)> {
    let (latitude, longitude) = (spot.latitude?, spot.longitude?);
    let on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    on_earth.then_some((latitude, longitude))
}

/// The first element of a list, without a list to hold the others.
fn first<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Area<'d>, D::Error> {
    struct First;
    impl<'d> Visitor<'d> for First {
        type Value = Area<'d>;

        fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
            f.write_str("a list of subdivisions")
        }

        fn visit_seq<A: SeqAccess<'d>>(self, mut list: A) -> Result<Area<'d>, A::Error> {
            let first = list.next_element()?;
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok(first.unwrap_or_default())
        }
    }
    deserializer.deserialize_seq(First)
}

/// A number of whatever type: a database has several, and tools that build one choose the smallest
/// for each value.
fn degrees<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    struct Degrees;
    impl Visitor<'_> for Degrees {
        type Value = f64;

        fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
            f.write_str("a number of degrees")
        }

        fn visit_f64<E: Error>(self, number: f64) -> Result<f64, E> {
            Ok(number)
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<f64, E> {
            Ok(number as f64)
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<f64, E> {
            Ok(number as f64)
        }
    }
    deserializer.deserialize_any(Degrees).map(Some)
}

fn whole_number<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    struct WholeNumber;
    impl Visitor<'_> for WholeNumber {
        type Value = Option<u32>;

        fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number")
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<Option<u32>, E> {
            Ok(u32::try_from(number).ok())
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<Option<u32>, E> {
            Ok(u32::try_from(number).ok())
        }
    }
    deserializer.deserialize_any(WholeNumber)
}
