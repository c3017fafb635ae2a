//! Values of any type, and texts of any characters.

use super::tree::{Member, Node};
use proptest::prelude::*;

/// Within a string: escapes of all kinds, halves of surrogate pairs among them, and characters that
/// mean something to somebody.
const PIECES: [&str; 34] = [
    "\\n",
    "\\r",
    "\\t",
    "\\b",
    "\\\"",
    "\\\\",
    "\\/",
    "\\u0000",
    "\\u001f",
    "\\u00e9",
    "\\u2028",
    "\\ud83d\\ude00",
    "\\ud83d",
    "\\ude00",
    "\u{e9}",
    "\u{1f600}",
    "\u{2028}",
    "\u{7f}",
    " ",
    ",",
    "=",
    ".",
    "{",
    "}",
    "[",
    "]",
    "@",
    "/",
    ":",
    "*",
    "[]",
    "null",
    "a",
    "Z",
];
/// Numbers that are not easily held.
const NUMBERS: [&str; 14] = [
    "0",
    "-0",
    "1",
    "17",
    "-1.5",
    "0.1",
    "1.50",
    "1E5",
    "1.0E-5",
    "9007199254740993",
    "18446744073709551615",
    "-9223372036854775808",
    "123456789012345678901234567890",
    "1e308",
];
/// Texts that look like something else.
const MASKS: [&str; 13] = [
    "",
    "true",
    "false",
    "null",
    "17",
    "-",
    "{\\\"inner\\\":\\\"value\\\"}",
    "[1,\\\"two\\\"]",
    "{\\\"cut\\\":",
    "2026-03-02T10:11:12Z",
    "2026-03-02T10:11:12.3456Z",
    "192.0.2.7",
    "HIDDEN_DUE_TO_SECURITY_REASONS",
];

/// A string, between its quotes.
pub(super) fn string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned),
        1 => "[a-z]{1,4}",
    ];
    prop_oneof![
        6 => "[a-zA-Z][a-zA-Z0-9:/._-]{5,16}",
        3 => prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat()),
        2 => prop::sample::select(MASKS.to_vec()).prop_map(str::to_owned),
        1 => "[a-z]{300}",
    ]
}

/// A string, a number, a boolean or null.
pub(super) fn scalar() -> impl Strategy<Value = Node> {
    prop_oneof![
        6 => string().prop_map(|text| Node::text(&text)),
        2 => prop::sample::select(NUMBERS.to_vec()).prop_map(|number| Node::Token(number.to_owned())),
        2 => any::<bool>().prop_map(|value| Node::Token(value.to_string())),
        1 => Just(Node::Token("null".to_owned())),
    ]
}

/// Anything.
pub(super) fn value() -> impl Strategy<Value = Node> {
    scalar().prop_recursive(4, 16, 4, |inner| {
        let member = (key(), inner.clone());
        prop_oneof![
            3 => prop::collection::vec(member, 0..4).prop_map(Node::Object),
            2 => prop::collection::vec(inner.clone(), 0..4).prop_map(Node::Array),
            1 => (inner, 1..40_usize, any::<bool>()).prop_map(|(inner, depth, arrays)| {
                deep(inner, depth, arrays)
            }),
        ]
    })
}

/// Members of any key.
pub(super) fn members(most: usize) -> impl Strategy<Value = Vec<Member>> {
    prop::collection::vec((key(), value()), 0..most)
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![8 => "[a-zA-Z][a-zA-Z0-9]{0,9}", 1 => "[a-c]\\.[a-c]{1,4}", 1 => string()]
}

fn deep(inner: Node, depth: usize, arrays: bool) -> Node {
    (0..depth).fold(inner, |inner, level| {
        if arrays && level % 2 == 0 {
            Node::Array(vec![inner])
        } else {
            Node::Object(vec![("deep".to_owned(), inner)])
        }
    })
}
