//! Account Change: what is done to users, roles and their credentials.

use super::{Activity, Call};
use crate::ocsf::Detail;

const CREATE: Activity = Activity::new(1, "Create");
const PASSWORD_CHANGE: Activity = Activity::new(3, "Password Change");
const PASSWORD_RESET: Activity = Activity::new(4, "Password Reset");
const DELETE: Activity = Activity::new(6, "Delete");
const ATTACH_POLICY: Activity = Activity::new(7, "Attach Policy");
const DETACH_POLICY: Activity = Activity::new(8, "Detach Policy");
const MFA_ENABLE: Activity = Activity::new(10, "MFA Factor Enable");
const MFA_DISABLE: Activity = Activity::new(11, "MFA Factor Disable");
const OTHER: Activity = Activity::OTHER;

/// The actions of this class, each with its activity, as Security Lake has them. Sorted.
static ACTIONS: [(&str, Activity); 64] = [
    ("AccountNameUpdated", OTHER),
    ("AddRoleToInstanceProfile", OTHER),
    ("AddUserToGroup", ATTACH_POLICY),
    ("AttachGroupPolicy", ATTACH_POLICY),
    ("AttachRolePolicy", ATTACH_POLICY),
    ("AttachUserPolicy", ATTACH_POLICY),
    ("ChangePassword", PASSWORD_CHANGE),
    ("CreateAccessKey", CREATE),
    ("CreateAccountAlias", CREATE),
    ("CreateInstanceProfile", CREATE),
    ("CreateLoginProfile", CREATE),
    ("CreateRole", CREATE),
    ("CreateServiceLinkedRole", CREATE),
    ("CreateUser", CREATE),
    ("CreateVirtualMFADevice", CREATE),
    ("DeactivateMFADevice", OTHER),
    ("DeleteAccessKey", DELETE),
    ("DeleteAccountAlias", OTHER),
    ("DeleteAccountPasswordPolicy", OTHER),
    ("DeleteGroup", DELETE),
    ("DeleteGroupPolicy", DELETE),
    ("DeleteInstanceProfile", DELETE),
    ("DeleteLoginProfile", DELETE),
    ("DeletePolicy", DELETE),
    ("DeleteRole", DELETE),
    ("DeleteRolePermissionsBoundary", DELETE),
    ("DeleteRolePolicy", DELETE),
    ("DeleteServiceLinkedRole", OTHER),
    ("DeleteUser", DELETE),
    ("DeleteUserPermissionsBoundary", DELETE),
    ("DeleteUserPolicy", DELETE),
    ("DeleteVirtualMFADevice", DELETE),
    ("DetachGroupPolicy", DETACH_POLICY),
    ("DetachRolePolicy", DETACH_POLICY),
    ("DetachUserPolicy", DETACH_POLICY),
    ("EmailUpdated", OTHER),
    ("EnableMFADevice", CREATE),
    ("FinalizeSmsMfaRegistration", OTHER),
    ("PasswordUpdated", PASSWORD_CHANGE),
    ("PutGroupPolicy", ATTACH_POLICY),
    ("PutRolePermissionsBoundary", ATTACH_POLICY),
    ("PutRolePolicy", ATTACH_POLICY),
    ("PutUserPermissionsBoundary", ATTACH_POLICY),
    ("PutUserPolicy", ATTACH_POLICY),
    ("RemoveRoleFromInstanceProfile", DETACH_POLICY),
    ("RemoveUserFromGroup", DETACH_POLICY),
    ("RequestSmsMfaRegistration", OTHER),
    ("ResyncMFADevice", CREATE),
    ("TagInstanceProfile", OTHER),
    ("TagRole", OTHER),
    ("TagUser", OTHER),
    ("UntagInstanceProfile", OTHER),
    ("UntagRole", OTHER),
    ("UntagUser", OTHER),
    ("UpdateAccessKey", OTHER),
    ("UpdateAccountEmailAddress", OTHER),
    ("UpdateAccountName", OTHER),
    ("UpdateAccountPasswordPolicy", OTHER),
    ("UpdateAssumeRolePolicy", OTHER),
    ("UpdateGroup", OTHER),
    ("UpdateLoginProfile", OTHER),
    ("UpdateRole", OTHER),
    ("UpdateRoleDescription", OTHER),
    ("UpdateUser", OTHER),
];

/// The activity of an action, if it is of this class.
pub(super) fn activity(call: &Call<'_>) -> Option<Activity> {
    let at = ACTIONS.binary_search_by_key(&call.name, |(name, _)| name).ok()?;
    let (_, activity) = ACTIONS.get(at)?;
    match call.target.detail {
        Detail::SecurityLake => Some(*activity),
        Detail::Extended => Some(extended(call.name).unwrap_or(*activity)),
    }
}

/// The activity where OCSF has a better one than Security Lake.
fn extended(name: &str) -> Option<Activity> {
    match name {
        "EnableMFADevice" => Some(MFA_ENABLE),
        "DeactivateMFADevice" | "DeleteVirtualMFADevice" => Some(MFA_DISABLE),
        "UpdateLoginProfile" => Some(PASSWORD_RESET),
        "DeleteRolePermissionsBoundary"
        | "DeleteRolePolicy"
        | "DeleteUserPermissionsBoundary"
        | "DeleteUserPolicy" => Some(DETACH_POLICY),
        _ => None,
    }
}

/// Whether the action is done to the caller when it names nobody.
pub(in crate::ocsf) fn is_for_caller(name: &str) -> bool {
    matches!(
        name,
        "AccountNameUpdated"
            | "ChangePassword"
            | "CreateAccessKey"
            | "CreateLoginProfile"
            | "DeactivateMFADevice"
            | "DeleteAccessKey"
            | "DeleteLoginProfile"
            | "EmailUpdated"
            | "EnableMFADevice"
            | "FinalizeSmsMfaRegistration"
            | "PasswordUpdated"
            | "RequestSmsMfaRegistration"
            | "ResyncMFADevice"
            | "UpdateAccessKey"
            | "UpdateLoginProfile"
            | "UpdateUser"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(ACTIONS.is_sorted_by_key(|(name, _)| name));
    }
}
