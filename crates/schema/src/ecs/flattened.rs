//! Whether Elasticsearch takes an object as a field of the type `flattened`. It refuses a whole
//! event for one that lies too deep, has a key twice, or has a key that holds the character 0.

use memchr::memchr2;
use std::borrow::Cow;
use trail_event::{Kind, Value};

/// Lucene's longest term, in bytes. Elastic's integration keeps objects whose text is shorter.
const LONGEST: usize = 32_766;

/// Values within values that the type takes.
const DEEPEST: usize = 20;

/// Keys that are remembered at a time: those of an object and of those around it.
const KEYS: usize = 64;

/// Whether it is taken.
pub(super) fn is_taken(value: Value<'_>) -> bool {
    let is_short = value.json().len() < LONGEST && value.kind() == Kind::Object;
    is_short && Scan::new(value.json()).verdict().unwrap_or_else(|Unsure| is_good(value, DEEPEST))
}

/// One look over the JSON of an object, which sees keys as they stand.
struct Scan<'j> {
    json: &'j [u8],
    /// Where the keys stand of the object at hand and of those around it.
    keys: [(u16, u16); KEYS],
    count: usize,
    /// How many keys there were when each object began.
    starts: [usize; DEEPEST],
    depth: usize,
}

/// There are too many keys, or escapes in one.
struct Unsure;

impl<'j> Scan<'j> {
    fn new(json: &'j str) -> Self {
        let json = json.as_bytes();
        Self { json, keys: [(0, 0); KEYS], count: 0, starts: [0; DEEPEST], depth: 0 }
    }

    fn verdict(mut self) -> Result<bool, Unsure> {
        let mut at = 0;
        while let Some(byte) = self.json.get(at) {
            at += 1;
            let is_good = match byte {
                b'{' | b'[' => self.open(),
                b'}' | b']' => self.close(),
                b'"' => {
                    let start = at;
                    let is_plain;
                    (at, is_plain) = self.string_end(start);
                    !self.is_key(at) || self.is_new(start, at, is_plain)?
                }
                _ => true,
            };
            if !is_good {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn open(&mut self) -> bool {
        let Some(start) = self.starts.get_mut(self.depth) else { return false };
        *start = self.count;
        self.depth += 1;
        true
    }

    fn close(&mut self) -> bool {
        self.depth = self.depth.saturating_sub(1);
        self.count = self.starts.get(self.depth).copied().unwrap_or_default();
        true
    }

    /// After the quote that ends the string whose text starts at `at`, and whether it has no escapes.
    fn string_end(&self, mut at: usize) -> (usize, bool) {
        let mut is_plain = true;
        let rest = |at: usize| self.json.get(at..).unwrap_or_default();
        while let Some(found) = memchr2(b'"', b'\\', rest(at)) {
            at += found + 1;
            if self.json.get(at - 1) == Some(&b'"') {
                return (at, is_plain);
            }
            at += 1;
            is_plain = false;
        }
        (self.json.len(), is_plain)
    }

    /// Whether a colon comes next.
    fn is_key(&self, at: usize) -> bool {
        let rest = self.json.get(at..).unwrap_or_default();
        match rest.first() {
            Some(b':') => true,
            Some(b' ' | b'\t' | b'\n' | b'\r') => {
                rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
            }
            Some(_) | None => false,
        }
    }

    /// Whether the object at hand has no key yet that is the string that ends at `end`.
    fn is_new(&mut self, start: usize, end: usize, is_plain: bool) -> Result<bool, Unsure> {
        let text = |start: usize, end: usize| self.json.get(start..end).unwrap_or_default();
        let key = text(start, end);
        let object = self.depth.checked_sub(1).and_then(|depth| self.starts.get(depth));
        let before = object.and_then(|start| self.keys.get(*start..self.count)).unwrap_or_default();
        if before.iter().any(|(start, end)| text((*start).into(), (*end).into()) == key) {
            return Ok(false);
        }
        let place = (start.try_into().map_err(|_| Unsure)?, end.try_into().map_err(|_| Unsure)?);
        let slot = self.keys.get_mut(self.count).filter(|_| is_plain);
        *slot.ok_or(Unsure)? = place;
        self.count += 1;
        Ok(true)
    }
}

/// The same for any number of keys, and for those with escapes.
fn is_good(value: Value<'_>, depth: usize) -> bool {
    let below = depth.checked_sub(1);
    let is_good_below = |member| below.is_some_and(|below| is_good(member, below));
    match value.kind() {
        Kind::Null | Kind::Boolean | Kind::Number | Kind::String => true,
        Kind::Array => depth > 0 && value.elements().all(is_good_below),
        Kind::Object => {
            let mut keys: Vec<Cow<'_, str>> =
                value.members().map(|(key, _)| key.unescaped()).collect();
            keys.sort_unstable();
            let is_repeated = keys.windows(2).any(|pair| pair.first() == pair.last());
            let has_zero = keys.iter().any(|key| key.contains('\0'));
            depth > 0
                && !is_repeated
                && !has_zero
                && value.members().all(|(_, member)| is_good_below(member))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(json: &str, expect: bool) {
        assert_eq!(is_taken(Value::new(json)), expect, "{json}");
    }

    fn deep(depth: usize, inside: &str) -> String {
        format!("{}{inside}{}", "{\"k\":".repeat(depth), "}".repeat(depth))
    }

    #[test]
    fn objects_are_taken_and_nothing_else() {
        check("{}", true);
        check(r#"{"a":{"a":[{"a":1},{"a":2}]},"b":"a","c" : "\"a\":"}"#, true);
        for other in ["null", "1", "\"{}\"", "[{}]", "true"] {
            check(other, false);
        }
    }

    #[test]
    fn no_object_may_have_a_key_twice() {
        check(r#"{"a":1,"b":{"c":1},"a":2}"#, false);
        check(r#"{"x":[{"b":{"c":1,"d":[],"c":2}}]}"#, false);
        check(r#"{"a":1,"\u0061":2}"#, false);
        check(r#"{"a\\":1,"a":"a"}"#, true);
    }

    #[test]
    fn no_key_may_hold_the_character_0() {
        check(r#"{"a\u0000":1}"#, false);
        check(r#"{"a":"\u0000"}"#, true);
    }

    #[test]
    fn objects_of_many_keys_are_looked_at_too() {
        let many = |last: &str| {
            let keys: Vec<String> = (0..200).map(|key| format!("\"k{key}\":1")).collect();
            format!("{{{},\"{last}\":1}}", keys.join(","))
        };
        check(&many("k200"), true);
        check(&many("k7"), false);
    }

    #[test]
    fn objects_may_be_twenty_deep_and_less_than_32_766_bytes_long() {
        check(&deep(20, "1"), true);
        check(&deep(21, "1"), false);
        check(&deep(19, "[1]"), true);
        check(&deep(20, "[1]"), false);
        check(&deep(20, r#""\u0000""#), true);
        let text = |length: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(length - 8));
        check(&text(LONGEST - 1), true);
        check(&text(LONGEST), false);
    }

    proptest! {
        #[test]
        fn one_look_is_as_good_as_two(json in object()) {
            let value = Value::new(&json);
            let quick = Scan::new(&json).verdict().unwrap_or(is_good(value, DEEPEST));
            prop_assert_eq!(quick, is_good(value, DEEPEST), "{}", json);
        }

        #[test]
        fn any_text_is_looked_at(text in ".*") {
            let _ = is_taken(Value::new(&format!("{{{text}")));
        }
    }

    /// Objects with keys that are often the same.
    fn object() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![Just("1".to_owned()), Just(r#""a\"b""#.to_owned())];
        let value = leaf.prop_recursive(4, 40, 4, |inner| {
            let members = prop::collection::vec(("[ab\\\\]|\\\\u0061", inner.clone()), 0..4);
            let object = members.prop_map(|members| members_of(&members));
            let array = prop::collection::vec(inner, 0..3);
            prop_oneof![object, array.prop_map(|array| format!("[{}]", array.join(",")))]
        });
        prop::collection::vec(("[a-c]", value), 0..4).prop_map(|members| members_of(&members))
    }

    fn members_of(members: &[(String, String)]) -> String {
        let member = |(key, value): &(String, String)| {
            let key = if key == "\\" { "\\\\" } else { key };
            format!("\"{key}\" :{value}")
        };
        format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
    }
}
