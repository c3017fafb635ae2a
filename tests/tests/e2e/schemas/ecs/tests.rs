use super::*;
use serde_json::json;

/// A document with a field of every kind.
fn document() -> Value {
    json!({
        "@timestamp": "2026-03-03T00:00:00Z",
        "ecs": {"version": "8.11.0"},
        "message": "a",
        "tags": ["a"],
        "labels": {"any": "thing", "with.a": "dot"},
        "event": {
            "kind": "event", "category": ["iam"], "type": ["user", "creation"],
            "outcome": "success", "action": "CreateUser", "severity": 1, "risk_score": 0.5,
        },
        "user": {"name": "a", "target": {"name": "b"}, "changes": {"name": "c"}},
        "related": {"ip": ["192.0.2.1", "2001:db8::1"], "user": ["a", "b"]},
        "source": {
            "ip": "192.0.2.1",
            "as": {"number": 64496},
            "geo": {"location": {"lat": 52.5, "lon": 13.4}},
        },
        "tls": {"established": true},
        "aws": {"cloudtrail": {"read_only": false, "any": {"thing.with": [null, {}, []]}}},
    })
}

/// That this is what is wrong when `path` is `value`.
#[track_caller]
fn check(path: &str, value: Value, expected: &str) {
    let mut document = document();
    let (parent, key) = path.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[key] = value;
    let violations = violations(&document);
    assert!(violations.iter().any(|found| found == expected), "{violations:?}");
    assert_eq!(violations.len(), 1, "{violations:?}");
}

#[test]
fn document_of_known_fields_is_valid() {
    assert_eq!(violations(&document()), [""; 0]);
}

#[test]
fn field_that_ecs_does_not_have_is_told() {
    check("/colour", json!("red"), "colour is no field of ECS");
    check("/colour", json!({"hue": "red"}), "colour is no field of ECS");
    check("/user/colour", json!(null), "user.colour is no field of ECS");
    check("/related/entity", json!(["a"]), "related.entity is no field of ECS");
    check("/user", json!("a"), "user is no field of ECS");
    check("/aws/s3", json!({"bucket": "a"}), "aws.s3 is no field of ECS");
    check("/aws/cloudtrail", json!("a"), "aws.cloudtrail is no field of ECS");
}

#[test]
fn field_whose_name_is_dotted_is_told() {
    check("/user.name", json!("a"), "user.name is not nested");
    check("/user/target.name", json!("a"), "user.target.name is not nested");
}

#[test]
fn value_that_is_not_of_its_fields_type_is_told() {
    for (path, value, expected) in [
        ("/event/action", json!(1), "event.action is 1, which is no String"),
        ("/event/action", json!(null), "event.action is null, which is no String"),
        ("/event/severity", json!("1"), "event.severity is \"1\", which is no Integer"),
        ("/event/severity", json!(1.5), "event.severity is 1.5, which is no Integer"),
        ("/event/risk_score", json!("1"), "event.risk_score is \"1\", which is no Float"),
        ("/tls/established", json!("true"), "tls.established is \"true\", which is no Boolean"),
        ("/source/ip", json!("AWS Internal"), "source.ip is \"AWS Internal\", which is no Ip"),
        ("/@timestamp", json!("today"), "@timestamp is \"today\", which is no Date"),
        ("/@timestamp", json!(1), "@timestamp is 1, which is no Date"),
        ("/labels", json!("a"), "labels is \"a\", which is no Object"),
    ] {
        check(path, value, expected);
    }
    check(
        "/source/geo/location",
        json!({"lat": 52.5}),
        "source.geo.location is {\"lat\":52.5}, which is no GeoPoint",
    );
    check("/user/name", json!({"a": "b"}), "user.name is {\"a\":\"b\"}, which is no String");
}

#[test]
fn array_stands_where_ecs_has_one_and_nowhere_else() {
    check("/user/name", json!(["a", "b"]), "user.name must not be an array");
    check("/related/user", json!("a"), "related.user must be an array");
    check("/related/user", json!([]), "related.user is empty");
    check("/related/user", json!(["a", 1]), "related.user is 1, which is no String");
    check("/event", json!({}), "event is empty");
}

#[test]
fn value_that_ecs_does_not_allow_is_told() {
    check("/event/kind", json!("happening"), "event.kind is \"happening\", which is not allowed");
    check("/event/outcome", json!("Success"), "event.outcome is \"Success\", which is not allowed");
    check("/event/category", json!(["cloud"]), "event.category is \"cloud\", which is not allowed");
    // As the upstream integration has it.
    let mut document = document();
    document["event"]["type"] = json!(["delete"]);
    let found = violations(&document);
    assert!(
        found.contains(&"event.type is \"delete\", which is not allowed".to_owned()),
        "{found:?}"
    );
}

#[test]
fn type_of_event_that_its_category_does_not_expect_is_told() {
    check("/event/type", json!(["info", "access"]), "event.type access is of no category here");
    check("/event/category", json!(["iam", "process"]), "event.category process has no type here");
}

#[test]
fn field_that_every_document_has_is_told_when_it_is_missing() {
    let mut document = document();
    document.as_object_mut().unwrap().remove("@timestamp").unwrap();
    document["ecs"]["version"] = json!("9.4.0");
    let expected = ["@timestamp is missing", "ecs.version is \"9.4.0\", not 8.11.0"];
    assert_eq!(violations(&document), expected);
    assert_eq!(violations(&json!([])), ["it is no object"]);
}

#[test]
fn any_type_goes_with_no_category() {
    let mut document = document();
    document["event"].as_object_mut().unwrap().remove("category").unwrap();
    document["event"]["type"] = json!(["info", "access"]);
    assert_eq!(violations(&document), [""; 0]);
}
