use super::*;
use trail_event::Reader;

const TARGET: Target = Target { version: Version::V1_8, detail: Detail::SecurityLake };

fn facts(json: &str) -> Facts {
    Facts::of(&Reader::new().read(0, json), TARGET)
}

fn status(name: &str, rest: &str) -> u8 {
    let source = if name == "CreateUser" { "iam" } else { "signin" };
    let json = format!(r#"{{"eventSource":"{source}.amazonaws.com","eventName":"{name}"{rest}}}"#);
    facts(&json).status.id()
}

#[test]
fn an_error_code_is_a_failure() {
    for name in ["CreateUser", "Other", "ConsoleLogin"] {
        assert_eq!(status(name, ""), 1);
        for nothing in ["null", r#""""#, "{}"] {
            assert_eq!(status(name, &format!(r#","errorCode":{nothing}"#)), 1);
        }
        for code in [r#""AccessDenied""#, "404", r#"{"a":1}"#] {
            assert_eq!(status(name, &format!(r#","errorCode":{code}"#)), 2);
        }
    }
}

#[test]
fn a_message_alone_is_a_failure_of_sign_ins_only() {
    assert_eq!(status("ConsoleLogin", r#","errorMessage":"Failed authentication""#), 2);
    assert_eq!(status("CreateUser", r#","errorMessage":"m""#), 1);
}

#[test]
fn sign_ins_say_how_they_ended() {
    for (field, member) in [
        ("responseElements", "ConsoleLogin"),
        ("responseElements", "CheckMfa"),
        ("serviceEventDetails", "CredentialChallenge"),
        ("serviceEventDetails", "CredentialVerification"),
        ("serviceEventDetails", "UserAuthentication"),
    ] {
        for (outcome, id) in [("Success", 1), ("Failure", 2), ("Pending", 99)] {
            let rest = format!(r#","{field}":{{"{member}":"{outcome}"}}"#);
            assert_eq!(status("ConsoleLogin", &rest), id, "{rest}");
        }
    }
}

#[test]
fn only_an_address_that_fits_is_an_address() {
    for (text, expect) in [
        ("192.0.2.1", true),
        ("2001:db8::1", true),
        ("::ffff:192.0.2.1", true),
        ("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", false),
        ("ec2.amazonaws.com", false),
        ("AWS Internal", false),
        ("192.0.2", false),
        ("", false),
    ] {
        let facts = facts(&format!(r#"{{"sourceIPAddress":"{text}"}}"#));
        assert_eq!(facts.address.is_some(), expect, "{text}");
    }
}

#[test]
fn who_has_no_arn_name_or_account_is_known_by_another_id() {
    for (identity, is_user, id) in [
        (r#"{"type":"AWSService","invokedBy":"x"}"#, false, None),
        (r#"{"type":"Unknown"}"#, false, None),
        (r#"{"principalId":"p"}"#, true, Some(Field::UserIdentityPrincipalId)),
        (r#"{"principalId":"","credentialId":"c"}"#, true, Some(Field::CredentialId)),
        (r#"{"principalId":"p","accountId":"a"}"#, true, None),
        (r#"{"arn":"a","principalId":"p"}"#, true, None),
        ("null", false, None),
        (r#""text""#, false, None),
    ] {
        let actor = facts(&format!(r#"{{"userIdentity":{identity}}}"#)).actor;
        assert_eq!((actor.is_user, actor.id), (is_user, id), "{identity}");
    }
}

/// The name, id, other id and account of the user that was acted on.
type Expect = (Option<Field>, Option<Field>, Option<Field>, Option<Field>);

fn acted_on(source: &str, name: &str, rest: &str, expect: Expect) {
    let json = format!(r#"{{"eventSource":"{source}.amazonaws.com","eventName":"{name}"{rest}}}"#);
    let ActedOn { name, id, other_id, account } = facts(&json).acted_on;
    assert_eq!((name, id, other_id, account), expect, "{json}");
}

#[test]
fn the_user_who_is_changed_is_in_the_response_or_the_request() {
    use Field as F;
    let user = r#","responseElements":{"user":{"arn":"a","userId":"i","userName":"n"}},"requestParameters":{"userName":"n"}"#;
    let expect =
        (Some(F::ResponseUserName), Some(F::ResponseUserArn), Some(F::ResponseUserId), None);
    acted_on("iam", "CreateUser", user, expect);
    let role = r#","responseElements":{"role":{"arn":"a","roleId":"i","roleName":"n"}}"#;
    let expect =
        (Some(F::ResponseRoleName), Some(F::ResponseRoleArn), Some(F::ResponseRoleId), None);
    acted_on("iam", "CreateRole", role, expect);
    let asked = r#","requestParameters":{"userName":"u","groupName":"g"}"#;
    acted_on("iam", "AddUserToGroup", asked, (Some(F::RequestUserName), None, None, None));
    let group = r#","requestParameters":{"groupName":"g"}"#;
    acted_on("iam", "DeleteGroup", group, (Some(F::RequestGroupName), None, None, None));
}

#[test]
fn where_no_user_is_named_it_is_the_caller_or_the_account() {
    use Field as F;
    let caller = r#","recipientAccountId":"1","userIdentity":{"arn":"a","userName":"n","principalId":"p","accountId":"1"}"#;
    let oneself = (
        Some(F::UserIdentityUserName),
        Some(F::UserIdentityArn),
        Some(F::UserIdentityPrincipalId),
        None,
    );
    acted_on("iam", "ChangePassword", caller, oneself);
    acted_on("iam", "DeletePolicy", caller, (None, None, None, Some(F::RecipientAccountId)));
    acted_on("iam", "DeletePolicy", "", (None, None, None, None));
}

#[test]
fn who_signs_in_is_the_session_or_the_caller() {
    use Field as F;
    let role = r#","requestParameters":{"roleArn":"r","roleSessionName":"s"},"userIdentity":{"arn":"a","principalId":"p"}"#;
    let expect = (
        Some(F::RequestRoleSessionName),
        Some(F::RequestRoleArn),
        Some(F::UserIdentityPrincipalId),
        None,
    );
    acted_on("sts", "AssumeRole", role, expect);
    let user = r#","userIdentity":{"arn":"a","userName":"n","principalId":"p"}"#;
    let expect = (None, Some(F::UserIdentityArn), Some(F::UserIdentityPrincipalId), None);
    acted_on("signin", "ConsoleLogin", user, expect);
    let hidden = r#","userIdentity":{"userName":"HIDDEN","accountId":"1"}"#;
    acted_on("signin", "ConsoleLogin", hidden, (Some(F::UserIdentityUserName), None, None, None));
    let principal = r#","userIdentity":{"principalId":"p"}"#;
    let expect = (None, Some(F::UserIdentityPrincipalId), Some(F::UserIdentityPrincipalId), None);
    acted_on("signin", "ConsoleLogin", principal, expect);
}
