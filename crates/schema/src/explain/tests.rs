use super::*;
use crate::{Action, Format, Redaction, Rule, ocsf};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use trail_event::Path;

fn explained(format: &Format, record: &str) -> Vec<Trace> {
    let mut reader = Reader::new();
    Encoder::new(format).explain(&reader.read(0, record), &mut Scratch::default())
}

/// Checks where the leaves of a record go, all of them, in order.
#[track_caller]
fn check(format: &Format, record: &str, expect: &[(&str, &[&str])]) {
    let traces = explained(format, record);
    let traces: Vec<(&str, Vec<&str>)> = traces
        .iter()
        .map(|trace| (trace.from.as_str(), trace.to.iter().map(String::as_str).collect()))
        .collect();
    let expect: Vec<_> = expect.iter().map(|(from, to)| (*from, to.to_vec())).collect();
    assert_eq!(traces, expect);
}

fn of(schema: Schema) -> Format {
    Format { schema, ..Format::default() }
}

fn hiding(schema: Schema, rules: &[(&str, Action)]) -> Format {
    let rule = |(path, action): &(&str, Action)| Rule {
        path: Path::parse(path).unwrap(),
        action: *action,
    };
    let redaction = Redaction::new(rules.iter().map(rule).collect(), None).unwrap();
    Format { redaction, ..of(schema) }
}

#[test]
fn leaves_go_to_the_attributes_of_their_field_and_of_what_they_lie_in() {
    check(
        &of(Schema::Ecs),
        r#"{"eventID":"e","requestParameters":{"userName":"bob","a":[{"b":1},{"b":2}]}}"#,
        &[
            ("eventID", &["event.id"]),
            (
                "requestParameters.userName",
                &[
                    "user.target.name",
                    "aws.cloudtrail.request_parameters",
                    "aws.cloudtrail.flattened.request_parameters",
                ],
            ),
            (
                "requestParameters.a[].b",
                &[
                    "aws.cloudtrail.request_parameters",
                    "aws.cloudtrail.flattened.request_parameters",
                ],
            ),
        ],
    );
}

#[test]
fn what_has_no_attribute_goes_to_the_rest() {
    let record = r#"{"userIdentity":{"new":{"a b":1}},"x.y":["z"]}"#;
    let nested = ocsf::Options { unmapped: ocsf::Unmapped::Nested, ..ocsf::Options::default() };
    let nested = Format { ocsf: nested, ..of(Schema::Ocsf18) };
    for (format, new, odd) in [
        (of(Schema::Ocsf18), "unmapped.\"userIdentity.new.a b\"", "unmapped.\"x.y[]\""),
        (nested, "unmapped.userIdentity.new.\"a b\"", "unmapped.\"x.y\"[]"),
        (
            of(Schema::Ecs),
            "aws.cloudtrail.unmapped.\"userIdentity.new.a b\"",
            "aws.cloudtrail.unmapped.\"x.y[]\"",
        ),
    ] {
        check(&format, record, &[("userIdentity.new.\"a b\"", &[new]), ("\"x.y\"[]", &[odd])]);
    }
}

#[test]
fn a_key_that_comes_twice_goes_to_two_places() {
    check(
        &of(Schema::Ecs),
        r#"{"eventID":"first","eventID":"last"}"#,
        &[("eventID", &["event.id", "aws.cloudtrail.unmapped.\"eventID\""])],
    );
}

#[test]
fn what_says_nothing_goes_nowhere() {
    check(
        &of(Schema::Ecs),
        r#"{"responseElements":null,"resources":[],"addendum":{}}"#,
        &[
            ("responseElements", &["says nothing"]),
            ("resources", &["says nothing"]),
            ("addendum", &["says nothing"]),
        ],
    );
}

#[test]
fn what_is_hidden_says_so() {
    let record = r#"{"eventID":"e","requestParameters":{"a":"1","b":"2"},"awsRegion":"r"}"#;
    let rules = [
        ("eventID", Action::Mask),
        ("requestParameters.a", Action::Drop),
        ("awsRegion", Action::Drop),
    ];
    let parameters: &[&str] =
        &["aws.cloudtrail.request_parameters", "aws.cloudtrail.flattened.request_parameters"];
    check(
        &hiding(Schema::Ecs, &rules),
        record,
        &[
            ("eventID", &["redacted", "event.id"]),
            ("requestParameters.a", &["redacted"]),
            ("requestParameters.b", parameters),
            ("awsRegion", &["redacted"]),
        ],
    );
    check(
        &hiding(Schema::Ecs, &[("requestParameters", Action::Mask)]),
        r#"{"requestParameters":{"a":"1","b":null}}"#,
        &[("requestParameters.a", &["redacted"]), ("requestParameters.b", &["says nothing"])],
    );
}

#[test]
fn a_record_that_is_kept_is_as_it_is() {
    check(
        &hiding(Schema::CloudTrail, &[("eventID", Action::Mask)]),
        r#"{"eventID":"e","x":[1]}"#,
        &[("eventID", &["redacted", "as it is"]), ("x[]", &["as it is"])],
    );
}

proptest! {
    #[test]
    fn every_leaf_goes_where_the_output_has_something(record in record()) {
        for schema in Schema::ALL {
            let encoder = Encoder::new(&of(schema));
            let (mut reader, mut scratch, mut line) = (Reader::new(), Scratch::default(), Vec::new());
            let text = record.to_string();
            let event = reader.read(0, &text);
            encoder.encode(&event, &mut scratch, &mut line);
            let output: Json = serde_json::from_slice(&line).unwrap();
            for trace in encoder.explain(&event, &mut scratch) {
                prop_assert!(!trace.to.is_empty(), "{:?}: {:?} of {}", schema, trace, text);
                for to in &trace.to {
                    prop_assert!(has(&output, to), "{:?}: {:?} of {} in {}", schema, trace, text, output);
                }
            }
        }
    }
}

/// Whether an output has something where a leaf is said to be.
fn has(output: &Json, to: &str) -> bool {
    if [AS_IT_IS, SAYS_NOTHING].contains(&to) {
        return true;
    }
    let (path, key) = to.split_once(".\"").map_or((to, None), |(path, key)| (path, Some(key)));
    let Some(value) = path.split('.').try_fold(output, |value, key| value.get(key)) else {
        return false;
    };
    let Some(key) = key.and_then(|key| key.strip_suffix('"')) else { return true };
    match value.as_str() {
        Some(text) => serde_json::from_str::<Json>(text).unwrap().get(key).is_some(),
        None => value.get(key).is_some(),
    }
}

/// Records with fields at their places, and other members, with values of any type.
fn record() -> impl Strategy<Value = Json> {
    let value = prop_oneof![
        Just(json!("text")),
        Just(json!("")),
        Just(json!(1)),
        Just(json!(true)),
        Just(json!(null)),
        Just(json!([])),
        Just(json!([1, {"a": "b", "c d": [null, "e"]}])),
        Just(json!({"ARN": "x", "a": {"b": {}}})),
    ];
    let fields =
        prop::collection::vec((prop::sample::select(&Field::ALL[..]), value.clone()), 0..20);
    let others = prop::collection::vec(("[a-c ]{1,3}", value), 0..4);
    (fields, others).prop_map(|(fields, others)| {
        let mut record = json!({});
        for (field, value) in fields {
            *place(&mut record, field) = value;
        }
        record.as_object_mut().unwrap().extend(others);
        record
    })
}

fn place(record: &mut Json, field: Field) -> &mut Json {
    let object = match field.parent() {
        Some(parent) => place(record, parent),
        None => record,
    };
    if !object.is_object() {
        *object = json!({});
    }
    object.as_object_mut().unwrap().entry(field.key()).or_insert(Json::Null)
}
