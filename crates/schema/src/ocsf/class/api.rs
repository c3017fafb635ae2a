//! API Activity: every call that is of no other class.

use super::{Activity, Call};
use trail_event::Field;

const CREATE: Activity = Activity::new(1, "Create");
const READ: Activity = Activity::new(2, "Read");
const UPDATE: Activity = Activity::new(3, "Update");
const DELETE: Activity = Activity::new(4, "Delete");

/// What actions do whose name does not begin with what they do. Sorted.
static NAMES: [(&str, Activity); 2] =
    [("EndSecretVersionDelete", DELETE), ("SharedSnapshotVolumeCreated", CREATE)];

/// What verbs say. Sorted.
static VERBS: [(&str, Activity); 38] = [
    ("Add", UPDATE),
    ("Associate", UPDATE),
    ("Attach", UPDATE),
    ("Check", READ),
    ("Create", CREATE),
    ("Delete", DELETE),
    ("Deregister", UPDATE),
    ("Describe", READ),
    ("Detach", UPDATE),
    ("Disable", UPDATE),
    ("Disassociate", UPDATE),
    ("Enable", UPDATE),
    ("Generate", CREATE),
    ("Get", READ),
    ("Head", READ),
    ("Invoke", Activity::OTHER),
    ("List", READ),
    ("Lookup", READ),
    ("Modify", UPDATE),
    ("Preview", READ),
    ("Publish", Activity::OTHER),
    ("Put", UPDATE),
    ("Query", READ),
    ("Register", UPDATE),
    ("Remove", UPDATE),
    ("Run", CREATE),
    ("Scan", READ),
    ("Search", READ),
    ("Select", READ),
    ("Send", Activity::OTHER),
    ("Start", UPDATE),
    ("Stop", UPDATE),
    ("Tag", UPDATE),
    ("Terminate", DELETE),
    ("Test", READ),
    ("Untag", UPDATE),
    ("Update", UPDATE),
    ("Verify", READ),
];

/// The activity that the verb of the action says; for another verb, reading if CloudTrail says so.
pub(super) fn activity(call: &Call<'_>) -> Activity {
    let told = find(&NAMES, call.name).or_else(|| find(&VERBS, verb(call.name)));
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

fn find(table: &[(&str, Activity)], name: &str) -> Option<Activity> {
    let at = table.binary_search_by_key(&name, |(name, _)| name).ok()?;
    table.get(at).map(|(_, activity)| *activity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(NAMES.is_sorted_by_key(|(name, _)| name));
        assert!(VERBS.is_sorted_by_key(|(verb, _)| verb));
    }

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
