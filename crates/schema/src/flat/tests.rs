use super::*;
use crate::{Encoder, Format, Location, Schema, Scratch};
use proptest::prelude::*;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use trail_event::{Field, Reader, Text, Timestamp};

/// A cell that outlives its row.
#[derive(Clone, Debug, PartialEq)]
enum Owned {
    Null,
    Text(String),
    Boolean(bool),
    Integer(i64),
    Timestamp(i64),
    Day(i64),
}

fn encoder(enrichment: Option<Arc<dyn Enrichment>>) -> Encoder {
    Encoder::new(&Format { schema: Schema::Flat, enrichment, ..Format::default() })
}

fn line(encoder: &Encoder, json: &str) -> String {
    let mut line = Vec::new();
    encoder.encode(&Reader::new().read(0, json), &mut Scratch::default(), &mut line);
    String::from_utf8(line).unwrap()
}

fn row(encoder: &Encoder, json: &str) -> Vec<(&'static Column, Owned)> {
    let mut row = Vec::new();
    encoder.cells(&Reader::new().read(0, json), &mut Scratch::default(), |column, cell| {
        let owned = match cell {
            Cell::Null => Owned::Null,
            Cell::Text(text) => Owned::Text(text.to_owned()),
            Cell::Boolean(boolean) => Owned::Boolean(boolean),
            Cell::Integer(integer) => Owned::Integer(integer),
            Cell::Timestamp(milliseconds) => Owned::Timestamp(milliseconds),
            Cell::Day(day) => Owned::Day(day.into()),
        };
        row.push((column, owned));
    });
    row
}

/// What the JSON form says in a column of this kind. `None` is a value of another type.
fn read(kind: ColumnKind, value: Option<trail_event::Value<'_>>) -> Option<Owned> {
    let Some(value) = value else { return Some(Owned::Null) };
    let time = |text: &str| Timestamp::parse(text).map(Timestamp::milliseconds);
    Some(match kind {
        ColumnKind::Text => Owned::Text(value.text()?.unescaped().into_owned()),
        ColumnKind::Json => {
            let text = value.text()?.unescaped().into_owned();
            serde_json::from_str::<Box<serde_json::value::RawValue>>(&text).ok()?;
            Owned::Text(text)
        }
        ColumnKind::Timestamp => Owned::Timestamp(time(value.text()?.plain()?)?),
        ColumnKind::Date => {
            let midnight = format!("{}T00:00:00Z", value.text()?.plain()?);
            Owned::Day(time(&midnight)? / 86_400_000)
        }
        ColumnKind::Boolean => Owned::Boolean(value.json().parse().ok()?),
        ColumnKind::Integer => Owned::Integer(value.json().parse().ok()?),
    })
}

/// Both forms of a row say the same, and nothing that has no column.
fn agree(encoder: &Encoder, json: &str) -> Result<(), TestCaseError> {
    let line = line(encoder, json);
    prop_assert!(serde_json::from_str::<&serde_json::value::RawValue>(&line).is_ok(), "{}", line);
    let object = trail_event::Value::new(&line);
    let row = row(encoder, json);
    let names: Vec<&str> = row.iter().map(|(column, _)| column.name).collect();
    prop_assert_eq!(names, COLUMNS.iter().map(|column| column.name).collect::<Vec<_>>());
    for (column, cell) in &row {
        let said = read(column.kind, object.member(column.name));
        prop_assert_eq!(Some(cell), said.as_ref(), "{}", column.name);
        prop_assert!(column.nullable || *cell != Owned::Null, "{}", column.name);
    }
    let present = row.iter().filter(|(_, cell)| *cell != Owned::Null).count();
    prop_assert_eq!(object.members().count(), present);
    Ok(())
}

/// Values as CloudTrail writes them, and as it does not.
fn value() -> impl Strategy<Value = Value> {
    let texts = [
        "",
        "true",
        "false",
        "2026-11-21T10:11:12Z",
        "20131102T010628Z",
        "2026-08-11 11:45:00",
        "192.0.2.1",
        "Root",
        "IAMUser",
        "AssumedRole",
        "AWSAccount",
        "arn:aws:iam::111122223333:user/alice",
        "AKIAEXAMPLE",
        "ASIAEXAMPLE",
        "signin.amazonaws.com",
        "111122223333",
        "AROAEXAMPLE:session",
        "a \"quoted\"\nline \u{0} \u{1f600}",
    ];
    let inner = serde_json::json!({ "a b": [1, { "c": "d\\" }], "userName": "bob" });
    prop_oneof![
        6 => prop::sample::select(texts.to_vec()).prop_map(Value::from),
        1 => "\\PC{0,20}".prop_map(Value::from),
        1 => prop::sample::select(vec![
            Value::Null, Value::from(true), Value::from(-0.0), Value::from(u64::MAX), Value::from(Vec::<Value>::new()),
            serde_json::json!({}), serde_json::json!(["a", null]), inner,
        ]),
    ]
}

/// A record that holds these values at the paths of fields or others.
fn record() -> impl Strategy<Value = Value> {
    let field = prop::sample::select(Field::ALL.to_vec()).prop_map(|field| field.to_string());
    let path = prop_oneof![9 => field, 1 => "(userIdentity\\.|tlsDetails\\.|)[a-z \"]{1,5}"];
    prop::collection::vec((path, value()), 0..40).prop_map(|members| {
        let mut record = Value::Object(Map::new());
        for (path, value) in members {
            put(&mut record, &path, value);
        }
        record
    })
}

fn put(into: &mut Value, path: &str, value: Value) {
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    match path.split_once('.') {
        Some((key, rest)) => put(&mut into[key], rest, value),
        None => into[path] = value,
    }
}

proptest! {
    #[test]
    fn both_forms_of_a_row_say_the_same(record in record()) {
        let encoder = encoder(Some(Arc::new(Atlas::default())));
        agree(&encoder, &record.to_string())?;
        agree(&encoder, &serde_json::to_string_pretty(&record).unwrap())?;
    }

    #[test]
    fn any_text_makes_a_row(text in "\\PC*|[\\[\\]{}\":,\\\\a ]*") {
        let encoder = encoder(None);
        prop_assert_eq!(row(&encoder, &text).len(), COLUMNS.len());
        let _ = line(&encoder, &text);
    }
}

#[test]
fn columns_have_names_that_tables_take() {
    let mut names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
    for column in COLUMNS {
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        assert!(column.name.bytes().all(is_name), "{}", column.name);
        assert!(column.doc.ends_with(['.', ',']) && !column.doc.starts_with(' '), "{}", column.doc);
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), COLUMNS.len());
}

fn cells(encoder: &Encoder, json: &str) -> BTreeMap<&'static str, Owned> {
    let row = row(encoder, json).into_iter().map(|(column, cell)| (column.name, cell));
    row.filter(|(_, cell)| *cell != Owned::Null).collect()
}

fn text(text: &str) -> Owned {
    Owned::Text(text.to_owned())
}

#[test]
fn what_has_no_column_is_unmapped() {
    let json = r#"{"eventID":"e","new":{"a":[1,2]},"userIdentity":{"type":"Root","alias":"x"},
        "tlsDetails":{"tlsVersion":"TLSv1.3","new":1},"userAgent":["a","b"],"readOnly":"maybe"}"#;
    let cells = cells(&encoder(None), json);
    let expect =
        r#"{"userIdentity.alias":"x","readOnly":"maybe","new.a[]":"1,2","userAgent[]":"a,b"}"#;
    assert_eq!(parsed(&cells["unmapped"]), serde_json::from_str::<Value>(expect).unwrap());
    assert_eq!(cells["tlsdetails"], text(r#"{"tlsVersion":"TLSv1.3","new":1}"#));
    assert!(!cells.contains_key("useragent") && !cells.contains_key("readonly"));
}

/// The JSON that a cell holds.
fn parsed(cell: &Owned) -> Value {
    let Owned::Text(text) = cell else { panic!("{cell:?} is no text") };
    serde_json::from_str(text).unwrap()
}

#[test]
fn an_object_that_comes_twice_is_kept_twice() {
    let json =
        r#"{"tlsDetails":{"tlsVersion":"old","new":1},"tlsDetails":{"tlsVersion":"TLSv1.3"}}"#;
    let cells = cells(&encoder(None), json);
    assert_eq!(cells["tlsdetails"], text(r#"{"tlsVersion":"TLSv1.3"}"#));
    let expect = serde_json::json!({"tlsDetails.tlsVersion":"old","tlsDetails.new":"1"});
    assert_eq!(parsed(&cells["unmapped"]), expect);
}

#[test]
fn json_is_kept_as_json_whatever_it_is() {
    for (value, expect) in [
        (r#""a=b&c""#, Some(r#""a=b&c""#)),
        (r#""""#, Some(r#""""#)),
        ("[1,\n 2]", Some("[1,2]")),
        (r#"{ "a" : " b \" c " }"#, Some(r#"{"a":" b \" c "}"#)),
        ("12345678901234567890123", Some("12345678901234567890123")),
        ("null", None),
        ("{ }", None),
    ] {
        let cells = cells(&encoder(None), &format!(r#"{{"requestParameters":{value}}}"#));
        assert_eq!(cells.get("requestparameters"), expect.map(text).as_ref(), "{value}");
    }
}

#[test]
fn a_moment_that_is_none_stays_text() {
    let cells = cells(&encoder(None), r#"{"eventTime":"yesterday"}"#);
    assert!(!cells.contains_key("eventtime") && !cells.contains_key("event_day"));
    assert_eq!(cells["unmapped"], text(r#"{"eventTime":"yesterday"}"#));
}

#[test]
fn a_moment_finer_than_a_millisecond_is_kept_whole_too() {
    let record = r#"{"eventTime":"2026-03-02T10:11:12.345678Z"}"#;
    let cells = cells(&encoder(None), record);
    assert_eq!(cells["eventtime"], Owned::Timestamp(1_772_446_272_345));
    assert_eq!(cells["unmapped"], text(record));
}

#[test]
fn days_are_of_the_time_in_utc() {
    let cells = cells(&encoder(None), r#"{"eventTime":"2026-01-01T00:30:00+01:00"}"#);
    assert_eq!(cells["eventtime"], Owned::Timestamp(1_767_223_800_000));
    assert_eq!(cells["event_day"], Owned::Day(20_453));
    for (time, day) in [
        ("2026-01-01T00:30:00+01:00", "2025-12-31"),
        ("2026-01-01T00:30:00Z", "2026-01-01"),
        ("2016-12-31T23:59:60Z", "2017-01-01"),
        ("20131102T010628Z", "2013-11-02"),
    ] {
        let line = line(&encoder(None), &format!(r#"{{"eventTime":"{time}"}}"#));
        assert!(line.contains(&format!(r#""event_day":"{day}""#)), "{line}");
    }
}

/// Knows one address and one account.
#[derive(Debug, Default)]
struct Atlas {
    asked: AtomicUsize,
}

impl Enrichment for Atlas {
    fn locate(&self, address: IpAddr, see: &mut dyn FnMut(&Location<'_>)) {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if address == IpAddr::from([192, 0, 2, 1]) {
            see(&Location {
                country_code: Some("DE"),
                city_name: Some("K\u{f6}ln \"am\" Rhein"),
                as_number: Some(64_496),
                as_organization: Some("Example"),
                ..Location::default()
            });
        }
    }

    fn account_name(&self, id: &str, see: &mut dyn FnMut(&str)) {
        if id == "111122223333" {
            see("security");
        }
    }
}

#[test]
fn enrichment_fills_its_columns_with_one_look() {
    let atlas = Arc::new(Atlas::default());
    let encoder = encoder(Some(Arc::<Atlas>::clone(&atlas)));
    let json = r#"{"sourceIPAddress":"192.0.2.1","recipientAccountId":"111122223333"}"#;
    let found = cells(&encoder, json);
    assert_eq!(found["account_name"], text("security"));
    assert_eq!(found["source_country"], text("DE"));
    assert_eq!(found["source_city"], text("K\u{f6}ln \"am\" Rhein"));
    assert_eq!(found["source_as_number"], Owned::Integer(64_496));
    assert_eq!(found["source_as_organization"], text("Example"));
    assert_eq!(atlas.asked.load(Ordering::Relaxed), 1);
    assert!(agree(&encoder, json).is_ok());
}

#[test]
fn without_enrichment_its_columns_are_null() {
    let other = r#"{"sourceIPAddress":"198.51.100.1","recipientAccountId":"444455556666"}"#;
    let known = r#"{"sourceIPAddress":"192.0.2.1","recipientAccountId":"111122223333"}"#;
    for (encoder, json) in
        [(encoder(None), known), (encoder(Some(Arc::new(Atlas::default()))), other)]
    {
        let cells = cells(&encoder, json);
        let names = ["account_name", "source_country", "source_city", "source_as_number"];
        assert!(names.into_iter().all(|name| !cells.contains_key(name)), "{cells:?}");
    }
}

#[test]
fn escapes_are_gone_in_cells_and_kept_in_json() {
    let json = r#"{"userIdentity":{"userName":"a\u0062\"\ud83d"},"errorMessage":"\u0000"}"#;
    let cells = cells(&encoder(None), json);
    assert_eq!(cells["actor"], text("ab\"\u{fffd}"));
    assert_eq!(cells["errormessage"], text("\u{0}"));
    let line = line(&encoder(None), json);
    assert!(line.contains(r#""actor":"a\u0062\"\ud83d""#), "{line}");
    assert_eq!(Text::new(r"a\u0062").unescaped(), "ab");
}
