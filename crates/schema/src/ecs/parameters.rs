//! What a service was asked and has answered: as an object, and as the text of one.

use super::facts::About;
use super::flattened;
use crate::cloudtrail;
use crate::table::Wrote;
use trail_event::{Field, Kind, Text, Value};

/// Writes an object that Elasticsearch takes as a field of the type `flattened`.
pub(super) fn flattened(about: &About<'_>, field: Field, line: &mut Vec<u8>) -> Wrote {
    match about.event.quoted(field) {
        // What has no member has no key, and so no quote.
        Some(object) if !object.quotes().0.is_empty() && flattened::is_taken(object) => {
            cloudtrail::append(object.value().json(), line);
            Wrote::All
        }
        Some(_) | None => Wrote::Nothing,
    }
}

/// Writes a string: a value as Java's `toString` has it, `{key=value, other=[1, 2]}`. Elastic's
/// integration has it so, and some of its rules look for `key=value`.
pub(super) fn java(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    if value.is_empty() {
        return Wrote::Nothing;
    }
    line.push(b'"');
    append(value, line);
    line.push(b'"');
    Wrote::All
}

fn append(value: Value<'_>, line: &mut Vec<u8>) {
    match value.kind() {
        Kind::Null | Kind::Boolean | Kind::Number => {
            line.extend_from_slice(value.json().as_bytes());
        }
        Kind::String => {
            line.extend_from_slice(value.text().map_or("", Text::escaped).as_bytes());
        }
        Kind::Array => {
            line.push(b'[');
            for (place, element) in value.elements().enumerate() {
                separate(place, line);
                append(element, line);
            }
            line.push(b']');
        }
        Kind::Object => {
            line.push(b'{');
            for (place, (key, member)) in value.members().enumerate() {
                separate(place, line);
                line.extend_from_slice(key.escaped().as_bytes());
                line.push(b'=');
                append(member, line);
            }
            line.push(b'}');
        }
    }
}

fn separate(place: usize, line: &mut Vec<u8>) {
    if place > 0 {
        line.extend_from_slice(b", ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expect: &str) {
        let mut line = Vec::new();
        let wrote = java(Value::new(json), &mut line);
        assert_eq!(str::from_utf8(&line).unwrap(), expect);
        assert_eq!(wrote == Wrote::Nothing, expect.is_empty());
    }

    #[test]
    fn values_are_written_as_java_writes_maps() {
        check(r#"{"a":"b","c":{"d":[1,true,null]}}"#, r#""{a=b, c={d=[1, true, null]}}""#);
        check(r#"{ "a" : "say \"b\"\u00e9" }"#, r#""{a=say \"b\"\u00e9}""#);
        check(r#""text""#, r#""text""#);
        check("{}", "");
        check("null", "");
    }
}
