//! What the ready sets choose, on events made by hand.

mod real;

use super::*;
use crate::{Choice, Reader, Selectors};

const NONE: [&str; 0] = [];

#[track_caller]
fn check(set: &str, json: &str, expect: bool) {
    let selectors = Selectors::parse(&[set], &NONE).unwrap();
    let choice = selectors.choose(&Reader::new().read(0, json));
    assert_eq!(choice == Choice::Selected { by: Some(0) }, expect, "{set}: {json}");
}

#[test]
fn every_set_can_be_read_and_has_a_name_of_its_own() {
    for set in Set::ALL {
        let selectors = Selectors::parse(&[set.name], &NONE);
        assert!(selectors.is_ok(), "{}: {selectors:?}", set.name);
        assert_eq!(Set::named(set.name), Some(&set));
        assert!(!set.doc.contains("  "), "{}", set.name);
    }
    assert_eq!(Set::named("Writes"), None);
}

#[test]
fn management_is_what_the_category_says_or_else_the_flag() {
    let check = |json: &str, expect| check("management", json, expect);
    check(r#"{"eventCategory":"Management","managementEvent":true}"#, true);
    for category in ["Data", "Insight", "NetworkActivity", "Aggregated"] {
        check(&format!(r#"{{"eventCategory":"{category}","managementEvent":true}}"#), false);
    }
    check(r#"{"eventVersion":"1.06","eventType":"AwsApiCall","managementEvent":true}"#, true);
    check(r#"{"eventVersion":"1.06","eventType":"AwsApiCall","managementEvent":false}"#, false);
    check(r#"{"eventVersion":"1.06","eventType":"AwsApiCall","managementEvent":"false"}"#, false);
    check(r#"{"eventVersion":"1.05","eventType":"AwsApiCall"}"#, true);
    check(r#"{"eventVersion":"1.07","eventType":"AwsCloudTrailInsight"}"#, false);
}

#[test]
fn writes_are_what_does_not_read() {
    let check = |json: &str, expect| check("writes", json, expect);
    check(r#"{"eventName":"PutX","readOnly":false}"#, true);
    check(r#"{"eventName":"GetX","readOnly":"false"}"#, true);
    check(r#"{"eventName":"PutX","readOnly":true}"#, false);
    check(r#"{"eventName":"PutX","readOnly":"true"}"#, false);
    check(r#"{"eventName":"PutX"}"#, true);
    check(r#"{"eventName":"RunInstances","readOnly":null}"#, true);
    check(r#"{"eventName":"DescribeInstances"}"#, false);
    check(r#"{"eventCategory":"Insight"}"#, false);
}

#[test]
fn errors_are_codes_messages_and_failed_sign_ins() {
    let check = |json: &str, expect| check("errors", json, expect);
    check(r#"{"errorCode":"AccessDenied"}"#, true);
    check(r#"{"errorMessage":"Failed authentication"}"#, true);
    check(r#"{"responseElements":{"ConsoleLogin":"Failure"}}"#, true);
    check(r#"{"responseElements":{"CheckMfa":"Failure"}}"#, true);
    check(r#"{"serviceEventDetails":{"CredentialVerification":"Failure"}}"#, true);
    for fine in [
        r#"{"errorCode":null,"errorMessage":null,"responseElements":null}"#,
        r#"{"errorCode":"","errorMessage":""}"#,
        r#"{"responseElements":{"ConsoleLogin":"Success"}}"#,
        r#"{"requestParameters":{"ConsoleLogin":"Failure"}}"#,
    ] {
        check(fine, false);
    }
}

#[test]
fn identity_is_sign_ins_users_roles_and_accounts() {
    let check = |json: &str, expect| check("console-and-identity", json, expect);
    check(r#"{"eventType":"AwsConsoleSignIn","eventSource":"signin.amazonaws.com"}"#, true);
    check(r#"{"eventType":"AwsConsoleAction","eventSource":"x.amazonaws.com"}"#, true);
    check(r#"{"eventSource":"iam.amazonaws.com","eventName":"ListUsers","readOnly":true}"#, true);
    check(r#"{"eventSource":"sso-directory.amazonaws.com","eventName":"CreateUser"}"#, true);
    check(r#"{"eventSource":"organizations.amazonaws.com","readOnly":false}"#, true);
    check(r#"{"eventSource":"organizations.amazonaws.com","readOnly":true}"#, false);
    check(r#"{"eventSource":"account.amazonaws.com","readOnly":true,"errorCode":"x"}"#, true);
    check(r#"{"eventSource":"s3.amazonaws.com","readOnly":false}"#, false);
}

#[test]
fn sessions_are_identity_unless_a_service_began_them() {
    let check = |name: &str, rest: &str, expect| {
        let json = format!(r#"{{"eventSource":"sts.amazonaws.com","eventName":"{name}"{rest}}}"#);
        check("console-and-identity", &json, expect);
    };
    check("AssumeRole", r#","userIdentity":{"type":"IAMUser"}"#, true);
    check("AssumeRole", "", true);
    check("AssumeRoleWithSAML", r#","userIdentity":{"type":"SAMLUser"}"#, true);
    check(
        "AssumeRole",
        r#","userIdentity":{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}"#,
        false,
    );
    check(
        "AssumeRole",
        r#","userIdentity":{"type":"AssumedRole","invokedBy":"AWS Internal"}"#,
        false,
    );
    check(
        "AssumeRole",
        r#","userIdentity":{"type":"AWSService"},"errorCode":"AccessDenied""#,
        true,
    );
    check("GetCallerIdentity", r#","userIdentity":{"type":"IAMUser"}"#, false);
    check("GetCallerIdentity", r#","userIdentity":{"type":"IAMUser"},"errorCode":"x""#, true);
}

#[test]
fn encryption_is_noise_when_a_service_made_it_and_it_succeeded() {
    let check = |name: &str, identity: &str, rest: &str, expect| {
        let json = format!(
            r#"{{"eventSource":"kms.amazonaws.com","eventName":"{name}","userIdentity":{identity}{rest}}}"#
        );
        check("kms-decrypt", &json, expect);
    };
    let (service, through) =
        (r#"{"type":"AWSService"}"#, r#"{"type":"IAMUser","invokedBy":"AWS Internal"}"#);
    for name in ["Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"] {
        check(name, service, "", true);
        check(name, through, "", true);
        check(name, r#"{"type":"IAMUser"}"#, "", false);
        check(name, through, r#","errorCode":"AccessDenied""#, false);
    }
    check("CreateGrant", service, "", false);
}

#[test]
fn reads_are_noise_when_a_service_made_them_and_they_succeeded() {
    let check = |rest: &str, expect| {
        let json = format!(r#"{{"eventName":"DescribeX",{rest}}}"#);
        check("service-reads", &json, expect);
    };
    check(
        r#""readOnly":true,"userIdentity":{"type":"AWSService","invokedBy":"config.amazonaws.com"}"#,
        true,
    );
    check(
        r#""readOnly":"true","userIdentity":{"type":"AssumedRole","invokedBy":"AWS Internal"}"#,
        true,
    );
    check(r#""readOnly":true,"userIdentity":{"type":"AssumedRole"}"#, false);
    check(r#""readOnly":false,"userIdentity":{"type":"AWSService"}"#, false);
    check(r#""userIdentity":{"type":"AWSService"}"#, false);
    check(
        r#""readOnly":true,"userIdentity":{"type":"AWSService"},"errorCode":"AccessDenied""#,
        false,
    );
    check(
        r#""readOnly":true,"userIdentity":{"type":"AWSService"},"eventSource":"sts.amazonaws.com""#,
        false,
    );
}
