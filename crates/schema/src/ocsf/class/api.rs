//! API Activity: every call that is of no other class.

use super::{Activity, Call};
use trail_event::Field;

const CREATE: Activity = Activity::new(1, "Create");
const READ: Activity = Activity::new(2, "Read");
const UPDATE: Activity = Activity::new(3, "Update");
const DELETE: Activity = Activity::new(4, "Delete");

/// What actions do whose name does not begin with what they do.
fn of_name(name: &str) -> Option<Activity> {
    match name {
        "EndSecretVersionDelete" => Some(DELETE),
        "SharedSnapshotVolumeCreated" => Some(CREATE),
        _ => None,
    }
}

/// What verbs say.
fn of_verb(verb: &str) -> Option<Activity> {
    Some(match verb {
        "Check" | "Describe" | "Get" | "Head" | "List" | "Lookup" | "Preview" | "Query"
        | "Scan" | "Search" | "Select" | "Test" | "Verify" => READ,
        "Create" | "Generate" | "Run" => CREATE,
        "Add" | "Associate" | "Attach" | "Deregister" | "Detach" | "Disable" | "Disassociate"
        | "Enable" | "Modify" | "Put" | "Register" | "Remove" | "Start" | "Stop" | "Tag"
        | "Untag" | "Update" => UPDATE,
        "Delete" | "Terminate" => DELETE,
        "Invoke" | "Publish" | "Send" => Activity::OTHER,
        _ => return None,
    })
}

/// The activity that the verb of the action says; for another verb, reading if CloudTrail says so.
pub(super) fn activity(call: &Call<'_>) -> Activity {
    let told = of_name(call.name).or_else(|| of_verb(verb(call.name)));
    told.unwrap_or_else(|| {
        let read_only = call.event.value(Field::ReadOnly).and_then(|value| value.boolean());
        if read_only == Some(true) { READ } else { Activity::OTHER }
    })
}

/// The verb an action's name begins with: `Describe` of `DescribeInstances`, `Get` of
/// `BatchGetItem` and `AdminGetUser`.
fn verb(name: &str) -> &str {
    let rest = name.strip_prefix("Batch").or_else(|| name.strip_prefix("Admin")).unwrap_or(name);
    let inside = rest.bytes().skip(1).take_while(u8::is_ascii_lowercase).count();
    rest.get(..=inside).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_ends_where_the_next_word_begins() {
        for (name, expect) in [
            ("DescribeInstances20150331", "Describe"),
            ("BatchGetItem", "Get"),
            ("AdminGetUser", "Get"),
            ("Query", "Query"),
            ("GETObject", "G"),
            ("é", ""),
            ("", ""),
        ] {
            assert_eq!(verb(name), expect, "{name}");
        }
    }
}
