//! Authentication: sign-ins, and roles that are assumed.

use super::{Activity, Call};
use crate::ocsf::{Detail, Version};

const LOGON: Activity = Activity::new(1, "Logon");
const ACCOUNT_SWITCH: Activity = Activity::new(7, "Account Switch");

/// The activity of an action, if it is of this class.
pub(super) fn activity(call: &Call<'_>) -> Option<Activity> {
    match call.name {
        "AssumeRole"
        | "AssumeRoleWithSAML"
        | "AssumeRoleWithWebIdentity"
        | "ConsoleLogin"
        | "ExternalIdPDirectoryLogin"
        | "UserAuthentication" => Some(LOGON),
        "CheckMfa" | "CredentialChallenge" | "CredentialVerification" => Some(Activity::OTHER),
        _ if call.target.detail == Detail::Extended => extended(call),
        _ => None,
    }
}

/// What Security Lake has as API Activity.
fn extended(call: &Call<'_>) -> Option<Activity> {
    match call.name {
        "AssumeRoot" => Some(LOGON),
        "GetFederationToken" | "GetSessionToken" => Some(Activity::OTHER),
        "ExitRole" | "SwitchRole" if call.target.version >= Version::V1_8 => Some(ACCOUNT_SWITCH),
        "ExitRole" | "SwitchRole" => Some(Activity::OTHER),
        _ => None,
    }
}
