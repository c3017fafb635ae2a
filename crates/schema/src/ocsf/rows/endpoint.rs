//! Where the request came from, and where it went.

mod location;

use super::{text_of, unknown};
use crate::ocsf::Version::{V1_1, V1_8};
use crate::ocsf::attribute::{Attribute, always};
use crate::ocsf::class::Class::{self, ApiActivity, Authentication, DatastoreActivity};
use crate::ocsf::facts::{Facts, says};
use crate::table::{Row, Subject, Wrote};
use trail_event::Field;

/// The classes that require an endpoint.
const REQUIRING: &[Class] = &[ApiActivity, DatastoreActivity];

pub(super) const TABLE: &[Attribute] = &[
    always(Row::taking(
        "src_endpoint.ip",
        &[Field::SourceIpAddress],
        "sourceIPAddress, if it is an address",
        address,
    ).when(&[Field::SourceIpAddress])),
    always(Row::taking(
        "src_endpoint.domain",
        &[Field::SourceIpAddress],
        "sourceIPAddress, if it is no address",
        domain,
    ).when(&[Field::SourceIpAddress])),
    always(Row::derived(
        "src_endpoint.svc_name",
        "sourceIPAddress, if it is no address: here a domain alone is not valid",
        domain,
    ).when(&[Field::SourceIpAddress]))
    .until(V1_1),
    always(Row::text("src_endpoint.uid", Field::VpcEndpointId)),
    always(Row::derived(
        "src_endpoint.name",
        "Unknown where there is neither sourceIPAddress nor vpcEndpointId",
        nowhere,
    ))
    .of(REQUIRING)
    .stand_in(),
    always(Row::derived(
        "src_endpoint.location",
        "by enrichment: city, continent, country, coordinates (longitude, latitude), postal_code, \
         region",
        location::with_coordinates,
    ).when(&[Field::SourceIpAddress]))
    .until(V1_1)
    .enriched(),
    always(Row::derived(
        "src_endpoint.location",
        "by enrichment: city, continent, country, lat, long, postal_code, region",
        location::with_latitude,
    ).when(&[Field::SourceIpAddress]))
    .since(V1_8)
    .enriched(),
    always(Row::derived(
        "src_endpoint.autonomous_system",
        "by enrichment: name, number",
        location::autonomous_system,
    ).when(&[Field::SourceIpAddress]))
    .since(V1_8)
    .enriched(),
    always(Row::text("dst_endpoint.hostname", Field::ClientProvidedHostHeader)).since(V1_8).of(&[
        ApiActivity,
        Authentication,
        DatastoreActivity,
    ]),
    always(Row::text("dst_endpoint.svc_name", Field::LoginTo)).of(&[Authentication]),
    always(Row::derived("service.name", "eventSource, where there is no LoginTo", service))
        .of(&[Authentication]),
];

fn address(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    match subject.facts.address {
        Some(_address) => text_of(subject, Some(Field::SourceIpAddress), line),
        None => Wrote::Nothing,
    }
}

fn domain(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    match subject.facts.address {
        Some(_address) => Wrote::Nothing,
        None => text_of(subject, Some(Field::SourceIpAddress), line),
    }
}

fn nowhere(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    let places = [Field::SourceIpAddress, Field::VpcEndpointId];
    let is_known = places.iter().any(|field| says(&subject.event, *field).is_some());
    if is_known { Wrote::Nothing } else { unknown(line) }
}

/// OCSF wants a destination or a service, and only the console says where a sign-in leads to.
fn service(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    match says(&subject.event, Field::LoginTo) {
        Some(_login) => Wrote::Nothing,
        None => text_of(subject, Some(Field::EventSource), line),
    }
}
