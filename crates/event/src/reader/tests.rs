use super::*;
use crate::Text;
use crate::json::tests::{Tree, object, spaces};
use proptest::prelude::*;

/// Keys of CloudTrail's own, often in an object where they are known, and others.
fn keys() -> impl Strategy<Value = String> + Clone {
    let known: Vec<&str> = Field::ALL.into_iter().map(Field::key).collect();
    let nested = vec![
        "userIdentity",
        "sessionContext",
        "sessionIssuer",
        "attributes",
        "type",
        "arn",
        "creationDate",
        "requestParameters",
        "responseElements",
        "user",
        "userName",
        "tlsDetails",
        "tlsVersion",
    ];
    prop_oneof![
        2 => prop::sample::select(nested).prop_map(str::to_owned),
        1 => prop::sample::select(known).prop_map(str::to_owned),
        1 => "[a-zA-Z.\"\\\\é]{0,20}",
    ]
}

fn parsed(json: &str) -> serde_json::Value {
    serde_json::from_str(json).unwrap()
}

/// The value of a field as serde_json has it: of members with one key the last.
fn expected(record: &serde_json::Value, field: Field) -> Option<serde_json::Value> {
    let object = match field.parent() {
        Some(parent) => &expected(record, parent)?,
        None => record,
    };
    object.as_object()?.get(field.key()).cloned()
}

/// Members in order, those of structured objects after the object.
fn flattened(
    parent: Option<Field>,
    object: &Tree,
    into: &mut Vec<(Option<Field>, String, String)>,
) {
    let Tree::Object(members) = object else { return };
    for (key, value) in members {
        into.push((parent, key.clone(), parsed(&value.text(&[""])).to_string()));
        let named = |field: &Field| field.parent() == parent && field.key() == key;
        if let Some(field) = Field::ALL.into_iter().find(named)
            && field.shape() == Shape::Structured
        {
            flattened(Some(field), value, into);
        }
    }
}

proptest! {
    #[test]
    fn every_field_has_the_value_that_serde_json_finds(record in object(keys()), spaces in spaces()) {
        let json = record.text(&spaces);
        let expect = parsed(&json);
        let mut reader = Reader::new();
        let event = reader.read(0, &json);
        for field in Field::ALL {
            let found = event.value(field).map(|value| parsed(value.json()));
            prop_assert_eq!(found, expected(&expect, field), "{}", field);
        }
    }

    #[test]
    fn every_member_is_handed_out_once_and_in_order(record in object(keys()), spaces in spaces()) {
        let json = record.text(&spaces);
        let mut expect = Vec::new();
        flattened(None, &record, &mut expect);
        let mut reader = Reader::new();
        let event = reader.read(0, &json);
        let found: Vec<_> = event
            .members()
            .map(|member| (member.parent, member.key.to_string(), parsed(member.value.json()).to_string()))
            .collect();
        prop_assert_eq!(found, expect);
    }

    #[test]
    fn of_members_with_one_key_all_but_the_last_are_superseded(record in object(keys()), spaces in spaces()) {
        let json = record.text(&spaces);
        let mut reader = Reader::new();
        let event = reader.read(0, &json);
        for member in event.members().filter(|member| !member.is_superseded) {
            let Some(field) = member.field else { continue };
            let value = event.value(field);
            prop_assert_eq!(value, Some(member.value), "{}", field);
        }
        let lasting = event.members().filter(|member| !member.is_superseded && member.field.is_some()).count();
        let named = Field::ALL.into_iter().filter(|field| stands_among_members(*field));
        prop_assert_eq!(lasting, named.filter(|field| event.value(*field).is_some()).count());
    }

    #[test]
    fn a_reader_forgets_the_record_before(first in object(keys()), second in object(keys())) {
        let (first, second) = (first.text(&[""]), second.text(&[""]));
        let mut used = Reader::new();
        used.read(0, &first);
        let mut fresh = Reader::new();
        let (used, fresh) = (used.read(1, &second), fresh.read(1, &second));
        let members = |event: &Event<'_>| -> Vec<_> { event.members().map(|member| format!("{member:?}")).collect() };
        prop_assert_eq!(members(&used), members(&fresh));
        for field in Field::ALL {
            prop_assert_eq!(used.value(field), fresh.value(field), "{}", field);
        }
    }

    #[test]
    fn records_read_together_are_read_as_each_alone(
        runs in prop::collection::vec(prop::collection::vec((object(keys()), any::<bool>()), 0..5), 1..4),
    ) {
        let mut batch = Batch::default();
        for run in runs {
            let texts: Vec<(String, Vec<u32>)> = run.iter().map(|(record, is_quoted)| {
                let json = record.text(&[""]);
                let mut quotes = Quotes::default();
                quotes.find(json.as_bytes());
                let places = if *is_quoted { quotes.places().to_vec() } else { Vec::new() };
                (json, places)
            }).collect();
            let records = (7..).zip(&texts).map(|(index, (json, quotes))| (index, &**json, &**quotes));
            let mut count = 0;
            for ((index, (json, _)), event) in (7..).zip(&texts).zip(batch.read(records)) {
                let mut alone = Reader::new();
                let alone = alone.read(index, json);
                prop_assert_eq!(event.index(), index);
                prop_assert_eq!(event.json(), json);
                prop_assert_eq!(event.quotes(), alone.quotes());
                let members = |event: &Event<'_>| event.members().map(|member| format!("{member:?}")).collect::<Vec<_>>();
                prop_assert_eq!(members(&event), members(&alone));
                for field in Field::ALL {
                    prop_assert_eq!(event.value(field), alone.value(field), "{}", field);
                }
                count += 1;
            }
            prop_assert_eq!(count, texts.len());
        }
    }

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC*|[\\[\\]{}\":,\\\\a ]*") {
        ask_everything(&text);
    }

    #[test]
    fn wrong_quotes_are_read_without_panic(
        record in object(keys()),
        quotes in prop::collection::vec(prop_oneof![9 => 0..300_u32, 1 => any::<u32>()], 0..40),
    ) {
        let json = record.text(&[""]);
        ask(&Reader::new().read_quoted(0, &json, &quotes));
    }

    #[test]
    fn a_record_cut_off_anywhere_is_read_without_panic(record in object(keys()), end in 0..2000_usize) {
        let json = record.text(&[""]);
        ask_everything(json.get(..end.min(json.len())).unwrap_or_default());
    }
}

/// Whether members of it are handed out: those of freeform objects are not.
fn stands_among_members(field: Field) -> bool {
    field
        .parent()
        .is_none_or(|parent| parent.shape() == Shape::Structured && stands_among_members(parent))
}

fn ask_everything(text: &str) {
    ask(&Reader::new().read(0, text));
}

fn ask(event: &Event<'_>) {
    let identity = event.identity();
    let _ = (event.key(), event.time(), event.version(), event.outcome(), event.origin());
    let _ = (event.addendum(), event.tls(), event.insight(), event.time_window());
    let _ = (
        identity.is_temporary(),
        identity.by_service(),
        identity.actor().map(|actor| actor.to_string()),
    );
    let _ = (event.resources().count(), event.members().count());
    for field in Field::ALL {
        let _ = (event.value(field), event.omitted(field), event.is_cut(field));
    }
}

fn identity_of(json: &str) -> (Option<String>, Option<String>) {
    let mut reader = Reader::new();
    let event = reader.read(0, json);
    let says = |field| event.text(field).map(|text: Text<'_>| text.to_string());
    (says(Field::UserIdentityArn), says(Field::SessionIssuerArn))
}

#[test]
fn two_objects_with_one_key_are_never_mixed() {
    let first =
        r#""userIdentity":{"arn":"a","sessionContext":{"sessionIssuer":{"arn":"b"}},"new":1}"#;
    for (second, arn) in [
        (r#""userIdentity":{"arn":"c"}"#, Some("c")),
        (r#""userIdentity":{"type":"Root"}"#, None),
        (r#""userIdentity":{}"#, None),
        (r#""userIdentity":null"#, None),
    ] {
        let json = format!("{{{first},{second}}}");
        assert_eq!(identity_of(&json), (arn.map(str::to_owned), None), "{json}");
        let mut reader = Reader::new();
        let event = reader.read(0, &json);
        let superseded = event.members().filter(|member| member.is_superseded);
        let keys: Vec<String> = superseded.map(|member| member.key.to_string()).collect();
        assert_eq!(
            keys,
            ["userIdentity", "arn", "sessionContext", "sessionIssuer", "arn", "new"],
            "{json}"
        );
    }
}

#[test]
fn a_key_spelt_otherwise_is_a_member_without_a_field() {
    let mut reader = Reader::new();
    let event =
        reader.read(0, r#"{"userIdentity":{"accesKeyId":"AKIAEXAMPLE","principalid":"x"}}"#);
    assert!(event.value(Field::UserIdentityAccessKeyId).is_none());
    let others = event.members().filter(|member| member.field.is_none());
    assert_eq!(
        others.map(|member| member.key.to_string()).collect::<Vec<_>>(),
        ["accesKeyId", "principalid"]
    );
}
