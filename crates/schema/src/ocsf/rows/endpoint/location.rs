//! Where an address is, by enrichment.

use crate::convert::{number, plain};
use crate::enrichment::Location;
use crate::ocsf::facts::Facts;
use crate::program::end;
use crate::table::{Subject, Wrote};
use std::io::Write as _;

/// With a pair of longitude and latitude, as GeoJSON has it.
pub(super) fn with_coordinates(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    located(subject, line, |location, line| {
        if let Some((latitude, longitude)) = finite(location) {
            line.extend_from_slice(b"\"coordinates\":[");
            degrees(longitude, line);
            line.push(b',');
            degrees(latitude, line);
            line.extend_from_slice(b"],");
        }
        places(location, line);
    })
}

/// With latitude and longitude, which alone make no valid location.
pub(super) fn with_latitude(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    located(subject, line, |location, line| {
        let start = line.len();
        places(location, line);
        if line.len() == start {
            return;
        }
        if let Some((latitude, longitude)) = finite(location) {
            line.extend_from_slice(b"\"lat\":");
            degrees(latitude, line);
            line.extend_from_slice(b",\"long\":");
            degrees(longitude, line);
            line.push(b',');
        }
    })
}

pub(super) fn autonomous_system(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    located(subject, line, |location, line| {
        member("name", location.as_organization, line);
        if let Some(system) = location.as_number {
            line.extend_from_slice(b"\"number\":");
            number(i64::from(system), line);
            line.push(b',');
        }
    })
}

/// Appends an object with the members that `members` appends of what is known of the address, each
/// with a comma behind it.
fn located(
    subject: &Subject<'_, Facts>,
    line: &mut Vec<u8>,
    members: fn(&Location<'_>, &mut Vec<u8>),
) -> Wrote {
    let (Some(enrichment), Some(address)) = (subject.enrichment, subject.facts.address) else {
        return Wrote::Nothing;
    };
    let start = line.len();
    line.push(b'{');
    enrichment.locate(address, &mut |location| members(location, line));
    if line.last() == Some(&b'{') {
        line.truncate(start);
        return Wrote::Nothing;
    }
    end(line);
    Wrote::Part
}

/// Appends the names of the place; nothing if it has none that makes a valid location.
fn places(location: &Location<'_>, line: &mut Vec<u8>) {
    member("city", location.city_name, line);
    member("country", location.country_code, line);
    member("postal_code", location.postal_code, line);
    if let Some(region) = location.region_code {
        line.extend_from_slice(b"\"region\":");
        subdivision(location.country_code, region, line);
        line.push(b',');
    }
    if line.last() == Some(&b',') {
        member("continent", location.continent_name, line);
    }
}

/// Appends a subdivision as ISO 3166-2 writes it: `DE-BE`.
fn subdivision(country: Option<&str>, region: &str, line: &mut Vec<u8>) {
    line.push(b'"');
    if let Some(country) = country {
        crate::escape::append(country, line);
        line.push(b'-');
    }
    crate::escape::append(region, line);
    line.push(b'"');
}

fn member(key: &str, value: Option<&str>, line: &mut Vec<u8>) {
    let Some(value) = value else { return };
    plain(key, line);
    line.push(b':');
    plain(value, line);
    line.push(b',');
}

/// Latitude and longitude, if JSON has a form for them.
fn finite(location: &Location<'_>) -> Option<(f64, f64)> {
    location.coordinates.filter(|(one, other)| one.is_finite() && other.is_finite())
}

fn degrees(degrees: f64, line: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = write!(line, "{degrees}");
}
