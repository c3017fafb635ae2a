//! What paths find.

use super::*;
use crate::Reader;
use proptest::prelude::*;

fn found(path: &str, json: &str) -> Vec<String> {
    let path = Path::parse(path).unwrap();
    let mut reader = Reader::new();
    let mut found = Vec::new();
    let end = path.each(&reader.read(0, json), &mut |value| {
        found.push(value.json().to_owned());
        ControlFlow::Continue(())
    });
    assert!(end.is_continue());
    found
}

#[track_caller]
fn check(path: &str, json: &str, expect: &[&str]) {
    assert_eq!(found(path, json), expect, "{path} in {json}");
}

#[test]
fn a_path_leads_to_a_value() {
    let json = r#"{"eventName":"A","userIdentity":{"type":"Root","sessionContext":{"sessionIssuer":
        {"userName":"U"}},"odd":{"x":1}},"requestParameters":{"bucketName":"b","x":{"y":null}}}"#;
    check("eventName", json, &[r#""A""#]);
    check("userIdentity.sessionContext.sessionIssuer.userName", json, &[r#""U""#]);
    check("userIdentity.odd.x", json, &["1"]);
    check("requestParameters.bucketName", json, &[r#""b""#]);
    check("requestParameters.x", json, &[r#"{"y":null}"#]);
    check("requestParameters.x.y", json, &["null"]);
    for absent in
        ["errorCode", "requestParameters.y", "eventName.x", "userIdentity.arn", "tlsDetails.x"]
    {
        check(absent, json, &[]);
    }
}

#[test]
fn arrays_on_the_way_are_passed_through() {
    let json = r#"{"resources":[{"ARN":"a"},1,[{"ARN":"b"}],{"x":2}],
        "userIdentity":[{"sessionContext":{"sessionIssuer":[{"arn":"i"}]}}],
        "requestParameters":{"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"}]}}}"#;
    check("resources.ARN", json, &[r#""a""#, r#""b""#]);
    check("requestParameters.instancesSet.items.instanceId", json, &[r#""i-1""#, r#""i-2""#]);
    check("userIdentity.sessionContext.sessionIssuer.arn", json, &[r#""i""#]);
    check(
        "requestParameters.instancesSet.items",
        json,
        &[r#"[{"instanceId":"i-1"},{"instanceId":"i-2"}]"#],
    );
}

#[test]
fn a_star_is_every_key() {
    let json = r#"{"a":{"k":1},"responseElements":{"credentials":{"x":1,"y":{"z":2}}}}"#;
    check("responseElements.credentials.*", json, &["1", r#"{"z":2}"#]);
    check("responseElements.*.y.z", json, &["2"]);
    check("*.k", json, &["1"]);
    check(r#"responseElements."*""#, json, &[]);
}

#[test]
fn keys_with_odd_characters_are_quoted() {
    let json = r#"{"requestParameters":{"x-amz-acl":1,"a.b":{"c":2},"say \"hi\"":3,"\u0061c":4},
        "own":{"x":5},"userIdentity.arn":6}"#;
    check(r#"requestParameters."x-amz-acl""#, json, &["1"]);
    check("requestParameters.x-amz-acl", json, &["1"]);
    check("requestParameters.'a.b'.c", json, &["2"]);
    check(r#"requestParameters."say ""hi""""#, json, &["3"]);
    check("requestParameters.ac", json, &["4"]);
    check("'own'.x", json, &["5"]);
    check("'userIdentity.arn'", json, &["6"]);
}

#[test]
fn the_last_of_several_members_counts() {
    check("eventName", r#"{"eventName":1,"eventName":2}"#, &["2"]);
    check("requestParameters.x", r#"{"requestParameters":{"x":1,"\u0078":2}}"#, &["2"]);
    check("'own'", r#"{"own":1,"own":2}"#, &["2"]);
    let json = r#"{"userIdentity":{"arn":"old"},"userIdentity":{"type":"Root"}}"#;
    check("userIdentity.arn", json, &[]);
    check("userIdentity.type", json, &[r#""Root""#]);
}

#[test]
fn the_walk_ends_where_it_is_broken_off() {
    let (path, mut reader) = (Path::parse("resources.ARN").unwrap(), Reader::new());
    let mut seen = 0;
    let end = path.each(&reader.read(0, r#"{"resources":[{"ARN":1},{"ARN":2}]}"#), &mut |_| {
        seen += 1;
        ControlFlow::Break(())
    });
    assert_eq!((seen, end), (1, ControlFlow::Break(())));
}

#[test]
fn arrays_in_arrays_end_somewhere() {
    let deep =
        |depth| format!(r#"{{"resources":{}{{"x":1}}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    check("resources.x", &deep(ARRAYS), &["1"]);
    check("resources.x", &deep(ARRAYS + 1), &[]);
    check("resources.x", &deep(100_000), &[]);
}

#[test]
fn what_is_no_path_is_said_with_its_place() {
    let check = |text: &str, place: usize| match Path::parse(text) {
        Err(PathError::Malformed { at, .. }) => assert_eq!(at, place, "{text}"),
        other => panic!("{text}: {other:?}"),
    };
    check("", 1);
    check("userIdentity.", 14);
    check("userIdentity..arn", 14);
    check("eventName ", 10);
    check("eventName,x", 10);
    check("requestParameters.a*", 20);
    check("requestParameters.'a", 19);
    check("'é'.", 5);
    check("requestParameters.'a'b", 22);
}

#[test]
fn an_unknown_field_is_refused_with_a_hint() {
    let error = Path::parse("evntName.x").unwrap_err();
    let expect = "could not read a path: records have no field `evntName` at character 1 \
        (did you mean `eventName`?); in quotes any name is taken";
    assert_eq!(error.to_string(), expect);
    assert!(Path::parse("'evntName'").is_ok() && Path::parse("userIdentity.anything").is_ok());
    assert!(Path::parse("userIdentityarn").is_err());
}

#[test]
fn a_path_is_equal_however_it_is_written() {
    let parse = |text| Path::parse(text).unwrap();
    assert_eq!(parse("userIdentity.arn"), parse(r#""userIdentity".'arn'"#));
    assert_ne!(parse("userIdentity.arn"), parse("'userIdentity.arn'"));
}

fn segment() -> impl Strategy<Value = Segment> {
    let known =
        prop::sample::select(vec!["userIdentity", "arn", "requestParameters", "bucketName"]);
    prop_oneof![
        Just(Segment::Any),
        known.prop_map(|key| Segment::Key(key.to_owned())),
        ".{0,5}".prop_map(Segment::Key),
    ]
}

proptest! {
    #[test]
    fn any_text_is_a_path_or_an_error(text in ".*") {
        let _ = Path::parse(&text);
    }

    #[test]
    fn a_path_is_read_as_it_is_shown(segments in prop::collection::vec(segment(), 1..5)) {
        let path = Path { known: Known::of(&segments), segments };
        prop_assert_eq!(Path::parse(&path.to_string()), Ok(path));
    }

    #[test]
    fn any_record_can_be_walked(
        segments in prop::collection::vec(segment(), 1..5),
        json in r#"[{}\[\]",:a\\ ]*"#,
    ) {
        let path = Path { known: Known::of(&segments), segments };
        let mut reader = Reader::new();
        let _ = path.each(&reader.read(0, &json), &mut |_| ControlFlow::Continue(()));
    }
}
