//! Where from, and over what.

use super::facts::{About, text};
use crate::append::append;
use crate::convert::{number, plain, string};
use crate::enrichment::Location;
use crate::program::end;
use crate::table::Wrote;
use std::io::Write;
use trail_event::{Field, Text, Value};

/// Writes the address, where it is one.
pub(super) fn address(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    let address = about.event.text(Field::SourceIpAddress);
    let address = address.filter(|_| about.facts.address.is_some());
    address.map_or(Wrote::Nothing, |address| string(address, line))
}

/// Writes the name of the account.
pub(super) fn account_name(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    let Some(enrichment) = about.enrichment else { return Wrote::Nothing };
    let account = ACCOUNT.iter().find_map(|field| text(&about.event, *field));
    let mut wrote = Wrote::Nothing;
    if let Some(id) = account.and_then(Text::plain) {
        enrichment.account_name(id, &mut |name| {
            plain(name, line);
            wrote = Wrote::Part;
        });
    }
    wrote
}

/// The fields that `cloud.account.id` is the first of.
pub(super) const ACCOUNT: &[Field] =
    &[Field::UserIdentityAccountId, Field::RecipientAccountId, Field::AggregatedAccountId];

/// Writes where the address is.
pub(super) fn place(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    located(about, line, |location, line| {
        member("city_name", location.city_name, line);
        member("continent_code", location.continent_code, line);
        member("continent_name", location.continent_name, line);
        member("country_iso_code", location.country_code, line);
        member("country_name", location.country_name, line);
        coordinates(location, line);
        member("postal_code", location.postal_code, line);
        region_code(location, line);
        member("region_name", location.region_name, line);
        member("timezone", location.time_zone, line);
    })
}

/// Writes whose network the address is in.
pub(super) fn system(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    located(about, line, |location, line| {
        if let Some(system) = location.as_number {
            line.extend_from_slice(b"\"number\":");
            number(system.into(), line);
            line.push(b',');
        }
        if let Some(name) = location.as_organization {
            line.extend_from_slice(b"\"organization\":{\"name\":");
            plain(name, line);
            line.extend_from_slice(b"},");
        }
    })
}

/// Writes an object of what is known of the address.
fn located(
    about: &About<'_>,
    line: &mut Vec<u8>,
    members: fn(&Location<'_>, &mut Vec<u8>),
) -> Wrote {
    let start = line.len();
    line.push(b'{');
    if let Some((enrichment, address)) = about.enrichment.zip(about.facts.address) {
        enrichment.locate(address, &mut |location| members(location, line));
    }
    if line.last() == Some(&b'{') {
        line.truncate(start);
        return Wrote::Nothing;
    }
    end(line);
    Wrote::Part
}

fn member(key: &str, text: Option<&str>, line: &mut Vec<u8>) {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return };
    plain(key, line);
    line.push(b':');
    plain(text, line);
    line.push(b',');
}

/// ISO 3166-2 begins with the country.
fn region_code(location: &Location<'_>, line: &mut Vec<u8>) {
    let Some((country, region)) = location.country_code.zip(location.region_code) else { return };
    line.extend_from_slice(b"\"region_iso_code\":\"");
    crate::escape::append(country, line);
    line.push(b'-');
    crate::escape::append(region, line);
    line.extend_from_slice(b"\",");
}

fn coordinates(location: &Location<'_>, line: &mut Vec<u8>) {
    let finite = |(lat, lon): &(f64, f64)| lat.is_finite() && lon.is_finite();
    let Some((lat, lon)) = location.coordinates.filter(finite) else { return };
    // A vector takes whatever is written.
    let _ = write!(line, r#""location":{{"lat":{lat},"lon":{lon}}},"#);
}

/// Writes `1.2` of `TLSv1.2`.
pub(super) fn tls_version(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    let Some((_, version)) = tls(value) else { return Wrote::Nothing };
    string(Text::new(version), line)
}

/// Writes `tls` of `TLSv1.2`.
pub(super) fn tls_protocol(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    let Some((protocol, _)) = tls(value) else { return Wrote::Nothing };
    append(protocol.as_bytes(), line);
    Wrote::All
}

/// The two parts of `TLSv1.2`: the JSON of the first, in lower case, and the second.
fn tls(value: Value<'_>) -> Option<(&'static str, &str)> {
    let text = value.text()?.escaped();
    let (protocol, version) = match text.split_at_checked("TLSv".len())? {
        ("TLSv", version) => ("\"tls\"", version),
        ("SSLv", version) => ("\"ssl\"", version),
        _ => return None,
    };
    let is_version = version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (is_version && !version.is_empty()).then_some((protocol, version))
}
