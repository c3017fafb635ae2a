//! What a field may hold in JSON, by its type.

use anyhow::bail;
use jiff::Timestamp;
use serde_json::Value;
use std::net::IpAddr;

/// Types of fields, as far as JSON tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    String,
    Integer,
    Float,
    Boolean,
    Ip,
    Date,
    GeoPoint,
    Object,
}

impl Kind {
    /// The one of a type of Elasticsearch's.
    pub(super) fn parse(name: &str) -> anyhow::Result<Self> {
        Ok(match name {
            "keyword" | "constant_keyword" | "wildcard" | "text" | "match_only_text" => {
                Self::String
            }
            "long" | "integer" => Self::Integer,
            "float" | "scaled_float" => Self::Float,
            "boolean" => Self::Boolean,
            "ip" => Self::Ip,
            "date" => Self::Date,
            "geo_point" => Self::GeoPoint,
            "object" | "flattened" | "nested" => Self::Object,
            other => bail!("there is no type {other}"),
        })
    }

    /// Whether a field of this kind can hold `value`, which is no array.
    pub(super) fn holds(self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Integer => value.is_i64(),
            Self::Float => value.is_number(),
            Self::Boolean => value.is_boolean(),
            Self::Ip => value.as_str().is_some_and(|text| text.parse::<IpAddr>().is_ok()),
            Self::Date => value.as_str().is_some_and(is_date),
            Self::GeoPoint => value.is_string() || is_point(value),
            Self::Object => value.is_object(),
        }
    }
}

/// RFC 3339, of which `Timestamp` takes more forms than Elasticsearch does.
fn is_date(text: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"-:.+TZ".contains(&byte));
    plain && text.as_bytes().get(10) == Some(&b'T') && text.parse::<Timestamp>().is_ok()
}

fn is_point(value: &Value) -> bool {
    let is_within = |key: &str, most: f64| value[key].as_f64().is_some_and(|at| at.abs() <= most);
    let only = value.as_object().is_some_and(|object| object.len() == 2);
    only && is_within("lat", 90.0) && is_within("lon", 180.0)
}

#[test]
fn date_is_of_rfc_3339() {
    for good in ["2026-03-03T00:00:00Z", "2026-03-03T00:00:00.123Z", "2026-03-03T01:00:00+01:00"] {
        assert!(is_date(good), "{good}");
    }
    for bad in [
        "2026-03-03",
        "2026-03-03T00:00:00",
        "2026-03-03 00:00:00Z",
        "20260303T000000Z",
        "2026-02-30T00:00:00Z",
        "2026-03-03T00:00:00Z[UTC]",
        "yesterday",
        "",
    ] {
        assert!(!is_date(bad), "{bad}");
    }
}

#[test]
fn point_is_latitude_and_longitude() {
    let check = |text: &str| is_point(&serde_json::from_str(text).unwrap());
    assert!(check(r#"{"lat":52.5,"lon":-13}"#));
    for bad in [r#"{"lat":52.5}"#, r#"{"lat":"52.5","lon":13}"#, r#"{"lat":91,"lon":0}"#, "[1,2]"] {
        assert!(!check(bad), "{bad}");
    }
}
