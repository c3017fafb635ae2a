use proptest::prelude::*;
use serde_json::value::RawValue;

use super::{Flaw, Scan};
use crate::json::Quotes;

const DEEP: usize = 1 << 20;

fn length(json: &[u8]) -> Result<Option<usize>, Flaw> {
    Scan::new(DEEP, Quotes::skipped()).advance(json)
}

fn check(json: &str, expect: Result<Option<usize>, (usize, &'static str)>) {
    let expect = expect.map_err(|(at, what)| Flaw::Syntax { at, what });
    assert_eq!(length(json.as_bytes()), expect, "{json}");
}

#[test]
fn a_value_ends_where_its_last_token_does() {
    check(r#"{} "#, Ok(Some(2)));
    check(r#"[],"#, Ok(Some(2)));
    check(r#""a"b"#, Ok(Some(3)));
    check(r#"true"#, Ok(Some(4)));
    check(r#"-0.5e+10,"#, Ok(Some(8)));
    check("{ \"a\" :\t[ 1 ,\r\n{ } ] , \"b\" : null } x", Ok(Some(35)));
    check(r#"{"a":[{"b":"","c":{"d":{}}},{"e":[]}],"f":"g"},"#, Ok(Some(46)));
    check(r#"{"a":"\ud83d\u0000\"\\","a":99999999999999999999999999e999}]"#, Ok(Some(59)));
}

#[test]
fn a_value_that_goes_on_is_neither_valid_nor_flawed() {
    for json in ["", "{", "[", "\"a", "\"\\", "\"\\u12", "tru", "-", "1", "1.", "1e", "1e-", "[1"] {
        check(json, Ok(None));
    }
    assert_eq!(length(b"\"\xf0\x9f"), Ok(None));
}

#[test]
fn a_flaw_is_placed_at_the_byte_that_cannot_be() {
    check("01", Ok(Some(1)));
    check("[01]", Err((2, "expected a comma or a closing bracket")));
    check("[1,]", Err((3, "expected a value")));
    check(r#"{"a":1,}"#, Err((7, "expected a key")));
    check(r#"{"a" 1}"#, Err((5, "expected a colon")));
    check(r#"{"a":1]"#, Err((6, "expected a comma or a closing bracket")));
    check("{1:2}", Err((1, "expected a key")));
    check("[}", Err((1, "expected a value")));
    check(r#"{"a":"b":"c":"d"}"#, Err((8, "expected a comma or a closing bracket")));
    check(r#"{"a","b":"c"}"#, Err((4, "expected a colon")));
    check(r#"[{"a":1}}"#, Err((8, "expected a comma or a closing bracket")));
    check(r#"{"a":{"b":""]"#, Err((12, "expected a comma or a closing bracket")));
    check(r#"{"a":{"b":""},}"#, Err((14, "expected a key")));
    check(r#"[{"a":""},"b":""]"#, Err((13, "expected a comma or a closing bracket")));
    check("nulx", Err((3, "expected true, false or null")));
    check("-x", Err((1, "expected a digit")));
    check("1.e5 ", Err((2, "expected a digit")));
    check(r#""\x""#, Err((2, "an unknown escape in a string")));
    check(r#""\u12g4""#, Err((5, "an unknown escape in a string")));
    check("\"a\nb\"", Err((2, "a control character in a string")));
    let not_utf8 = Flaw::Syntax { at: 2, what: "a string is not UTF-8" };
    for bytes in [&b"\"a\xff\""[..], b"\"a\xc3\"", b"\"a\xed\xa0\x80\"", b"\"a\xc0\x80\""] {
        assert_eq!(length(bytes), Err(not_utf8));
    }
}

#[test]
fn depth_is_counted_from_the_value_itself() {
    let mut scan = Scan::new(2, Quotes::skipped());
    assert_eq!(scan.advance(b"[[],[]]"), Ok(Some(7)));
    scan.restart(0);
    assert_eq!(scan.advance(b"[[],[{}]]"), Err(Flaw::Depth { at: 5 }));
}

/// Text that is nearly JSON.
fn nearly_json() -> impl Strategy<Value = Vec<u8>> {
    let token = prop_oneof![
        6 => prop::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"a\":", "\"k\":\"v\",", "\"\"", "\"a b\"", "1", "-0.5e3",
            "0", "true", "false", "null", " ", "\n", "\"\\u00e9\"", "\"é😀\"", "\"\\\"\"",
        ]).prop_map(|token| token.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

/// Nested values without spaces, as CloudTrail writes them.
fn written_by_a_library() -> impl Strategy<Value = Vec<u8>> {
    let leaf = prop_oneof![
        4 => "[a-z\"é]{0,90}".prop_map(serde_json::Value::from),
        1 => any::<i32>().prop_map(serde_json::Value::from),
        1 => any::<Option<bool>>().prop_map(serde_json::Value::from),
    ];
    let value = leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            3 => prop::collection::btree_map("[a-z]{1,20}", inner.clone(), 0..6)
                .prop_map(|members| members.into_iter().collect()),
            1 => prop::collection::vec(inner, 0..4).prop_map(serde_json::Value::from),
        ]
    });
    value.prop_map(|value| value.to_string().into_bytes())
}

/// Whether serde_json takes the whole of it for one value.
fn is_json(bytes: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(bytes).is_ok()
}

proptest! {
    #[test]
    fn valid_is_what_a_json_library_takes_for_valid(mut json in nearly_json(), wrap in any::<bool>()) {
        if wrap {
            json = [b"{\"a\":[", &json[..], b"]}"].concat();
        }
        let text = json.trim_ascii();
        let text = [text, b" "].concat();
        let ours = length(&text) == Ok(Some(text.len() - 1));
        prop_assert_eq!(ours, is_json(&text), "{}", String::from_utf8_lossy(&text));
    }

    #[test]
    fn a_byte_put_in_place_of_another_is_judged_as_a_json_library_does(
        mut json in written_by_a_library(),
        place in any::<prop::sample::Index>(),
        byte in prop::sample::select(b"{}[],:\"\\1t \n\xc3a".as_slice()),
    ) {
        json.push(b' ');
        prop_assert_eq!(length(&json), Ok(Some(json.len() - 1)));
        let place = place.index(json.len() - 1);
        json[place] = byte;
        let text = json.trim_ascii_start();
        let ours = length(text).is_ok_and(|length| {
            length.is_some_and(|length| text[length..].trim_ascii().is_empty())
        });
        prop_assert_eq!(ours, is_json(text), "{}", String::from_utf8_lossy(text));
    }

    #[test]
    fn where_the_bytes_at_hand_end_makes_no_difference(json in nearly_json(), step in 1_usize..9) {
        let mut scan = Scan::new(4, Quotes::noted());
        let whole = scan.advance(&json);
        scan.restart(0);
        let mut parts = Ok(None);
        for end in (0..json.len()).step_by(step).chain([json.len()]) {
            parts = scan.advance(&json[..end]);
            if parts != Ok(None) {
                break;
            }
        }
        prop_assert_eq!(parts, whole);
    }
}
