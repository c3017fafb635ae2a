//! Where things of a record stand.

use super::{at, document, format, integration, strict, unmapped};
use serde_json::{Value, json};
use trail_event::Path;
use trail_schema::ecs::{Dialect, Original};
use trail_schema::{Action, Format, Redaction, Rule};

/// Checks attributes of what a record becomes; null: it is not there.
#[track_caller]
fn check(document: &Value, expect: &[(&str, Value)]) {
    for (path, value) in expect {
        assert_eq!(at(document, path).unwrap_or(&Value::Null), value, "{path} of {document}");
    }
}

#[test]
fn every_document_says_what_it_is() {
    check(
        &strict("{}"),
        &[
            ("ecs.version", json!("8.11.0")),
            ("event.kind", json!("event")),
            ("event.module", json!("aws")),
            ("event.dataset", json!("aws.cloudtrail")),
            ("event.type", json!(["info"])),
            ("event.outcome", json!("success")),
            ("event.category", Value::Null),
            ("cloud.provider", json!("aws")),
            (
                "data_stream",
                json!({"type": "logs", "dataset": "aws.cloudtrail", "namespace": "default"}),
            ),
            ("aws", Value::Null),
        ],
    );
}

#[test]
fn the_time_is_that_of_the_event_or_of_its_window() {
    let time = |record: &str| at(&strict(record), "@timestamp").cloned();
    let is = |text: &str| Some(json!(text));
    assert_eq!(time(r#"{"eventTime":"2026-08-11T11:45:26Z"}"#), is("2026-08-11T11:45:26.000Z"));
    assert_eq!(time(r#"{"eventTime":"20260811T114526Z"}"#), is("2026-08-11T11:45:26.000Z"));
    let window = r#"{"timeWindow":{"windowStart":"2026-08-11 11:45:00","windowEnd":"2026-08-11T11:50:00Z"}}"#;
    assert_eq!(time(window), is("2026-08-11T11:45:00.000Z"));
    check(
        &strict(window),
        &[
            ("event.start", json!("2026-08-11T11:45:00.000Z")),
            ("event.end", json!("2026-08-11T11:50:00.000Z")),
        ],
    );
}

#[test]
fn an_event_without_a_time_is_of_1970_and_keeps_what_it_says() {
    let document = strict(r#"{"eventTime":"yesterday"}"#);
    check(&document, &[("@timestamp", json!("1970-01-01T00:00:00.000Z"))]);
    assert_eq!(unmapped(&document), json!({"eventTime": "yesterday"}));
}

#[test]
fn a_time_finer_than_a_millisecond_is_kept_whole_too() {
    let document = strict(r#"{"eventTime":"2026-03-02T10:11:12.345678Z"}"#);
    check(&document, &[("@timestamp", json!("2026-03-02T10:11:12.345Z"))]);
    assert_eq!(unmapped(&document), json!({"eventTime": "2026-03-02T10:11:12.345678Z"}));
}

#[test]
fn identities_of_each_type_have_a_name_and_an_id() {
    let who = |identity: Value| {
        let document = strict(&json!({ "userIdentity": identity }).to_string());
        ["user.id", "user.name", "user.changes.name", "related.user"]
            .map(|path| at(&document, path).cloned().unwrap_or_default())
    };
    let null = Value::Null;
    assert_eq!(
        who(json!({"type": "IAMUser", "principalId": "AIDAEXAMPLE", "userName": "Alice"})),
        [json!("AIDAEXAMPLE"), json!("Alice"), null.clone(), json!(["AIDAEXAMPLE", "Alice"])]
    );
    let session = json!({
        "type": "AssumedRole",
        "principalId": "AROAEXAMPLE:me",
        "arn": "arn:aws-cn:sts::111122223333:assumed-role/Admin/me",
        "sessionContext": {"sessionIssuer": {"userName": "Admin"}},
    });
    assert_eq!(
        who(session),
        [
            json!("AROAEXAMPLE:me"),
            json!("Admin"),
            json!("me"),
            json!(["AROAEXAMPLE:me", "Admin", "me"])
        ]
    );
    assert_eq!(
        who(json!({"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u-1"}})),
        [json!("u-1"), null.clone(), null.clone(), json!(["u-1"])]
    );
    assert_eq!(
        who(json!({"type": "AWSService", "invokedBy": "ec2.amazonaws.com"})),
        [null.clone(), null.clone(), null.clone(), null.clone()]
    );
    for nobody in [json!(null), json!({}), json!("me"), json!(["me"])] {
        assert_eq!(who(nobody), [null.clone(), null.clone(), null.clone(), null.clone()]);
    }
}

#[test]
fn a_name_that_is_not_the_users_name_is_kept() {
    let record = json!({
        "userIdentity": {
            "type": "AssumedRole", "userName": "top",
            "sessionContext": {"sessionIssuer": {"userName": "issuer@example.org"}},
        },
    });
    let document = strict(&record.to_string());
    check(
        &document,
        &[("user.name", json!("issuer@example.org")), ("user.email", json!("issuer@example.org"))],
    );
    assert_eq!(unmapped(&document), json!({"userIdentity.userName": "top"}));
}

#[test]
fn the_name_of_who_authenticates_is_the_users_only_if_there_is_no_other() {
    let record = |action: &str| {
        json!({"eventName": action, "additionalEventData": {"UserName": "alice@example.org"}})
            .to_string()
    };
    check(
        &strict(&record("UserAuthentication")),
        &[("user.name", json!("alice@example.org")), ("user.email", json!("alice@example.org"))],
    );
    check(&strict(&record("ConsoleLogin")), &[("user", Value::Null)]);
}

#[test]
fn users_and_groups_that_are_acted_on_are_named() {
    let record = json!({
        "requestParameters": {"userName": "bob", "newUserName": "rob", "groupName": "admins"},
        "responseElements": {"user": {"userId": "AIDABOB"}, "group": {"groupId": "AGPAADMINS"}},
    });
    check(
        &strict(&record.to_string()),
        &[
            ("user.target", json!({"id": "AIDABOB", "name": "bob"})),
            ("user.changes.name", json!("rob")),
            ("group", json!({"id": "AGPAADMINS", "name": "admins"})),
            ("related.user", json!(["bob", "rob", "AIDABOB"])),
        ],
    );
}

#[test]
fn the_source_is_an_address_or_a_name() {
    let source = |address: &str| {
        let document = strict(&json!({ "sourceIPAddress": address }).to_string());
        ["source", "related.ip", "related.hosts"]
            .map(|path| at(&document, path).cloned().unwrap_or_default())
    };
    let null = Value::Null;
    for address in ["192.0.2.1", "2001:db8::1"] {
        let ip = json!({"address": address, "ip": address});
        assert_eq!(source(address), [ip, json!([address]), null.clone()]);
    }
    let name = "cloudtrail.amazonaws.com";
    assert_eq!(source(name), [json!({ "address": name }), null.clone(), json!([name])]);
    for neither in ["AWS Internal", "192.0.2.999", "localhost", "a.b.", ".a", "a..é"] {
        assert_eq!(source(neither), [json!({ "address": neither }), null.clone(), null.clone()]);
    }
}

#[test]
fn versions_of_tls_are_split() {
    let tls = |version: &str| {
        let document = strict(&json!({"tlsDetails": {"tlsVersion": version}}).to_string());
        (at(&document, "tls").cloned().unwrap_or_default(), unmapped(&document))
    };
    let is = |version: &str, name: &str| json!({"version": version, "version_protocol": name});
    assert_eq!(tls("TLSv1.2"), (is("1.2", "tls"), json!({})));
    assert_eq!(tls("SSLv3"), (is("3", "ssl"), json!({})));
    for odd in ["TLSv", "tlsVersion", "1.3", "TLSv1.x"] {
        assert_eq!(tls(odd), (Value::Null, json!({ "tlsDetails.tlsVersion": odd })), "{odd}");
    }
}

#[test]
fn the_outcome_is_a_failure_where_there_is_an_error() {
    let outcome = |record: &str| at(&strict(record), "event.outcome").cloned().unwrap();
    for failure in [
        r#"{"errorCode":"AccessDenied"}"#,
        r#"{"errorMessage":"Failed authentication"}"#,
        r#"{"errorCode":404}"#,
        r#"{"eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Failure"}}"#,
    ] {
        assert_eq!(outcome(failure), "failure", "{failure}");
    }
    for success in [
        r#"{"errorCode":""}"#,
        r#"{"errorCode":null}"#,
        r#"{"eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Success"}}"#,
        r#"{"eventName":"Other","responseElements":{"ConsoleLogin":"Failure"}}"#,
    ] {
        assert_eq!(outcome(success), "success", "{success}");
    }
    let odd = r#"{"eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Perhaps"}}"#;
    assert_eq!(outcome(odd), "unknown");
}

#[test]
fn a_sign_in_to_the_console_says_how() {
    let data = json!({"LoginTo": "https://x", "MobileVersion": "No", "MFAUsed": "Yes"});
    let record = |name: &str| json!({"eventName": name, "additionalEventData": data}).to_string();
    let path = "aws.cloudtrail.console_login.additional_eventdata";
    let expect = json!({"login_to": "https://x", "mobile_version": false, "mfa_used": true});
    check(&strict(&record("ConsoleLogin")), &[(path, expect)]);
    check(&strict(&record("SwitchRole")), &[(path, Value::Null)]);
}

#[test]
fn parameters_are_text_and_an_object_where_it_can_be_one() {
    let parameters = |value: Value| {
        let document = strict(&json!({ "requestParameters": value }).to_string());
        ["aws.cloudtrail.request_parameters", "aws.cloudtrail.flattened.request_parameters"]
            .map(|path| at(&document, path).cloned().unwrap_or_default())
    };
    let null = Value::Null;
    assert_eq!(parameters(json!({"a": [1]})), [json!(r#"{"a":[1]}"#), json!({"a": [1]})]);
    assert_eq!(parameters(json!([1, "b"])), [json!(r#"[1,"b"]"#), null.clone()]);
    assert_eq!(parameters(json!("text")), [json!("text"), null.clone()]);
    assert_eq!(parameters(json!(null)), [null.clone(), null.clone()]);
    let long = json!({"a": "x".repeat(40_000)});
    assert_eq!(parameters(long.clone()), [json!(long.to_string()), null]);
}

#[test]
fn what_additional_event_data_says_is_told_once() {
    let document =
        strict(r#"{"additionalEventData":{"x-amz-id-2":"i","LoginTo":"l","n":{"m":1}}}"#);
    assert_eq!(unmapped(&document), json!({}));
    let twice = strict(r#"{"additionalEventData":{"a":"1"},"additionalEventData":{"b":"2"}}"#);
    check(&twice, &[("aws.cloudtrail.additional_eventdata", json!(r#"{"b":"2"}"#))]);
    assert_eq!(unmapped(&twice), json!({"additionalEventData.a": "1"}));
}

#[test]
fn resources_are_told_once_each() {
    let bucket =
        json!({"ARN": "arn:aws:s3:::b", "accountId": "111122223333", "type": "AWS::S3::Bucket"});
    let all = json!({"resources": [bucket, bucket, {"ARNPrefix": "arn:aws:s3:::b/", "type": "AWS::S3::Object"}]});
    let document = strict(&all.to_string());
    let expect = json!([
        {"arn": "arn:aws:s3:::b", "account_id": "111122223333", "type": "AWS::S3::Bucket"},
        {"arn_prefix": "arn:aws:s3:::b/", "type": "AWS::S3::Object"},
    ]);
    check(&document, &[("aws.cloudtrail.resources", expect)]);
    assert_eq!(unmapped(&document), json!({}));

    let odd = strict(r#"{"resources":["a",{"ARN":"b","new":"c","type":{"d":1}}]}"#);
    check(&odd, &[("aws.cloudtrail.resources", json!([{"arn": "b"}]))]);
    let left = json!({
        "resources[]": "a", "resources[].ARN": "b", "resources[].new": "c", "resources[].type.d": "1",
    });
    assert_eq!(unmapped(&odd), left);
}

#[test]
fn values_of_other_types_never_change_the_type_of_a_field() {
    let odd = strict(
        r#"{"eventName":7,"readOnly":"true","managementEvent":true,"userAgent":["a","b"],
            "sessionCredentialFromConsole":true,"awsRegion":{"a":1},"errorCode":[],"requestID":12}"#,
    );
    check(
        &odd,
        &[
            ("event.action", json!("7")),
            ("aws.cloudtrail.read_only", json!(true)),
            ("aws.cloudtrail.management_event", json!("true")),
            ("aws.cloudtrail.session_credential_from_console", json!("true")),
            ("aws.cloudtrail.request_id", json!("12")),
            ("user_agent", Value::Null),
            ("cloud.region", Value::Null),
        ],
    );
    assert_eq!(unmapped(&odd), json!({"userAgent[]": "a,b", "awsRegion.a": "1"}));
    assert_eq!(unmapped(&strict(r#"{"readOnly":"maybe"}"#)), json!({"readOnly": "maybe"}));
}

#[test]
fn the_dialect_of_the_integration_keeps_what_it_gets_wrong() {
    let record = json!({
        "eventName": "DeleteObject", "sharedEventID": "s", "errorCode": "E",
        "sourceIPAddress": "192.0.2.1", "requestParameters": {"a": {"b": [1, "c"]}},
    });
    let record = record.to_string();
    check(
        &strict(&record),
        &[
            ("event.type", json!(["deletion"])),
            ("aws.cloudtrail.shared_event_id", json!("s")),
            ("related.ip", json!(["192.0.2.1"])),
            ("error.code", json!("E")),
            ("aws.cloudtrail.request_parameters", json!(r#"{"a":{"b":[1,"c"]}}"#)),
        ],
    );
    let document = integration(&record);
    check(
        &document,
        &[
            ("event.type", json!(["delete"])),
            ("aws.cloudtrail.shared_event_id", Value::Null),
            ("related", Value::Null),
            ("error", Value::Null),
            ("aws.cloudtrail.error_code", json!("E")),
            ("aws.cloudtrail.request_parameters", json!("{a={b=[1, c]}}")),
        ],
    );
    assert_eq!(unmapped(&document), json!({"sharedEventID": "s"}));
    for action in ["Publish", "Converse", "SendCommand"] {
        let record = json!({ "eventName": action }).to_string();
        check(&strict(&record), &[("event.type", json!(["info"]))]);
        check(&integration(&record), &[("event.type", Value::Null)]);
    }
}

#[test]
fn the_record_is_kept_where_it_is_asked_for() {
    let record = "{ \"eventName\" : \"a\\\"b\",\n \"x\":[1, 2] }";
    let kept = document(&format(Dialect::Strict, Original::Keep), record);
    check(&kept, &[("event.original", json!(r#"{"eventName":"a\"b","x":[1,2]}"#))]);
    check(&strict(record), &[("event.original", Value::Null)]);
}

#[test]
fn what_is_hidden_is_hidden_in_the_kept_record_too() {
    let rule =
        Rule { path: Path::parse("requestParameters.secret").unwrap(), action: Action::Mask };
    let redaction = Redaction::new(vec![rule], None).unwrap();
    let format = Format { redaction, ..format(Dialect::Strict, Original::Keep) };
    let hidden = document(&format, r#"{"requestParameters":{"secret":"hunter2","a":1}}"#);
    check(&hidden, &[("event.original", json!(r#"{"requestParameters":{"secret":"***","a":1}}"#))]);
    assert!(!hidden.to_string().contains("hunter2"));
}
