use super::*;
use crate::json::tests::{spaces, tree};
use crate::{Field, Kind, Reader};
use proptest::prelude::*;

/// The same as what the value itself says, at any depth, and its quotes are those that a string
/// begins or ends with.
fn check(quoted: Quoted<'_>, value: Value<'_>) -> Result<(), TestCaseError> {
    prop_assert_eq!(quoted.value(), value);
    let (quotes, base) = quoted.quotes();
    let quotes: Vec<usize> = quotes.iter().map(|quote| *quote as usize - base).collect();
    prop_assert_eq!(quotes, quotes_in(value.json()));
    prop_assert_eq!(quoted.members().count(), value.members().count());
    for ((key, quoted), (name, value)) in quoted.members().zip(value.members()) {
        prop_assert_eq!(key, name);
        check(quoted, value)?;
    }
    prop_assert_eq!(quoted.elements().count(), value.elements().count());
    for (quoted, value) in quoted.elements().zip(value.elements()) {
        check(quoted, value)?;
    }
    Ok(())
}

/// A byte at a time.
fn quotes_in(json: &str) -> Vec<usize> {
    let mut escaped = false;
    let unescaped = |(place, byte): (usize, u8)| {
        let is_quote = !escaped && byte == b'"';
        escaped = !escaped && byte == b'\\';
        is_quote.then_some(place)
    };
    json.bytes().enumerate().filter_map(unescaped).collect()
}

fn is_container(value: &Value<'_>) -> bool {
    matches!(value.kind(), Kind::Object | Kind::Array)
}

proptest! {
    #[test]
    fn values_are_taken_apart_as_without_their_quotes(
        before in tree("[a-z]"),
        tree in tree("\\PC{0,12}"),
        spaces in spaces(),
    ) {
        let (before, json) = (before.text(&spaces), tree.text(&spaces));
        for key in ["resources", "requestParameters", "userIdentity", "eventName"] {
            let record = format!("{{\"new\":{before},\"{key}\":{json},\"errorCode\":\"x\"}}");
            let mut reader = Reader::new();
            let event = reader.read(0, &record);
            let field = Field::at(key).unwrap();
            let value = event.value(field).unwrap();
            let quoted = event.quoted(field);
            prop_assert_eq!(quoted.is_some(), is_container(&value));
            let Some(quoted) = quoted else { continue };
            check(quoted, value)?;
            prop_assert_eq!(event.quotes_of(field), quoted.quotes());
            prop_assert!(event.elements_of(field).map(|it| it.value()).eq(value.elements()));
            let members = event.members_of(field).map(|(key, it)| (key, it.value()));
            prop_assert!(members.eq(value.members()));
        }
    }

    #[test]
    fn any_quotes_in_any_text_are_walked_without_end_or_panic(
        text in "\\PC*|[\\[\\]{}\":,\\\\a ]*",
        quotes in prop::collection::vec(prop_oneof![9 => 0..200_u32, 1 => any::<u32>()], 0..20),
    ) {
        let record = format!("{{\"resources\":[{text},\"requestParameters\":{{{text}");
        let mut reader = Reader::new();
        for event in [reader.clone().read_quoted(0, &record, &quotes), reader.read(0, &record)] {
            for field in Field::ALL {
                for (_, value) in event.members_of(field) {
                    let _ = (value.value(), value.members().count(), value.elements().count());
                }
                for value in event.elements_of(field) {
                    let _ = (value.value(), value.members().count(), value.elements().count());
                }
            }
        }
    }
}

#[test]
fn what_is_no_object_or_array_has_no_quotes() {
    let mut reader = Reader::new();
    let event = reader
        .read(0, r#"{"resources":[1],"eventName":"Get","readOnly":true,"requestParameters":null}"#);
    for field in [Field::EventName, Field::ReadOnly, Field::RequestParameters, Field::ErrorCode] {
        assert!(event.quoted(field).is_none(), "{field}");
        assert_eq!(event.quotes_of(field), (&[][..], 0), "{field}");
    }
    assert_eq!(event.quotes_of(Field::Resources), (&[][..], 13));
}
