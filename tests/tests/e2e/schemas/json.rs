//! JSON as `CloudTrail` writes it, which is not always JSON.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// With what the key begins of a member that has the key of a later one.
const EARLIER: char = '\u{0}';

/// Reads `text`. A half of a surrogate pair, which real records hold and no string of ours can,
/// becomes U+FFFD. Of several members with one key none is lost: see [`repeated`].
pub(crate) fn parse(text: &str) -> serde_json::Result<Value> {
    let whole = |text: &str| serde_json::from_str(text).map(|Whole(value)| value);
    whole(text).or_else(|error| match without_halves(text) {
        Some(text) => whole(&text),
        None => Err(error),
    })
}

/// The keys that stand several times in one object, of a value that [`parse`] has read.
pub(crate) fn repeated(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(elements) => elements.iter().flat_map(repeated).collect(),
        Value::Object(members) => {
            let marked = members.keys().map(String::as_str).filter(|key| as_written(key) != *key);
            let below = members.values().flat_map(repeated);
            marked.map(as_written).chain(below).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// A key of a value that [`parse`] has read, without the mark of one that stands several times.
pub(crate) fn as_written(key: &str) -> &str {
    let marked = key.strip_prefix(EARLIER).and_then(|rest| rest.split_once('.'));
    let marked = marked.filter(|(number, _)| number.parse::<usize>().is_ok());
    marked.map_or(key, |(_, key)| key)
}

/// A value of which nothing is lost.
struct Whole(Value);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Build).map(Self)
    }
}

struct Build;

impl<'de> Visitor<'de> for Build {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Whole(element)) = elements.next_element()? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((key, Whole(value))) = members.next_entry::<String, _>()? {
            if let Some(earlier) = object.insert(key.clone(), value) {
                // What follows the last dot is the name of a key, wherever names are compared.
                object.insert(format!("{EARLIER}{}.{key}", object.len()), earlier);
            }
        }
        Ok(Value::Object(object))
    }
}

/// The text with its halves replaced, if there are any.
fn without_halves(text: &str) -> Option<String> {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        let (instead, length) = match (surrogate(escape), escape.get(6..).and_then(surrogate)) {
            (Some(0xd800..0xdc00), Some(0xdc00..)) => (None, 12),
            (Some(_), _) => (Some("\\ufffd"), 6),
            (None, _) => (None, escape.chars().take(2).map(char::len_utf8).sum()),
        };
        let (own, after) = escape.split_at(length);
        whole.push_str(before);
        whole.push_str(instead.unwrap_or(own));
        found |= instead.is_some();
        rest = after;
    }
    whole.push_str(rest);
    found.then_some(whole)
}

/// The half of a pair that is escaped at the beginning of `text`.
fn surrogate(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let unit = u16::from_str_radix(digits, 16).ok()?;
    (0xd800..0xe000).contains(&unit).then_some(unit)
}

#[test]
fn half_of_a_pair_is_replaced_and_a_pair_is_kept() {
    for (text, expected) in [
        (r#""\ud83d\ude00""#, "\u{1f600}"),
        (r#""a\ud83db""#, "a\u{fffd}b"),
        (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        (r#""\ud83d\ud83d\ude00é""#, "\u{fffd}\u{1f600}é"),
        (r#""\\ud83d\ud83d""#, "\\ud83d\u{fffd}"),
        (r#""\n\ud83d\u00e9\\""#, "\n\u{fffd}é\\"),
    ] {
        assert_eq!(parse(text).unwrap(), expected, "{text}");
    }
    assert!(parse(r#""\ud83d"#).is_err() && parse("{\\").is_err());
}

#[test]
fn member_with_the_key_of_a_later_one_is_kept_and_told() {
    let value = parse(r#"{"a":[{"b":1,"b":2,"b.c":3,"\u0062":4}],"b":null,"d":5}"#).unwrap();
    assert_eq!(value["a"][0]["b"], 4);
    assert_eq!(value["a"][0].as_object().unwrap().len(), 4);
    assert_eq!(repeated(&value), ["b", "b"]);
    assert_eq!(repeated(&parse(r#"{"a":{"b":1},"b":{"a":1}}"#).unwrap()), [""; 0]);
}
