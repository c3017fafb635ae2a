//! The resources of an event.

use crate::convert::string;
use crate::program::end;
use crate::table::Wrote;
use trail_event::{Kind, Value};

/// Resources that are looked at for one that is the same. Records have one or two of them; with
/// thousands, looking at all of them for each would take long.
const ALIKE: usize = 32;

/// What a resource has, and what it is called in the output.
const NAMES: [(&str, &str); 4] =
    [("ARN", "arn"), ("ARNPrefix", "arn_prefix"), ("accountId", "account_id"), ("type", "type")];

/// Writes an array of resources, each once.
pub(super) fn write(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    let start = line.len();
    let mut is_all = value.kind() == Kind::Array;
    line.push(b'[');
    for (place, resource) in value.elements().enumerate() {
        let mut before = value.elements().take(place.min(ALIKE));
        if !before.any(|other| other == resource) {
            is_all &= element(resource, line);
        }
    }
    match line.last_mut() {
        Some(last @ b',') => *last = b']',
        _ => {
            line.truncate(start);
            return Wrote::Nothing;
        }
    }
    if is_all { Wrote::All } else { Wrote::Part }
}

/// Appends a resource and a comma; tells whether nothing is left to say of it.
fn element(resource: Value<'_>, line: &mut Vec<u8>) -> bool {
    let mut texts = [None; NAMES.len()];
    let mut is_all = resource.kind() == Kind::Object;
    for (key, value) in resource.members() {
        let name = key.plain().and_then(|key| NAMES.iter().position(|(name, _)| *name == key));
        match (name.and_then(|name| texts.get_mut(name)), value.filled()) {
            (Some(slot), Some(text)) => is_all &= slot.replace(text).is_none(),
            _ => is_all &= value.is_empty(),
        }
    }
    let start = line.len();
    line.push(b'{');
    for ((_, name), text) in NAMES.iter().zip(texts) {
        let Some(text) = text else { continue };
        line.push(b'"');
        line.extend_from_slice(name.as_bytes());
        line.extend_from_slice(b"\":");
        string(text, line);
        line.push(b',');
    }
    if line.last() == Some(&b'{') {
        line.truncate(start);
    } else {
        end(line);
        line.push(b',');
    }
    is_all
}
