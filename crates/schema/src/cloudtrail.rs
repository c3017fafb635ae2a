//! The record, verbatim.

use memchr::memchr2;

/// Appends the record without its line breaks. A JSON string cannot hold a raw one, so each stands
/// between tokens, where dropping it changes nothing.
pub(crate) fn append(record: &str, line: &mut Vec<u8>) {
    let mut rest = record.as_bytes();
    while let Some(at) = memchr2(b'\n', b'\r', rest) {
        let (before, from) = rest.split_at(at);
        line.extend_from_slice(before);
        rest = from.get(1..).unwrap_or_default();
    }
    line.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encoded(json: &str) -> String {
        let mut line = Vec::new();
        append(json, &mut line);
        String::from_utf8(line).expect("a part of text at character borders is text")
    }

    #[test]
    fn a_record_is_kept_byte_for_byte() {
        for json in [r#"{"a":"\ud83d","b":1.0E-5, "a" : -0}"#, "{}", "{\"\t\":\"\u{e9}\"}"] {
            assert_eq!(encoded(json), json);
        }
    }

    #[test]
    fn line_breaks_between_tokens_are_dropped() {
        assert_eq!(encoded("{\r\n \"a\":\n1\n}\n"), "{ \"a\":1}");
    }

    proptest! {
        #[test]
        fn nothing_but_line_breaks_is_dropped(json in "(?s).*") {
            prop_assert_eq!(encoded(&json), json.replace(['\r', '\n'], ""));
        }
    }
}
