use super::*;
use crate::json::tests::{Tree, spaces, tree};
use proptest::prelude::*;

fn same(value: Value<'_>, tree: &Tree) -> Result<(), TestCaseError> {
    match tree {
        Tree::Leaf(json) => prop_assert_eq!(value.json(), json),
        Tree::Array(expect) => {
            prop_assert_eq!(value.kind(), Kind::Array);
            prop_assert_eq!(value.elements().count(), expect.len());
            for (value, tree) in value.elements().zip(expect) {
                same(value, tree)?;
            }
        }
        Tree::Object(expect) => {
            prop_assert_eq!(value.kind(), Kind::Object);
            prop_assert_eq!(value.members().count(), expect.len());
            for ((key, value), (name, tree)) in value.members().zip(expect) {
                prop_assert!(key.is(name), "{:?} is not {:?}", key, name);
                same(value, tree)?;
            }
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn members_and_elements_are_those_of_the_value(tree in tree("\\PC{0,12}"), spaces in spaces()) {
        let json = tree.text(&spaces);
        same(Value::new(&json), &tree)?;
    }

    #[test]
    fn the_member_of_a_key_is_what_serde_json_finds(tree in tree("[a-c]"), spaces in spaces()) {
        let json = tree.text(&spaces);
        let expect: serde_json::Value = serde_json::from_str(&json).unwrap();
        for key in ["a", "b", "c", "d"] {
            let found = Value::new(&json).member(key).map(|value| serde_json::from_str(value.json()).unwrap());
            prop_assert_eq!(found.as_ref(), expect.get(key), "{}", key);
        }
    }

    #[test]
    fn any_text_is_asked_without_panic(text in "\\PC*|[\\[\\]{}\":,\\\\a ]*") {
        let value = Value::new(&text);
        let _ = (value.kind(), value.text(), value.boolean(), value.is_empty(), value.scalar());
        let _ = (value.members().count(), value.elements().count(), value.member("a"));
    }
}

#[test]
fn booleans_are_written_in_two_ways() {
    for (json, expect) in [
        ("true", Some(true)),
        (r#""false""#, Some(false)),
        (r#""True""#, Some(true)),
        ("1", None),
        (r#""yes""#, None),
        ("null", None),
    ] {
        assert_eq!(Value::new(json).boolean(), expect, "{json}");
    }
}

#[test]
fn what_says_nothing_is_empty() {
    for (json, expect) in [
        ("null", true),
        ("{ }", true),
        ("[]", true),
        (r#""""#, false),
        ("0", false),
        ("[null]", false),
    ] {
        assert_eq!(Value::new(json).is_empty(), expect, "{json}");
    }
}

#[test]
fn scalars_are_read_as_text() {
    let says = |json| Value::new(json).scalar().map(|text| text.escaped().to_owned());
    assert_eq!(says("1.0E-5").as_deref(), Some("1.0E-5"));
    assert_eq!(says("-0").as_deref(), Some("-0"));
    assert_eq!(says(r#""a\u0000""#).as_deref(), Some(r"a\u0000"));
    assert_eq!(says("[1]"), None);
    assert_eq!(Value::new(r#""""#).filled(), None);
}
