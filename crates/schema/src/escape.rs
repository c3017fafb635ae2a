//! Text in JSON strings.

use crate::append::{append as copy, append_part};
use memchr::memchr2;

/// Appends a JSON string that holds `json`, a valid JSON value, without the spaces and line breaks
/// between its tokens.
pub(crate) fn json_in_string(json: &str, line: &mut Vec<u8>) {
    line.push(b'"');
    let mut rest = json.as_bytes();
    while let Some(quote) = memchr::memchr(b'"', rest) {
        let (between, from) = rest.split_at(quote);
        tokens(between, line);
        line.extend_from_slice(br#"\""#);
        rest = inside(from.get(1..).unwrap_or_default(), line);
    }
    tokens(rest, line);
    line.push(b'"');
}

/// As [`json_in_string`], for a value of a record where the places of its quotes are known, and that
/// of its first byte.
pub(crate) fn quoted_json_in_string(
    record: &str,
    json: &str,
    (quotes, start): (&[u32], usize),
    line: &mut Vec<u8>,
) {
    let (strings, rest) = quotes.as_chunks::<2>();
    let is_plain = !strings.is_empty() && rest.is_empty();
    if !is_plain || memchr::memchr(b'\\', json.as_bytes()).is_some() {
        return json_in_string(json, line);
    }
    let bytes = record.as_bytes();
    let part = |from: usize, to: usize| bytes.get(from..to).unwrap_or_default();
    // The closing quote of the string before.
    let mut last = start;
    line.push(b'"');
    for [opening, closing] in strings {
        let (opening, closing) = (*opening as usize, *closing as usize);
        match part(last, opening) {
            // Most often: between a key and a value, or a value and a key.
            [b'"', byte] if *byte > b' ' => line.extend_from_slice(&[b'\\', b'"', *byte, b'\\']),
            between => {
                after_string(between, line);
                line.push(b'\\');
            }
        }
        append_part(bytes, opening..closing, line);
        last = closing;
    }
    after_string(part(last, start + json.len()), line);
    line.push(b'"');
}

/// Appends the closing quote of a string, if there is one, and what stands between strings.
fn after_string(bytes: &[u8], line: &mut Vec<u8>) {
    if let [b'"', between @ ..] = bytes {
        line.extend_from_slice(br#"\""#);
        tokens(between, line);
    } else {
        tokens(bytes, line);
    }
}

/// Appends what stands between strings.
#[inline]
fn tokens(bytes: &[u8], line: &mut Vec<u8>) {
    match bytes {
        [] => {}
        [byte] if *byte > b' ' => line.push(*byte),
        [one, two] if *one > b' ' && *two > b' ' => line.extend_from_slice(&[*one, *two]),
        _ if bytes.iter().all(|byte| *byte > b' ') => copy(bytes, line),
        _ => line.extend(bytes.iter().copied().filter(|byte| *byte > b' ')),
    }
}

/// Appends the rest of a string and its closing quote; gives what follows.
#[inline]
fn inside<'b>(mut rest: &'b [u8], line: &mut Vec<u8>) -> &'b [u8] {
    while let Some(at) = memchr2(b'"', b'\\', rest) {
        let (text, from) = rest.split_at(at);
        copy(text, line);
        if let [b'"', after @ ..] = from {
            line.extend_from_slice(br#"\""#);
            return after;
        }
        // An escape of two bytes: the backslash, and what may itself be a quote or backslash.
        line.extend_from_slice(br"\\");
        match from.get(1) {
            Some(b'"') => line.extend_from_slice(br#"\""#),
            Some(b'\\') => line.extend_from_slice(br"\\"),
            Some(other) => line.push(*other),
            None => {}
        }
        rest = from.get(2..).unwrap_or_default();
    }
    line.extend_from_slice(rest);
    &[]
}

/// Appends `text`, escaped for a JSON string.
pub(crate) fn append(text: &str, line: &mut Vec<u8>) {
    let needs = |byte: &u8| *byte < b' ' || matches!(byte, b'"' | b'\\');
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(needs) {
        let (plain, from) = rest.split_at(at);
        line.extend_from_slice(plain);
        match from.first() {
            Some(byte @ (b'"' | b'\\')) => line.extend_from_slice(&[b'\\', *byte]),
            Some(control) => line.extend_from_slice(format!("\\u{control:04x}").as_bytes()),
            None => {}
        }
        rest = from.get(1..).unwrap_or_default();
    }
    line.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(json: &str, expect: &str) {
        let mut line = Vec::new();
        json_in_string(json, &mut line);
        let record = format!("{{\"requestParameters\":{json}}}");
        let mut reader = trail_event::Reader::new();
        let event = reader.read(0, &record);
        let mut quoted = Vec::new();
        let quotes = event.quotes_of(trail_event::Field::RequestParameters);
        quoted_json_in_string(&record, json, quotes, &mut quoted);
        assert_eq!(quoted, line, "{json}");
        let text: String = serde_json::from_slice(&line).expect("a JSON string");
        assert_eq!(text, expect, "{json}");
    }

    #[test]
    fn json_is_kept_without_what_stands_between_tokens() {
        check("{}", "{}");
        check(r#"{"a":"b c","d":[1,2.0E-5,null]}"#, r#"{"a":"b c","d":[1,2.0E-5,null]}"#);
        check(
            "{\n \"a\" : \"b\\\"c\\\\\" ,\r\n\t\"d\": \"\\u0000\" }",
            r#"{"a":"b\"c\\","d":"\u0000"}"#,
        );
        check("12", "12");
    }

    proptest! {
        #[test]
        fn any_text_gives_a_json_string(text in ".*") {
            let mut line = Vec::new();
            line.push(b'"');
            append(&text, &mut line);
            line.push(b'"');
            prop_assert_eq!(serde_json::from_slice::<String>(&line).unwrap(), text);
        }

        #[test]
        fn strings_in_json_are_kept(text in ".*") {
            let json = serde_json::json!({ "k": [text] }).to_string();
            check(&json, &json);
        }
    }
}
