//! What kind of event it is: `event.category` and `event.type`, by the name of the action.

use super::facts::About;
use crate::append::append;
use crate::table::Wrote;

/// What an action is, as the JSON of the two attributes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Class {
    action: &'static str,
    category: &'static str,
    types: &'static str,
}

const fn class(action: &'static str, category: &'static str, types: &'static str) -> Class {
    Class { action, category, types }
}

impl Class {
    /// What the action of this name is, if it is known.
    pub(super) fn of(action: &str) -> Option<&'static Self> {
        let mut slot = slot(action.as_bytes());
        loop {
            // The slot after the last one of a name is free.
            let class = CLASSES.get(usize::from(*SLOTS.get(slot)?))?;
            if class.action == action {
                return Some(class);
            }
            slot = (slot + 1) % SLOTS.len();
        }
    }
}

/// Slots for actions, several times as many as there are: few share one.
const MANY: usize = 512;

/// No action.
const FREE: u8 = u8::MAX;

/// Places of actions: each in the slot of its name, or the next that is free.
static SLOTS: [u8; MANY] = slots();

/// The slot of a name: by its length and four of its letters, which tell nearly all names apart.
#[expect(clippy::indexing_slicing, reason = "places in a name of two letters at least")]
#[expect(clippy::cast_possible_truncation, reason = "no name is longer than 4 GiB")]
const fn slot(name: &[u8]) -> usize {
    let length = name.len();
    if length < 2 {
        return 0;
    }
    let [first, middle, near, last] =
        [name[0], name[length / 2], name[length - 2], name[length - 1]];
    let word = u32::from_le_bytes([first, middle, near, last]) ^ (length as u32) << 11;
    (word.wrapping_mul(0x9e37_79b1) >> 23) as usize
}

#[expect(clippy::indexing_slicing, reason = "at compile time")]
#[expect(clippy::cast_possible_truncation, reason = "there are fewer than 255 actions")]
const fn slots() -> [u8; MANY] {
    assert!(CLASSES.len() < FREE as usize, "places of actions fit in a byte");
    let mut slots = [FREE; MANY];
    let mut place = 0;
    while place < CLASSES.len() {
        let mut at = slot(CLASSES[place].action.as_bytes());
        while slots[at] != FREE {
            at = (at + 1) % MANY;
        }
        slots[at] = place as u8;
        place += 1;
    }
    slots
}

/// Writes the category of an action that is known.
pub(super) fn category(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    let Some(class) = about.facts.class else { return Wrote::Nothing };
    append(class.category.as_bytes(), line);
    Wrote::Part
}

/// Writes the types of an action; what is not known is information.
pub(super) fn types(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    let types = about.facts.class.map_or(INFORMATION, |class| class.types);
    append(types.as_bytes(), line);
    Wrote::Part
}

/// Writes the types of an action as Elastic's integration has them: one is called `delete`, which
/// is no type of ECS, and some have none.
pub(super) fn types_of_integration(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    match about.facts.class.map(|class| class.action) {
        Some("DeleteObject") => line.extend_from_slice(br#"["delete"]"#),
        Some("Converse" | "Publish" | "SendCommand") => return Wrote::Nothing,
        Some(_) | None => return types(about, line),
    }
    Wrote::Part
}

/// Writes how it went.
pub(super) fn outcome(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    append(about.facts.outcome.json().as_bytes(), line);
    Wrote::Part
}

const INFORMATION: &str = r#"["info"]"#;

/// As in Elastic's AWS integration, `default.yml` of its CloudTrail pipeline; by name.
const CLASSES: &[Class] = &[
    class("AddUserToGroup", r#"["iam"]"#, r#"["group","change"]"#),
    class("AssumeRole", r#"["authentication"]"#, r#"["info"]"#),
    class("AttachGroupPolicy", r#"["iam"]"#, r#"["group","change"]"#),
    class("AttachRolePolicy", r#"["iam"]"#, r#"["change"]"#),
    class("AttachUserPolicy", r#"["iam"]"#, r#"["user","change"]"#),
    class("AuthorizeSecurityGroupIngress", r#"["network"]"#, r#"["access"]"#),
    class("ChangePassword", r#"["iam"]"#, r#"["user","change"]"#),
    class("ConsoleLogin", r#"["authentication"]"#, r#"["info"]"#),
    class("Converse", r#"["api"]"#, r#"["info"]"#),
    class("CreateAccessKey", r#"["iam"]"#, r#"["user","change"]"#),
    class("CreateBucket", r#"["file"]"#, r#"["creation"]"#),
    class("CreateControlChannel", r#"["session"]"#, r#"["start"]"#),
    class("CreateDataChannel", r#"["session"]"#, r#"["start"]"#),
    class("CreateDocument", r#"["file"]"#, r#"["creation"]"#),
    class("CreateGroup", r#"["iam"]"#, r#"["group","creation"]"#),
    class("CreateKeyPair", r#"["iam"]"#, r#"["admin","creation"]"#),
    class("CreatePolicy", r#"["iam"]"#, r#"["creation"]"#),
    class("CreateTopic", r#"["configuration"]"#, r#"["creation"]"#),
    class("CreateUser", r#"["iam"]"#, r#"["user","creation"]"#),
    class("CreateVirtualMFADevice", r#"["iam"]"#, r#"["user","change"]"#),
    class("DeactivateMFADevice", r#"["iam"]"#, r#"["user","change"]"#),
    class("DeleteAccessKey", r#"["iam"]"#, r#"["user","change"]"#),
    class("DeleteBucket", r#"["file"]"#, r#"["deletion"]"#),
    class("DeleteGroup", r#"["iam"]"#, r#"["group","deletion"]"#),
    class("DeleteGroupPolicy", r#"["iam"]"#, r#"["group","change"]"#),
    class("DeleteObject", r#"["file"]"#, r#"["deletion"]"#),
    class("DeleteSSHPublicKey", r#"["iam"]"#, r#"["user","change"]"#),
    class("DeleteTrail", r#"["configuration"]"#, r#"["deletion"]"#),
    class("DeleteUser", r#"["iam"]"#, r#"["user","deletion"]"#),
    class("DeleteUserPermissionsBoundary", r#"["iam"]"#, r#"["user","change"]"#),
    class("DeleteUserPolicy", r#"["iam"]"#, r#"["user","change"]"#),
    class("DeleteVirtualMFADevice", r#"["iam"]"#, r#"["user","change"]"#),
    class("DescribeDBInstances", r#"["database"]"#, r#"["info"]"#),
    class("DescribeInstances", r#"["host"]"#, r#"["info"]"#),
    class("DescribeLoadBalancers", r#"["network"]"#, r#"["info"]"#),
    class("DescribeNetworkAcls", r#"["network"]"#, r#"["info"]"#),
    class("DescribeNetworkInterfaces", r#"["network"]"#, r#"["info"]"#),
    class("DescribeRegions", r#"["api"]"#, r#"["info"]"#),
    class("DescribeSecurityGroups", r#"["network"]"#, r#"["info"]"#),
    class("DescribeTrails", r#"["configuration"]"#, r#"["info"]"#),
    class("DescribeVolumes", r#"["host"]"#, r#"["info"]"#),
    class("DescribeVpcs", r#"["network"]"#, r#"["info"]"#),
    class("DetachGroupPolicy", r#"["iam"]"#, r#"["group","change"]"#),
    class("DetachUserPolicy", r#"["iam"]"#, r#"["user","change"]"#),
    class("EnableMFADevice", r#"["iam"]"#, r#"["user","change"]"#),
    class("GetCallerIdentity", r#"["authentication"]"#, r#"["info"]"#),
    class("GetGroup", r#"["iam"]"#, r#"["group","info"]"#),
    class("GetGroupPolicy", r#"["iam"]"#, r#"["group","info"]"#),
    class("GetObject", r#"["file"]"#, r#"["info"]"#),
    class("GetPolicy", r#"["iam"]"#, r#"["info"]"#),
    class("GetUser", r#"["iam"]"#, r#"["user","info"]"#),
    class("GetUserPolicy", r#"["iam"]"#, r#"["user","info"]"#),
    class("HeadObject", r#"["file"]"#, r#"["info"]"#),
    class("ListAttachedGroupPolicies", r#"["iam"]"#, r#"["group","info"]"#),
    class("ListAttachedRolePolicies", r#"["iam"]"#, r#"["info"]"#),
    class("ListAttachedUserPolicies", r#"["iam"]"#, r#"["user","info"]"#),
    class("ListBuckets", r#"["file"]"#, r#"["info"]"#),
    class("ListFunctions", r#"["package"]"#, r#"["info"]"#),
    class("ListGroupPolicies", r#"["iam"]"#, r#"["group","info"]"#),
    class("ListGroups", r#"["iam"]"#, r#"["group","info"]"#),
    class("ListGroupsForUser", r#"["iam"]"#, r#"["user","info"]"#),
    class("ListInstanceAssociations", r#"["host"]"#, r#"["info"]"#),
    class("ListObjects", r#"["file"]"#, r#"["info"]"#),
    class("ListRoles", r#"["iam"]"#, r#"["info"]"#),
    class("ListTables", r#"["database"]"#, r#"["info"]"#),
    class("ListUserPolicies", r#"["iam"]"#, r#"["user","info"]"#),
    class("ListUserTags", r#"["iam"]"#, r#"["user","info"]"#),
    class("ListUsers", r#"["iam"]"#, r#"["user","info"]"#),
    class("OpenControlChannel", r#"["session"]"#, r#"["start"]"#),
    class("OpenDataChannel", r#"["session"]"#, r#"["start"]"#),
    class("Publish", r#"["api"]"#, r#"["info"]"#),
    class("PutGroupPolicy", r#"["iam"]"#, r#"["group","change"]"#),
    class("PutObject", r#"["file"]"#, r#"["change"]"#),
    class("PutUserPermissionsBoundary", r#"["iam"]"#, r#"["user","change"]"#),
    class("PutUserPolicy", r#"["iam"]"#, r#"["user","change"]"#),
    class("RemoveUserFromGroup", r#"["iam"]"#, r#"["group","change"]"#),
    class("SendCommand", r#"["process"]"#, r#"["info"]"#),
    class("SetDefaultPolicyVersion", r#"["iam"]"#, r#"["admin","change"]"#),
    class("SetSecurityTokenServicePreferences", r#"["iam"]"#, r#"["admin","change"]"#),
    class("StartSession", r#"["session"]"#, r#"["start"]"#),
    class("Subscribe", r#"["configuration"]"#, r#"["change"]"#),
    class("TagUser", r#"["iam"]"#, r#"["user","change"]"#),
    class("TerminateSession", r#"["session"]"#, r#"["end"]"#),
    class("UntagUser", r#"["iam"]"#, r#"["user","change"]"#),
    class("UpdateAccessKey", r#"["iam"]"#, r#"["user","change"]"#),
    class("UpdateAccountPasswordPolicy", r#"["iam"]"#, r#"["admin","change"]"#),
    class("UpdateGroup", r#"["iam"]"#, r#"["group","change"]"#),
    class("UpdateLoginProfile", r#"["iam"]"#, r#"["user","change"]"#),
    class("UpdateRole", r#"["iam"]"#, r#"["admin","change"]"#),
    class("UpdateSSHPublicKey", r#"["iam"]"#, r#"["user","change"]"#),
    class("UpdateUser", r#"["iam"]"#, r#"["user","change"]"#),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(action: &str, category: Option<&str>, types: Option<&str>) {
        let class = Class::of(action);
        assert_eq!(class.map(|class| class.category), category, "{action}");
        assert_eq!(class.map(|class| class.types), types, "{action}");
    }

    /// Types that ECS expects of the categories that are used, as in `ecs_flat.yml` of 8.11.0.
    const EXPECTED: [(&str, &[&str]); 11] = [
        (
            "api",
            &[
                "access", "admin", "allowed", "change", "creation", "deletion", "denied", "end",
                "info", "start", "user",
            ],
        ),
        ("authentication", &["start", "end", "info"]),
        ("configuration", &["access", "change", "creation", "deletion", "info"]),
        ("database", &["access", "change", "info", "error"]),
        ("file", &["access", "change", "creation", "deletion", "info"]),
        ("host", &["access", "change", "end", "info", "start"]),
        ("iam", &["admin", "change", "creation", "deletion", "group", "info", "user"]),
        (
            "network",
            &["access", "allowed", "connection", "denied", "end", "info", "protocol", "start"],
        ),
        ("package", &["access", "change", "deletion", "info", "installation", "start"]),
        ("process", &["access", "change", "end", "info", "start"]),
        ("session", &["start", "end", "info"]),
    ];

    #[test]
    fn types_are_those_that_ecs_expects_of_a_category() {
        for class in CLASSES {
            let list = |json| serde_json::from_str::<Vec<String>>(json).unwrap();
            for category in list(class.category) {
                let (_, expected) = EXPECTED.iter().find(|(name, _)| *name == category).unwrap();
                let types = list(class.types);
                assert!(
                    !types.is_empty() && types.iter().all(|kind| expected.contains(&kind.as_str()))
                );
            }
        }
    }

    #[test]
    fn actions_are_found_by_their_names() {
        check("AddUserToGroup", Some(r#"["iam"]"#), Some(r#"["group","change"]"#));
        check("ConsoleLogin", Some(r#"["authentication"]"#), Some(r#"["info"]"#));
        check("DeleteObject", Some(r#"["file"]"#), Some(r#"["deletion"]"#));
        check("SendCommand", Some(r#"["process"]"#), Some(r#"["info"]"#));
        check("UpdateUser", Some(r#"["iam"]"#), Some(r#"["user","change"]"#));
        for unknown in ["", "Console", "consolelogin", "ConsoleLogin2", "RunInstances"] {
            check(unknown, None, None);
        }
    }

    #[test]
    fn every_action_of_the_table_is_found() {
        assert!(CLASSES.is_sorted_by(|one, next| one.action < next.action));
        for class in CLASSES {
            assert!(Class::of(class.action).is_some(), "{}", class.action);
        }
    }
}
