//! JSON made at random, and where its tokens are found.

use super::*;
use proptest::prelude::*;

/// A JSON value that may have one key twice.
#[derive(Clone, Debug)]
pub(crate) enum Tree {
    Leaf(String),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

const LEAVES: [&str; 12] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1.0E-5",
    "12345678901234567890123",
    r#""""#,
    r#""\\""#,
    r#""\"}""#,
    r#""\ud83d\ude00\u0000\/""#,
    r#""true""#,
];

/// Values of any kind, with objects of these keys.
pub(crate) fn tree(keys: impl Strategy<Value = String> + Clone + 'static) -> BoxedStrategy<Tree> {
    let text = "\\PC{0,70}".prop_map(|text| serde_json::to_string(&text).unwrap());
    let leaf = prop_oneof![prop::sample::select(&LEAVES[..]).prop_map(str::to_owned), text];
    let node = leaf.prop_map(Tree::Leaf).prop_recursive(5, 48, 6, move |inner| {
        let members = (keys.clone(), inner.clone());
        prop_oneof![
            1 => prop::collection::vec(inner, 0..4).prop_map(Tree::Array),
            3 => prop::collection::vec(members, 0..6).prop_map(Tree::Object),
        ]
    });
    node.boxed()
}

/// Objects of these keys.
pub(crate) fn object(
    keys: impl Strategy<Value = String> + Clone + 'static,
) -> impl Strategy<Value = Tree> {
    prop::collection::vec((keys.clone(), tree(keys)), 0..12).prop_map(Tree::Object)
}

/// What stands between tokens, over and over.
pub(crate) fn spaces() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(vec!["", "", " ", "\n", "\r\n\t  "]), 1..5)
}

struct Writer<'s> {
    text: String,
    spaces: std::iter::Cycle<std::slice::Iter<'s, &'static str>>,
}

impl Tree {
    /// Its text, with spaces between the tokens.
    pub(crate) fn text(&self, spaces: &[&'static str]) -> String {
        let mut writer = Writer { text: String::new(), spaces: spaces.iter().cycle() };
        writer.value(self);
        writer.text
    }
}

impl Writer<'_> {
    fn token(&mut self, token: &str) {
        self.text.push_str(token);
        self.text.extend(self.spaces.next().copied());
    }

    fn value(&mut self, tree: &Tree) {
        match tree {
            Tree::Leaf(json) => self.text.push_str(json),
            Tree::Array(values) => {
                self.token("[");
                self.each(values, |writer, value| writer.value(value));
                self.text.push(']');
            }
            Tree::Object(members) => {
                self.token("{");
                self.each(members, |writer, (key, value)| {
                    writer.token(&serde_json::to_string(key).unwrap());
                    writer.token(":");
                    writer.value(value);
                });
                self.text.push('}');
            }
        }
    }

    fn each<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                self.token(",");
            }
            write(self, item);
            self.text.extend(self.spaces.next().copied());
        }
    }
}

fn check_end(json: &str, expect: &str) {
    let end = value_end(json.as_bytes(), 0);
    assert_eq!(json.get(..end), Some(expect), "{json}");
}

#[test]
fn a_value_ends_where_json_has_it() {
    check_end("12,", "12");
    check_end("-1.0E-5}", "-1.0E-5");
    check_end("null ]", "null");
    check_end(r#""a\"b\\",1"#, r#""a\"b\\""#);
    check_end(r#"{"a":"}","b":[{}]}]"#, r#"{"a":"}","b":[{}]}"#);
    check_end(r#"[[["]"]]]"#, r#"[[["]"]]]"#);
}

#[test]
fn what_is_cut_off_ends_with_the_text() {
    for json in ["\"abc", "{\"a\":[", "12", "[\"]"] {
        check_end(json, json);
    }
}

proptest! {
    #[test]
    fn the_end_of_any_value_is_found(tree in tree("[a-z\"\\\\]{0,3}"), spaces in spaces(), after in "[,}\\] ]") {
        let json = tree.text(&spaces);
        check_end(&format!("{json}{after}"), &json);
    }

    #[test]
    fn any_text_has_members_without_end_or_panic(text in "\\PC*|[\\[\\]{}\":,\\\\a ]*", at in 0..80_usize) {
        let bytes = text.as_bytes();
        let mut at = at;
        while let Some(member) = key(bytes, at) {
            let end = value_end(bytes, member.value);
            prop_assert!(end > at, "every step goes forward");
            at = end;
        }
    }
}
