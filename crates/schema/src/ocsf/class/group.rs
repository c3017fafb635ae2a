//! Group Management: what is done to groups of users.

use super::{Activity, Call};
use crate::ocsf::Version;
use crate::ocsf::facts::says;
use trail_event::Field;

const ASSIGN_PRIVILEGES: Activity = Activity::new(1, "Assign Privileges");
const REVOKE_PRIVILEGES: Activity = Activity::new(2, "Revoke Privileges");
const ADD_USER: Activity = Activity::new(3, "Add User");
const REMOVE_USER: Activity = Activity::new(4, "Remove User");
const DELETE: Activity = Activity::new(5, "Delete");
const CREATE: Activity = Activity::new(6, "Create");

/// The activity of an action, if it is of this class: the group has to be named, and in version 1.1
/// the class has no place for who did it.
pub(super) fn activity(call: &Call<'_>) -> Option<Activity> {
    if call.service != "iam" || call.target.version < Version::V1_8 {
        return None;
    }
    let activity = match call.name {
        "AttachGroupPolicy" | "PutGroupPolicy" => ASSIGN_PRIVILEGES,
        "DeleteGroupPolicy" | "DetachGroupPolicy" => REVOKE_PRIVILEGES,
        "AddUserToGroup" => ADD_USER,
        "RemoveUserFromGroup" => REMOVE_USER,
        "DeleteGroup" => DELETE,
        "CreateGroup" => CREATE,
        _ => return None,
    };
    says(call.event, Field::RequestGroupName).map(|_group| activity)
}
