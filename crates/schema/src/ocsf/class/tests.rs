use super::*;
use crate::ocsf::Version;
use trail_event::Reader;

const LAKE: Target = Target { version: Version::V1_8, detail: Detail::SecurityLake };
const MORE: Target = Target { version: Version::V1_8, detail: Detail::Extended };
const OLD: Target = Target { version: Version::V1_1, detail: Detail::Extended };

fn check(target: Target, source: &str, name: &str, rest: &str, expect: (u16, u8)) {
    let json = format!(r#"{{"eventSource":"{source}","eventName":"{name}"{rest}}}"#);
    let mut reader = Reader::new();
    let (class, activity) = Class::of(&reader.read(0, &json), target);
    assert_eq!((class.uid().parse().unwrap(), activity.id), expect, "{json} {target:?}");
}

#[test]
fn calls_have_the_activity_of_their_verb() {
    for (name, activity) in [
        ("CreateBucket", 1),
        ("RunInstances", 1),
        ("GenerateDataKey", 1),
        ("CreateFunction20150331", 1),
        ("DescribeInstances", 2),
        ("ListTagsForResource", 2),
        ("BatchGetItem", 2),
        ("HeadObject", 2),
        ("Query", 2),
        ("UpdateRunConfiguration", 3),
        ("PutObject", 3),
        ("DisassociateAddress", 3),
        ("UntagResource", 3),
        ("TerminateInstances", 4),
        ("BatchDeleteImage", 4),
        ("EndSecretVersionDelete", 4),
        ("InvokeModel", 99),
        ("AllocateAddress", 99),
        ("", 99),
        ("é", 99),
    ] {
        check(LAKE, "x.amazonaws.com", name, "", (6003, activity));
    }
}

#[test]
fn a_verb_that_says_nothing_reads_if_the_record_says_so() {
    for (name, rest, activity) in [
        ("Decrypt", r#","readOnly":true"#, 2),
        ("Decrypt", r#","readOnly":"true""#, 2),
        ("Decrypt", r#","readOnly":false"#, 99),
        ("DeleteKey", r#","readOnly":true"#, 4),
        ("SendCommand", r#","readOnly":true"#, 99),
    ] {
        check(LAKE, "kms.amazonaws.com", name, rest, (6003, activity));
    }
}

#[test]
fn sign_ins_and_roles_are_authentication() {
    for (source, name, expect) in [
        ("signin.amazonaws.com", "ConsoleLogin", (3002, 1)),
        ("sts.amazonaws.com", "AssumeRole", (3002, 1)),
        ("sts.amazonaws.com.cn", "AssumeRoleWithSAML", (3002, 1)),
        ("sts.amazonaws.com", "AssumeRoleWithWebIdentity", (3002, 1)),
        ("sso.amazonaws.com", "UserAuthentication", (3002, 1)),
        ("sso-directory.amazonaws.com", "ExternalIdPDirectoryLogin", (3002, 1)),
        ("signin.amazonaws.com", "CheckMfa", (3002, 99)),
        ("signin.amazonaws.com", "CredentialChallenge", (3002, 99)),
        ("signin.amazonaws.com", "CredentialVerification", (3002, 99)),
        ("sts.amazonaws.com", "GetCallerIdentity", (6003, 2)),
        ("sts.amazonaws.com", "GetSessionToken", (6003, 2)),
        ("signin.amazonaws.com", "SwitchRole", (6003, 99)),
    ] {
        check(LAKE, source, name, "", expect);
    }
}

#[test]
fn changes_of_users_and_roles_are_account_change() {
    for (name, activity) in [
        ("CreateUser", 1),
        ("ResyncMFADevice", 1),
        ("EnableMFADevice", 1),
        ("ChangePassword", 3),
        ("DeleteUser", 6),
        ("DeleteUserPolicy", 6),
        ("DeleteVirtualMFADevice", 6),
        ("AttachRolePolicy", 7),
        ("PutGroupPolicy", 7),
        ("AddUserToGroup", 7),
        ("DetachUserPolicy", 8),
        ("RemoveRoleFromInstanceProfile", 8),
        ("DeleteAccountAlias", 99),
        ("DeleteServiceLinkedRole", 99),
        ("DeactivateMFADevice", 99),
        ("UpdateLoginProfile", 99),
        ("TagRole", 99),
    ] {
        check(LAKE, "iam.amazonaws.com", name, "", (3001, activity));
    }
    check(LAKE, "signin.amazonaws.com", "PasswordUpdated", "", (3001, 3));
    check(LAKE, "account.amazonaws.com", "UpdateAccountName", "", (3001, 99));
    check(LAKE, "iam.amazonaws.com", "CreateGroup", "", (6003, 1));
    check(LAKE, "iam.amazonaws.com", "ListUsers", "", (6003, 2));
}

#[test]
fn a_name_counts_only_for_the_service_that_has_it() {
    for source in ["cognito-idp.amazonaws.com", "iam.example.com", "iam", "", "signin.example.com"]
    {
        check(LAKE, source, "ConsoleLogin", "", (6003, 99));
        check(LAKE, source, "CreateUser", "", (6003, 1));
    }
    check(LAKE, "sts.amazonaws.com", "CreateUser", "", (6003, 1));
    check(LAKE, "iam.amazonaws.com", "ConsoleLogin", "", (6003, 99));
}

#[test]
fn extended_detail_tells_more_activities_apart() {
    for (name, activity) in [
        ("EnableMFADevice", 10),
        ("DeactivateMFADevice", 11),
        ("DeleteVirtualMFADevice", 11),
        ("UpdateLoginProfile", 4),
        ("DeleteRolePolicy", 8),
        ("DeleteUserPermissionsBoundary", 8),
        ("CreateUser", 1),
    ] {
        check(MORE, "iam.amazonaws.com", name, "", (3001, activity));
    }
    check(MORE, "sts.amazonaws.com", "AssumeRoot", "", (3002, 1));
    check(MORE, "sts.amazonaws.com", "GetSessionToken", "", (3002, 99));
    check(MORE, "signin.amazonaws.com", "SwitchRole", "", (3002, 7));
    check(OLD, "signin.amazonaws.com", "SwitchRole", "", (3002, 99));
}

#[test]
fn extended_detail_has_groups_where_the_version_has_a_place_for_the_actor() {
    let group = r#","requestParameters":{"groupName":"g"}"#;
    for (name, activity) in [
        ("CreateGroup", 6),
        ("DeleteGroup", 5),
        ("AddUserToGroup", 3),
        ("RemoveUserFromGroup", 4),
        ("AttachGroupPolicy", 1),
        ("PutGroupPolicy", 1),
        ("DetachGroupPolicy", 2),
        ("DeleteGroupPolicy", 2),
    ] {
        check(MORE, "iam.amazonaws.com", name, group, (3006, activity));
    }
    check(MORE, "iam.amazonaws.com", "DeleteGroup", "", (3001, 6));
    check(OLD, "iam.amazonaws.com", "DeleteGroup", group, (3001, 6));
    check(LAKE, "iam.amazonaws.com", "DeleteGroup", group, (3001, 6));
}

#[test]
fn extended_detail_has_objects_and_items() {
    let bucket = r#","requestParameters":{"bucketName":"b"}"#;
    let table = r#","requestParameters":{"tableName":"t"}"#;
    for (source, name, rest, expect) in [
        ("s3.amazonaws.com", "GetObject", bucket, (6005, 1)),
        ("s3.amazonaws.com", "PutObject", bucket, (6005, 5)),
        ("s3.amazonaws.com", "DeleteObjects", bucket, (6005, 7)),
        ("s3.amazonaws.com", "ListObjectsV2", bucket, (6005, 8)),
        ("s3.amazonaws.com", "GetObject", "", (6003, 2)),
        ("s3.amazonaws.com", "GetBucketAcl", bucket, (6003, 2)),
        ("dynamodb.amazonaws.com", "GetItem", table, (6005, 1)),
        ("dynamodb.amazonaws.com", "Scan", table, (6005, 4)),
        ("dynamodb.amazonaws.com", "PutItem", table, (6005, 5)),
        ("dynamodb.amazonaws.com", "UpdateItem", table, (6005, 2)),
        ("dynamodb.amazonaws.com", "DeleteItem", table, (6005, 7)),
        ("dynamodb.amazonaws.com", "GetItem", bucket, (6003, 2)),
    ] {
        check(MORE, source, name, rest, expect);
    }
    check(OLD, "s3.amazonaws.com", "ListObjectsV2", bucket, (6005, 1));
    check(LAKE, "s3.amazonaws.com", "GetObject", bucket, (6003, 2));
}

#[test]
fn names_are_the_captions_and_categories_the_first_digit() {
    for class in Class::ALL {
        assert_eq!(class.name(), format!("\"{}\"", class.caption()));
        assert_eq!(class.category_uid(), class.uid().get(..1).unwrap());
        let is_application = class.category_name() == r#""Application Activity""#;
        assert_eq!(is_application, class.category_uid() == "6");
    }
}
