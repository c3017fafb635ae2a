//! The resources of an event.

use super::strings;
use crate::append::append;
use crate::program::end;
use crate::table::Wrote;
use trail_event::{Kind, Text, Value};

/// Resources that are looked at for one that is the same. Records have one or two of them; with
/// thousands, looking at all of them for each would take long.
const ALIKE: usize = 32;

/// What a resource has, as keys of the output.
const KEYS: [&str; 4] = ["\"arn\":\"", "\"arn_prefix\":\"", "\"account_id\":\"", "\"type\":\""];

/// What a resource says under each of them.
type Texts<'r> = [Option<Text<'r>>; KEYS.len()];

/// The place among [`KEYS`] of what a record calls so.
#[inline]
fn place_of(key: &[u8]) -> Option<usize> {
    match key {
        b"ARN" => Some(0),
        b"ARNPrefix" => Some(1),
        b"accountId" => Some(2),
        b"type" => Some(3),
        _ => None,
    }
}

/// Writes an array of resources, each once.
pub(super) fn write(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    let start = line.len();
    line.push(b'[');
    let is_all = usual(value.json(), line).unwrap_or_else(|| {
        line.truncate(start + 1);
        unusual(value, line)
    });
    match line.last_mut() {
        Some(last @ b',') => *last = b']',
        _ => {
            line.truncate(start);
            return Wrote::Nothing;
        }
    }
    if is_all { Wrote::All } else { Wrote::Part }
}

/// Appends one or two resources as services write them: objects of texts that are not empty,
/// nothing between tokens. None if it is anything else; what was appended then means nothing.
fn usual(json: &str, line: &mut Vec<u8>) -> Option<bool> {
    let (first, after) = resource(json, 1)?;
    append_texts(&first, line);
    match json.as_bytes().get(after..)? {
        b"]" => Some(true),
        [b',', ..] => {
            let (second, end) = resource(json, after + 1)?;
            if json.get(1..after) != json.get(after + 1..end) {
                append_texts(&second, line);
            }
            (json.as_bytes().get(end..)? == b"]").then_some(true)
        }
        _ => None,
    }
}

/// The texts of the object at `at`, and the place after it.
fn resource(json: &str, at: usize) -> Option<(Texts<'_>, usize)> {
    let bytes = json.as_bytes();
    let mut texts: Texts<'_> = [None; KEYS.len()];
    let mut at = at;
    while let [b'{' | b',', b'"', ..] = bytes.get(at..)? {
        let (key_end, _) = strings::end(bytes, at + 2);
        let slot = texts.get_mut(place_of(bytes.get(at + 2..key_end)?)?)?;
        let [b'"', b':', b'"', ..] = bytes.get(key_end..)? else { return None };
        let (end, _) = strings::end(bytes, key_end + 3);
        let text = json.get(key_end + 3..end).filter(|text| !text.is_empty())?;
        if slot.replace(Text::new(text)).is_some() {
            return None;
        }
        at = end + 1;
    }
    (bytes.get(at) == Some(&b'}')).then_some((texts, at + 1))
}

/// Appends any resources; tells whether nothing is left to say of them.
fn unusual(value: Value<'_>, line: &mut Vec<u8>) -> bool {
    let mut is_all = value.kind() == Kind::Array;
    for (place, resource) in value.elements().enumerate() {
        let mut before = value.elements().take(place.min(ALIKE));
        if !before.any(|other| other == resource) {
            is_all &= element(resource, line);
        }
    }
    is_all
}

/// Appends a resource and a comma; tells whether nothing is left to say of it.
fn element(resource: Value<'_>, line: &mut Vec<u8>) -> bool {
    let mut texts: Texts<'_> = [None; KEYS.len()];
    let mut is_all = resource.kind() == Kind::Object;
    for (key, value) in resource.members() {
        let slot = place_of(key.escaped().as_bytes()).and_then(|place| texts.get_mut(place));
        match (slot, value.filled()) {
            (Some(slot), Some(text)) => is_all &= slot.replace(text).is_none(),
            _ => is_all &= value.is_empty(),
        }
    }
    append_texts(&texts, line);
    is_all
}

/// Appends an object of the texts that are there and a comma.
fn append_texts(texts: &Texts<'_>, line: &mut Vec<u8>) {
    let start = line.len();
    line.push(b'{');
    for (key, text) in KEYS.iter().zip(texts) {
        let Some(text) = text else { continue };
        append(key.as_bytes(), line);
        append(text.escaped().as_bytes(), line);
        line.extend_from_slice(b"\",");
    }
    if line.last() == Some(&b'{') {
        line.truncate(start);
    } else {
        end(line);
        line.push(b',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Appends them as any resources.
    fn as_any(json: &str) -> (bool, Vec<u8>) {
        let mut line = Vec::new();
        (unusual(Value::new(json), &mut line), line)
    }

    fn check(json: &str, is_usual: bool) {
        let mut line = Vec::new();
        let usual = usual(json, &mut line);
        assert_eq!(usual.is_some(), is_usual, "{json}");
        if let Some(is_all) = usual {
            assert_eq!((is_all, line), as_any(json), "{json}");
        }
    }

    #[test]
    fn one_or_two_objects_of_texts_are_usual() {
        check(r#"[{"accountId":"1","type":"t","ARN":"a\\"}]"#, true);
        check(r#"[{"ARNPrefix":"p"},{"ARNPrefix":"p"}]"#, true);
        check(r#"[{"type":"\"]},","ARN":"b"},{"ARN":"a"}]"#, true);
    }

    #[test]
    fn others_are_not() {
        let others = [
            "null",
            "[]",
            "[{}]",
            r#"[{"ARN":"a"}"#,
            r#"[{"ARN":"a"}, {"ARN":"b"}]"#,
            r#"[{"ARN" :"a"}]"#,
            r#"[{"ARN":""}]"#,
            r#"[{"ARN":null}]"#,
            r#"[{"new":"a"}]"#,
            r#"[{"ARN":"a","ARN":"b"}]"#,
            r#"[{"ARN":"a"},{"ARN":"b"},{"ARN":"c"}]"#,
            r#"[{"ARN":"a"},1]"#,
            r#"["ARN"]"#,
        ];
        others.into_iter().for_each(|other| check(other, false));
    }

    proptest! {
        #[test]
        fn the_usual_ones_are_written_as_any(json in resources()) {
            let mut line = Vec::new();
            if let Some(is_all) = usual(&json, &mut line) {
                prop_assert_eq!((is_all, line), as_any(&json), "{}", json);
            }
        }

        #[test]
        fn any_text_is_looked_at(text in "[\\[{\",:A-Ra\\\\]{0,40}") {
            let _ = write(Value::new(&text), &mut Vec::new());
        }
    }

    fn resources() -> impl Strategy<Value = String> {
        let member =
            "\"(ARN|ARNPrefix|accountId|type|new)\":(\"[ab\\]}]{0,2}\"|\"a\\\\\"\"|null|\\{\\})";
        let resource = prop::collection::vec(member, 0..3)
            .prop_map(|members| format!("{{{}}}", members.join(",")));
        prop::collection::vec(resource, 0..4).prop_map(|all| format!("[{}]", all.join(",")))
    }
}
