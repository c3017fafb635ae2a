//! What OCSF requires is there, whatever the record.

use crate::{encoders, line};
use proptest::prelude::*;
use serde_json::Value;

/// What a class requires.
fn required(class: u64) -> &'static [&'static str] {
    match class {
        6003 => &["actor", "api", "src_endpoint"],
        6005 => &["actor", "src_endpoint", "type_id"],
        3001 | 3002 => &["user"],
        3006 => &["group"],
        other => panic!("{other} is not a class"),
    }
}

/// Objects that have to have at least one of some members.
fn at_least_one(version: &str) -> Vec<(&'static str, Vec<&'static str>)> {
    let user = vec!["account", "name", "uid"];
    let name = vec!["name", "uid"];
    let mut actor = vec!["user", "invoked_by", "session"];
    let mut endpoint = vec!["ip", "uid", "name", "hostname", "svc_name"];
    if version == "1.8.0" {
        actor.push("app_name");
        endpoint.push("domain");
    }
    vec![
        ("/actor", actor),
        ("/actor/user", user.clone()),
        ("/actor/user/account", name.clone()),
        ("/actor/idp", name.clone()),
        ("/user", user),
        ("/user/account", name.clone()),
        ("/cloud/account", name.clone()),
        ("/src_endpoint", endpoint.clone()),
        ("/dst_endpoint", endpoint),
        ("/api", vec!["operation"]),
        ("/api/service", name.clone()),
        ("/api/request", vec!["uid"]),
        ("/service", name.clone()),
        ("/policy", name.clone()),
        ("/group", name.clone()),
        ("/databucket", vec!["type_id"]),
        ("/databucket", name.clone()),
        ("/databucket/file", vec!["name"]),
        ("/databucket/file", vec!["type_id"]),
        ("/table", name),
    ]
}

/// Checks what a JSON Schema would, as far as records can make a difference.
pub(crate) fn check(event: &Value, record: &str) {
    let class = event["class_uid"].as_u64().unwrap();
    let always = ["activity_id", "category_uid", "cloud", "metadata", "severity_id", "time"];
    for key in always.iter().chain(required(class)) {
        assert!(event.get(key).is_some(), "{key} of {record}");
    }
    for (path, members) in at_least_one(event["metadata"]["version"].as_str().unwrap()) {
        let Some(object) = event.pointer(path) else { continue };
        assert!(members.iter().any(|member| object.get(member).is_some()), "{path} of {record}");
    }
    if class == 3002 {
        assert!(event.get("service").or(event.get("dst_endpoint")).is_some(), "{record}");
    }
    if class == 6005 {
        assert!(event.get("databucket").or(event.get("table")).is_some(), "{record}");
    }
    for resource in event["resources"].as_array().into_iter().flatten() {
        assert!(resource.get("uid").is_some(), "{record}");
    }
    assert!(event["time"].is_i64(), "{record}");
    let activity = event["activity_id"].as_u64().unwrap();
    assert_eq!(event["type_uid"], class * 100 + activity, "{record}");
    assert_eq!(event["category_uid"], class / 1000, "{record}");
}

fn check_all(record: &str) {
    for encoder in encoders() {
        let line = line(&encoder, record);
        check(&serde_json::from_str(&line).expect(&line), record);
    }
}

/// Each found by chance once: a user of whom only a second id is known.
const ODD: [&str; 3] = [
    r#"{"eventSource":"iam.amazonaws.com","eventName":"DeletePolicy","responseElements":{"user":{"userId":"i"}}}"#,
    r#"{"eventSource":"iam.amazonaws.com","eventName":"CreateRole","responseElements":{"role":{"roleId":"i"}}}"#,
    r#"{"eventSource":"iam.amazonaws.com","eventName":"ChangePassword","userIdentity":{"principalId":"p"}}"#,
];

#[test]
fn who_is_known_by_a_second_id_only_is_a_user() {
    ODD.into_iter().for_each(check_all);
}

#[test]
fn records_that_lack_nearly_all_have_what_is_required() {
    check_all("{}");
    for (source, name) in CALLS {
        check_all(&format!(r#"{{"eventSource":"{source}.amazonaws.com","eventName":"{name}"}}"#));
    }
}

const CALLS: [(&str, &str); 10] = [
    ("signin", "ConsoleLogin"),
    ("signin", "SwitchRole"),
    ("sts", "AssumeRole"),
    ("iam", "CreateUser"),
    ("iam", "CreateAccessKey"),
    ("iam", "DeletePolicy"),
    ("iam", "AddUserToGroup"),
    ("s3", "GetObject"),
    ("dynamodb", "GetItem"),
    ("ec2", "RunInstances"),
];

/// Members of a record, likely and unlikely ones.
fn members() -> impl Strategy<Value = Vec<&'static str>> {
    let some = [
        r#""userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::1:user/u","userName":"u"}"#,
        r#""userIdentity":{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}"#,
        r#""userIdentity":{"type":"Unknown","principalId":"p","credentialId":"c"}"#,
        r#""userIdentity":{"identityProvider":"idp","arn":{},"accountId":null}"#,
        r#""userIdentity":{"sessionContext":{"attributes":{"creationDate":"x"}}}"#,
        r#""userIdentity":null"#,
        r#""eventTime":"2023-07-10T11:44:26Z""#,
        r#""eventTime":"yesterday""#,
        r#""eventTime":17"#,
        r#""timeWindow":{"windowStart":"2026-08-11 11:45:00"}"#,
        r#""sourceIPAddress":"192.0.2.1""#,
        r#""sourceIPAddress":"AWS Internal""#,
        r#""sourceIPAddress":["192.0.2.1"]"#,
        r#""vpcEndpointId":"vpce-1""#,
        r#""vpcEndpointId":{}"#,
        r#""requestID":"r""#,
        r#""requestID":{"a":1}"#,
        r#""requestParameters":"text""#,
        r#""requestParameters":{"userName":"u","groupName":"g","policyArn":"p"}"#,
        r#""requestParameters":{"bucketName":"b","key":{"a":1}}"#,
        r#""requestParameters":{"tableName":"t","key":"k"}"#,
        r#""requestParameters":{"roleArn":"r","roleSessionName":""}"#,
        r#""responseElements":{"user":{"userId":"i"},"ConsoleLogin":"Odd"}"#,
        r#""responseElements":{"role":"text"}"#,
        r#""recipientAccountId":"111122223333""#,
        r#""recipientAccountId":[]"#,
        r#""resources":[{"ARN":"arn:aws:s3:::b"},{"type":"t"},"x",null]"#,
        r#""resources":{"ARN":"a"}"#,
        r#""additionalEventData":{"LoginTo":"","UserName":"n"}"#,
        r#""tlsDetails":{"clientProvidedHostHeader":"h_h:1"}"#,
        r#""errorCode":"AccessDenied""#,
    ];
    prop::sample::subsequence(some.to_vec(), 0..12).prop_shuffle()
}

proptest! {
    #[test]
    fn any_record_has_what_is_required(
        (source, name) in prop::sample::select(CALLS.to_vec()),
        members in members(),
    ) {
        let call = format!(r#""eventSource":"{source}.amazonaws.com","eventName":"{name}""#);
        let members: Vec<&str> = members.into_iter().chain([call.as_str()]).collect();
        check_all(&format!("{{{}}}", members.join(",")));
    }

    #[test]
    fn any_text_is_encoded_without_panic(record in ".*") {
        for encoder in encoders() {
            let _ = line(&encoder, &record);
        }
    }
}
