//! What CloudTrail itself writes into its fields.

use super::tree::Node;
use proptest::prelude::*;

/// Calls by which events are told apart: each class, category and activity has some.
const CALLS: [(&str, &[&str]); 11] = [
    ("signin", &["ConsoleLogin", "CheckMfa", "SwitchRole", "ExitRole", "UserAuthentication"]),
    ("sts", &["AssumeRole", "AssumeRoleWithSAML", "AssumeRoot", "GetSessionToken"]),
    ("iam", &["CreateUser", "CreateRole", "DeleteUser", "UpdateUser", "ChangePassword"]),
    ("iam", &["CreateAccessKey", "CreateGroup", "AddUserToGroup", "DetachGroupPolicy"]),
    ("iam", &["AttachRolePolicy", "DeleteUserPolicy", "DeactivateMFADevice", "DeletePolicy"]),
    ("s3", &["GetObject", "PutObject", "DeleteObject", "DeleteObjects", "ListObjectsV2"]),
    ("dynamodb", &["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchGetItem"]),
    ("ec2", &["RunInstances", "DescribeInstances", "TerminateInstances"]),
    ("sso", &["CredentialChallenge", "CreateToken", "GetRoleCredentials", "Federate"]),
    ("ssm", &["StartSession", "SendCommand", "TerminateSession"]),
    ("sns", &["Publish", "Subscribe", "CreateTopic", "BatchGetThings", "Oddly"]),
];
/// What a field may say, by its key.
const VALUES: [(&str, &[&str]); 19] = [
    ("eventVersion", &["1.11", "1.08", "1.02"]),
    (
        "eventTime",
        &[
            "2026-03-02T10:11:12Z",
            "2026-03-02 10:11:12",
            "20260302T101112Z",
            "2026-03-02T10:11:12.345+02:00",
            "2026-03-02T10:11:12.345678Z",
            "2026-03-02T10:11:60Z",
            "yesterday",
            "",
        ],
    ),
    (
        "type",
        &[
            "Root",
            "IAMUser",
            "AssumedRole",
            "Role",
            "FederatedUser",
            "Directory",
            "AWSAccount",
            "AWSService",
            "Unknown",
            "SAMLUser",
            "WebIdentityUser",
            "IdentityCenterUser",
            "Odd",
        ],
    ),
    (
        "arn",
        &[
            "arn:aws:iam::111122223333:user/alice",
            "arn:aws:iam::111122223333:root",
            "arn:aws:sts::111122223333:assumed-role/Admin/session@example.com",
            "arn:aws-cn:s3:::bucket/key",
        ],
    ),
    ("userName", &["alice", "a", "bob@example.com", "HIDDEN_DUE_TO_SECURITY_REASONS"]),
    ("accountId", &["111122223333", "444455556666", "anonymous"]),
    (
        "sourceIPAddress",
        &["192.0.2.1", "2001:db8::1", "s3.amazonaws.com", "AWS Internal", "", "::ffff:192.0.2.1"],
    ),
    ("eventCategory", &["Management", "Data", "Insight", "NetworkActivity", "Aggregated", "Odd"]),
    (
        "eventType",
        &[
            "AwsApiCall",
            "AwsServiceEvent",
            "AwsConsoleSignIn",
            "AwsConsoleAction",
            "AwsCloudTrailInsight",
            "AwsVpceEvent",
        ],
    ),
    ("readOnly", &["true", "false", "maybe"]),
    ("managementEvent", &["true", "false"]),
    ("mfaAuthenticated", &["true", "false", "no"]),
    ("MFAUsed", &["Yes", "No", "true"]),
    ("MobileVersion", &["Yes", "No"]),
    ("ConsoleLogin", &["Success", "Failure", "Odd"]),
    ("tlsVersion", &["TLSv1.2", "TLSv1.3", "v", "TLSv"]),
    ("clientProvidedHostHeader", &["s3.amazonaws.com", "h_h:1", "", "192.0.2.1"]),
    ("creationDate", &["2026-03-02T08:00:00Z", "Mar 2, 2026 8:00:00 AM", "x"]),
    ("expiration", &["Mar 2, 2026, 11:11:12 AM", "2026-03-02T11:11:12Z", "soon"]),
];

/// The right value of the field with this key, if it is known what that is: a string, or a boolean
/// as one or bare.
pub(super) fn value(key: &str) -> Option<BoxedStrategy<Node>> {
    let (_, texts) = VALUES.iter().find(|(own, _)| *own == key)?;
    let choice = (prop::sample::select(*texts), any::<bool>());
    let node = |(text, bare): (&str, bool)| match text {
        "true" | "false" if bare => Node::Token(text.to_owned()),
        text => Node::text(text),
    };
    Some(choice.prop_map(node).boxed())
}

/// The name of a service and what it is asked, mostly, with the time of it.
pub(super) fn call() -> impl Strategy<Value = Vec<(&'static str, Node)>> {
    let call = prop::sample::select(&CALLS[..])
        .prop_flat_map(|(service, names)| (Just(service), prop::sample::select(names)));
    let members = call.prop_map(|(service, name)| {
        let source = Node::text(&format!("{service}.amazonaws.com"));
        let time = Node::text("2026-03-02T10:11:12Z");
        vec![("eventSource", source), ("eventName", Node::text(name)), ("eventTime", time)]
    });
    members.prop_flat_map(|members| prop::sample::subsequence(members, 0..=3))
}
