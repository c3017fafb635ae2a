use super::*;
use crate::Reader;

/// What the identity tells: actor, credentials, temporary, service; `-` for nothing.
fn told(json: &str) -> String {
    let mut reader = Reader::new();
    let identity = reader.read(0, json).identity();
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let actor = or_none(identity.actor().map(|actor| actor.to_string()));
    let temporary = or_none(identity.is_temporary().map(|is| is.to_string()));
    let service = or_none(identity.by_service().map(|name| name.to_string()));
    format!("{actor} {} {temporary} {service}", identity.credentials())
}

fn check(identity: &str, expect: &str) {
    let json = format!(r#"{{"recipientAccountId":"111122223333","userIdentity":{identity}}}"#);
    assert_eq!(told(&json), expect, "{json}");
}

#[test]
fn root_is_told() {
    let arn = r#""type":"Root","arn":"arn:aws:iam::111122223333:root""#;
    check(
        &format!(r#"{{{arn},"accessKeyId":"AKIAEXAMPLE"}}"#),
        "arn:aws:iam::111122223333:root root false -",
    );
    check(
        &format!(r#"{{{arn},"accessKeyId":"ASIAEXAMPLE"}}"#),
        "arn:aws:iam::111122223333:root root true -",
    );
    check(
        &format!(r#"{{{arn},"invokedBy":"support.amazonaws.com"}}"#),
        "arn:aws:iam::111122223333:root root false support.amazonaws.com",
    );
    check(
        r#"{"type":"Root","accountId":"111122223333","sessionContext":{"assumedRoot":"true","attributes":{"creationDate":"2026-01-01T00:00:00Z"}}}"#,
        "111122223333 root true -",
    );
}

#[test]
fn users_have_temporary_credentials_when_their_session_is_told() {
    let user =
        r#""type":"IAMUser","userName":"alice","arn":"arn:aws:iam::111122223333:user/alice""#;
    let arn = "arn:aws:iam::111122223333:user/alice";
    let session = r#""sessionContext":{"attributes":{"mfaAuthenticated":"false","creationDate":"2018-12-13T14:56:46Z"}}"#;
    check(
        &format!(r#"{{{user},"accessKeyId":"AKIAEXAMPLE"}}"#),
        &format!("{arn} iam-user false -"),
    );
    check(&format!("{{{user}}}"), &format!("{arn} iam-user false -"));
    check(&format!(r#"{{{user},"accessKeyId":"ASIAEXAMPLE"}}"#), &format!("{arn} iam-user true -"));
    check(
        &format!(r#"{{{user},"accessKeyId":"access key",{session}}}"#),
        &format!("{arn} iam-user true -"),
    );
    check(
        &format!(r#"{{{user},"sessionContext":{{"attributes":{{}}}}}}"#),
        &format!("{arn} iam-user false -"),
    );
}

#[test]
fn the_console_is_no_service_that_acts() {
    let by = |service: &str| {
        format!(r#"{{"type":"IAMUser","userName":"alice","invokedBy":"{service}"}}"#)
    };
    check(&by("signin.amazonaws.com"), "alice iam-user false -");
    check(&by("console.amazonaws.com"), "alice iam-user false -");
    check(&by("secretsmanager.amazonaws.com"), "alice iam-user false secretsmanager.amazonaws.com");
    check(&by("ec2.amazonaws.com.cn"), "alice iam-user false ec2.amazonaws.com.cn");
    check(&by("AWS Internal"), "alice iam-user false AWS Internal");
}

#[test]
fn a_session_of_a_role_is_named_by_role_and_session() {
    let issuer = r#""sessionContext":{"sessionIssuer":{"type":"Role","userName":"Deploy","arn":"arn:aws:iam::111122223333:role/ci/Deploy"}}"#;
    let arn = "arn:aws:sts::111122223333:assumed-role/Deploy/build-7";
    check(
        &format!(
            r#"{{"type":"AssumedRole","principalId":"AROAEXAMPLE:build-7","arn":"{arn}","accessKeyId":"AKIAEXAMPLE",{issuer}}}"#
        ),
        &format!("{arn} assumed-role true -"),
    );
    check(
        &format!(r#"{{"type":"AssumedRole","principalId":"AROAEXAMPLE:build-7",{issuer}}}"#),
        "Deploy/build-7 assumed-role true -",
    );
    check(
        &format!(r#"{{"type":"AssumedRole",{issuer}}}"#),
        "arn:aws:iam::111122223333:role/ci/Deploy assumed-role true -",
    );
    check(
        r#"{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/S/x","invokedBy":"autoscaling.amazonaws.com"}"#,
        "arn:aws:sts::1:assumed-role/S/x assumed-role true autoscaling.amazonaws.com",
    );
}

#[test]
fn other_kinds_are_told_as_they_are_named() {
    check(r#"{"type":"Role","arn":"arn:aws:iam::1:role/R"}"#, "arn:aws:iam::1:role/R role true -");
    check(
        r#"{"type":"FederatedUser","arn":"arn:aws:sts::1:federated-user/bob"}"#,
        "arn:aws:sts::1:federated-user/bob federated true -",
    );
    check(
        r#"{"type":"Directory","userName":"carol@example.com"}"#,
        "carol@example.com directory - -",
    );
    check(
        r#"{"type":"IdentityCenterUser","accountId":"111122223333","credentialId":"c","onBehalfOf":{"userId":"u-1","identityStoreArn":"a"}}"#,
        "u-1 identity-center - -",
    );
    check(
        r#"{"type":"SAMLUser","principalId":"nq:dave","userName":"dave","identityProvider":"nq"}"#,
        "dave saml - -",
    );
    check(
        r#"{"type":"WebIdentityUser","principalId":"www.example.com:app:erin","identityProvider":"www.example.com"}"#,
        "www.example.com:app:erin web-identity - -",
    );
    check(
        r#"{"type":"AWSService","invokedBy":"cloudtrail.amazonaws.com"}"#,
        "cloudtrail.amazonaws.com aws-service - cloudtrail.amazonaws.com",
    );
    check(r#"{"type":"Unknown","principalId":"x"}"#, "x unknown - -");
    check(r#"{"type":"Unknown","accessKeyId":"AKIAEXAMPLE"}"#, "- unknown false -");
    check(
        r#"{"type":"Tomorrow","arn":"arn:aws:sts::1:assumed-role/R/s"}"#,
        "arn:aws:sts::1:assumed-role/R/s assumed-role true -",
    );
}

#[test]
fn another_account_is_one_unless_it_is_the_recipients_own() {
    check(
        r#"{"type":"AWSAccount","principalId":"AROAEXAMPLE:s","accountId":"444455556666"}"#,
        "AROAEXAMPLE:s other-account true -",
    );
    check(r#"{"type":"AWSAccount","accountId":"444455556666"}"#, "444455556666 other-account - -");
    check(
        r#"{"type":"AWSAccount","principalId":"AIDAEXAMPLE","accountId":"111122223333"}"#,
        "AIDAEXAMPLE iam-user false -",
    );
    check(
        r#"{"type":"AWSAccount","principalId":"AROAEXAMPLE:s","accountId":"111122223333"}"#,
        "AROAEXAMPLE:s assumed-role true -",
    );
    check(r#"{"type":"AWSAccount","accountId":"111122223333"}"#, "111122223333 unknown - -");
    check(
        r#"{"type":"AWSAccount","principalId":"","accountId":"ANONYMOUS_PRINCIPAL"}"#,
        "ANONYMOUS_PRINCIPAL anonymous - -",
    );
}

#[test]
fn without_a_kind_the_rest_tells() {
    check(
        r#"{"accountId":"111122223333","invokedBy":"secretsmanager.amazonaws.com"}"#,
        "secretsmanager.amazonaws.com aws-service - secretsmanager.amazonaws.com",
    );
    check(r#"{"principalId":"AIDAEXAMPLE","userName":"alice"}"#, "alice iam-user false -");
    check(r#"{"arn":"arn:aws-cn:iam::1:root"}"#, "arn:aws-cn:iam::1:root root false -");
    check(r#"{"accountId":"111122223333"}"#, "111122223333 unknown - -");
    check("null", "- unknown - -");
    check("{}", "- unknown - -");
    check(r#""IAMUser""#, "- unknown - -");
    assert_eq!(told("{}"), "- unknown - -");
    assert_eq!(told(r#"{"eventCategory":"Insight"}"#), "- none - -");
    assert_eq!(told(r#"{"eventCategory":"Aggregated"}"#), "- none - -");
    assert_eq!(
        told(
            r#"{"eventType":"AwsServiceEvent","eventSource":"kms.amazonaws.com","userIdentity":null}"#
        ),
        "kms.amazonaws.com aws-service - kms.amazonaws.com",
    );
}

#[test]
fn a_token_is_told_by_the_call_that_brings_it() {
    let call = |name: &str| {
        told(&format!(
            r#"{{"eventSource":"sts.amazonaws.com","eventName":"{name}","userIdentity":{{"type":"Unknown"}}}}"#
        ))
    };
    assert_eq!(call("AssumeRoleWithSAML"), "- saml - -");
    assert_eq!(call("AssumeRoleWithWebIdentity"), "- web-identity - -");
    assert_eq!(call("GetCallerIdentity"), "- unknown - -");
}

#[test]
fn a_hidden_name_stays_hidden() {
    check(
        r#"{"type":"IAMUser","accountId":"111122223333","accessKeyId":"","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#,
        "HIDDEN_DUE_TO_SECURITY_REASONS iam-user false -",
    );
}

#[test]
fn sessions_tell_when_they_began_and_how() {
    let json = r#"{"userIdentity":{"sessionContext":{"attributes":{"creationDate":"20131102T010628Z","mfaAuthenticated":"true"}}}}"#;
    let mut reader = Reader::new();
    let identity = reader.read(0, json).identity();
    assert_eq!(identity.has_mfa(), Some(true));
    assert_eq!(identity.session_began(), Timestamp::parse("2013-11-02T01:06:28Z"));
    assert!(!identity.is_assumed_root());
}

#[test]
fn an_actor_is_appended_without_its_escapes() {
    let mut reader = Reader::new();
    let identity = reader.read(0, r#"{"userIdentity":{"userName":"a\u0062\""}}"#).identity();
    let mut text = "by ".to_owned();
    identity.actor().unwrap().append(&mut text);
    assert_eq!(text, "by ab\"");
}
