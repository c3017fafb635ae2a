//! The ways in which a schema may write a value.

use super::scalars::Scalar;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Number;

/// Texts that have to be there together, each under its key if it is short.
type Parts = Vec<(String, String)>;

/// Keys under which the same is said by another name.
const ALIASES: [(&str, &str); 8] = [
    ("mfaauthenticated", "ismfa"),
    ("mfaused", "ismfa"),
    ("eventversion", "version"),
    ("username", "name"),
    ("requestid", "uid"),
    ("errorcode", "error"),
    // An array that is a text there.
    ("requestparameters", "data"),
    ("responseelements", "data"),
];

/// All ways to write it: any of them will do.
pub(super) fn renderings(scalar: &Scalar) -> Vec<Parts> {
    let Scalar { key, text, .. } = scalar;
    let alias = ALIASES.iter().find(|(own, _)| own == key).map(|(_, alias)| (*alias).to_owned());
    let keys: Vec<String> = alias.into_iter().chain([key.clone()]).collect();
    let mut ways: Vec<Parts> = keys.iter().map(|key| vec![(text.clone(), key.clone())]).collect();
    let part = |text: &str, key: &str| (text.to_owned(), key.to_owned());
    match key.as_str() {
        "mfaused" => {
            let used = if text == "No" { "false" } else { "true" };
            ways.extend(keys.iter().map(|key| vec![part(used, key)]));
        }
        "tlsversion" => ways.extend(tls(text).map(|(protocol, version)| {
            vec![part(version, "version"), part(&protocol, "versionprotocol")]
        })),
        _ => {}
    }
    ways
}

/// `TLSv1.2` as a protocol and its version.
fn tls(text: &str) -> Option<(String, &str)> {
    let (protocol, version) = text.split_once('v')?;
    Some((protocol.to_lowercase(), version))
}

/// One text for all that mean the same: `1.50` and `1.5`, a time and its milliseconds.
/// The same for each of several that are joined by commas.
pub(super) fn canonical(text: &str) -> String {
    if !text.contains(',') {
        return canonical_part(text);
    }
    text.split(',').map(canonical_part).collect::<Vec<_>>().join(",")
}

fn canonical_part(text: &str) -> String {
    if let Some(milliseconds) = milliseconds(text) {
        return milliseconds.to_string();
    }
    let number = text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    let number = number.then(|| text.parse::<Number>().ok()).flatten();
    number.map_or_else(|| text.to_owned(), |number| number.to_string())
}

/// Since 1970, of a time that is no finer.
fn milliseconds(text: &str) -> Option<i64> {
    let time = timestamp(text)?;
    let milliseconds = time.as_millisecond();
    (Timestamp::from_millisecond(milliseconds).ok()? == time).then_some(milliseconds)
}

/// Of RFC 3339, of the basic form of ISO 8601, or, of UTC, with a space as aggregated records have it.
fn timestamp(text: &str) -> Option<Timestamp> {
    match (text.len(), text.as_bytes().get(8)?, text.as_bytes().get(10)?) {
        (19, _, b' ') => {
            text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(Into::into)
        }
        (16, b'T', _) => text.ends_with('Z').then(|| text.parse().ok())?,
        (20.., _, b'T') if text.contains(':') => text.parse().ok(),
        _ => None,
    }
}

#[test]
fn texts_that_mean_the_same_are_one() {
    for (one, other) in [
        ("1.50", "1.5"),
        ("1688991075000", "2023-07-10T12:11:15Z"),
        ("2023-07-10T12:11:15.000Z", "2023-07-10T14:11:15+02:00"),
        ("2026-03-03 00:50:00", "1772499000000"),
        ("20260303T005000Z", "2026-03-03T00:50:00.000Z"),
        ("a,1.50,", "a,1.5,"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
    ] {
        assert_eq!(canonical(one), canonical(other), "{one} and {other}");
    }
    for (one, other) in [
        ("1.08", "1.8"),
        ("0123", "123"),
        ("1", "1.5"),
        ("2023-07-10T12:11:15Z", "2023-07-10T12:11:16Z"),
        ("2023-07-10T12:11:15Z", "2023-07-10T12:11:15.000001Z"),
        ("2023-07-10", "1688947200000"),
        ("true", "1"),
    ] {
        assert_ne!(canonical(one), canonical(other), "{one} and {other}");
    }
}
