//! Whether Elasticsearch takes an object as a field of the type `flattened`. It refuses a whole
//! event for one that lies too deep, has a key twice, or has a key that holds the character 0.

use std::borrow::Cow;
use trail_event::{Kind, Quoted, Value};

/// Lucene's longest term, in bytes. Elastic's integration keeps objects whose text is shorter.
const LONGEST: usize = 32_766;

/// Values within values that the type takes.
const DEEPEST: usize = 20;

/// Keys that are remembered at a time: those of an object and of those around it.
const KEYS: usize = 64;

/// Whether it is taken.
pub(super) fn is_taken(quoted: Quoted<'_>) -> bool {
    let value = quoted.value();
    let is_short = value.json().len() < LONGEST && value.kind() == Kind::Object;
    is_short && Scan::new(quoted).verdict().unwrap_or_else(|Unsure| is_good(value, DEEPEST))
}

/// One look over the JSON of an object, which sees keys as they stand.
struct Scan<'j> {
    json: &'j [u8],
    /// Where its quotes stand, counted from `base`.
    quotes: &'j [u32],
    base: usize,
    /// Whether there are no escapes anywhere.
    is_plain: bool,
    /// Digests of the keys of the object at hand and of those around it.
    keys: [u64; KEYS],
    count: usize,
    /// Where those of the object at hand begin.
    first: usize,
    /// Where those of the objects around it begin.
    around: [usize; DEEPEST],
    depth: usize,
}

/// There are too many keys, escapes in one, two that may be the same, or quotes where none are known.
struct Unsure;

impl<'j> Scan<'j> {
    fn new(quoted: Quoted<'j>) -> Self {
        let json = quoted.value().json().as_bytes();
        let (quotes, base) = quoted.quotes();
        let is_plain = memchr::memchr(b'\\', json).is_none();
        let (keys, around) = ([0; KEYS], [0; DEEPEST]);
        Self { json, quotes, base, is_plain, keys, count: 0, first: 0, around, depth: 0 }
    }

    fn verdict(mut self) -> Result<bool, Unsure> {
        let mut at = 0;
        while let Some(byte) = self.json.get(at) {
            at += 1;
            match byte {
                b'"' => {
                    let end = self.string_end(at)?;
                    if self.is_key(end + 1) {
                        self.note(at, end)?;
                    }
                    at = end + 1;
                }
                b'{' | b'[' if self.depth == DEEPEST => return Ok(false),
                b'{' | b'[' => self.open(),
                b'}' | b']' => self.close(),
                _ => {}
            }
        }
        Ok(true)
    }

    /// The place of the quote that ends the string whose text starts at `at`.
    #[inline(always)]
    fn string_end(&mut self, at: usize) -> Result<usize, Unsure> {
        let ([start, end], rest) = self.quotes.split_first_chunk().ok_or(Unsure)?;
        self.quotes = rest;
        let end = (*end as usize).wrapping_sub(self.base);
        let is_here = *start as usize + 1 == self.base + at && end >= at;
        if is_here { Ok(end) } else { Err(Unsure) }
    }

    #[inline(always)]
    fn open(&mut self) {
        if let Some(first) = self.around.get_mut(self.depth) {
            *first = self.first;
        }
        self.first = self.count;
        self.depth += 1;
    }

    #[inline(always)]
    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.count = self.first;
        self.first = self.around.get(self.depth).copied().unwrap_or_default();
    }

    /// Whether a colon comes next.
    #[inline(always)]
    fn is_key(&self, at: usize) -> bool {
        match self.json.get(at) {
            Some(b':') => true,
            Some(b' ' | b'\t' | b'\n' | b'\r') => {
                let rest = self.json.get(at..).unwrap_or_default();
                rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
            }
            Some(_) | None => false,
        }
    }

    /// Notes a key that the object at hand does not have yet.
    #[inline(always)]
    fn note(&mut self, start: usize, end: usize) -> Result<(), Unsure> {
        let key = self.json.get(start..end).unwrap_or_default();
        let is_plain = self.is_plain || !key.contains(&b'\\');
        let digest = digest(self.json, start, key);
        let before = self.keys.get(self.first..self.count).unwrap_or_default();
        if !is_plain || before.contains(&digest) {
            return Err(Unsure);
        }
        *self.keys.get_mut(self.count).ok_or(Unsure)? = digest;
        self.count += 1;
        Ok(())
    }
}

/// Bytes of a word.
const WORD: usize = 8;

/// A word that tells keys apart: two with one word are nearly always the same.
#[inline(always)]
fn digest(json: &[u8], start: usize, key: &[u8]) -> u64 {
    let (Some(head), Some(tail)) = (key.first_chunk::<WORD>(), key.last_chunk::<WORD>()) else {
        return short(json, start, key);
    };
    let mix = |digest: u64, word: &[u8; WORD]| {
        (digest ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
    };
    let ends = mix(mix(key.len() as u64, head), tail);
    if key.len() <= 2 * WORD { ends } else { key.as_chunks::<WORD>().0.iter().fold(ends, mix) }
}

/// A short key is its own digest. More bytes nearly always follow it, to fill a word.
#[inline(always)]
fn short(json: &[u8], start: usize, key: &[u8]) -> u64 {
    let length = key.len() as u64;
    let bytes = match json.get(start..).and_then(<[u8]>::first_chunk::<WORD>) {
        Some(word) => u64::from_le_bytes(*word) & ((1 << (8 * length)) - 1),
        None => key.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    bytes | length << 56
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
    use trail_event::{Field, Reader};

    /// Asks about the value of a field that is this JSON, none if it is no object or array.
    fn ask<T>(json: &str, about: impl Fn(Quoted<'_>) -> T) -> Option<T> {
        let record = format!(r#"{{"before":"a","requestParameters":{json},"after":"b"}}"#);
        Reader::new().read(0, &record).quoted(Field::RequestParameters).map(about)
    }

    fn check(json: &str, expect: bool) {
        assert_eq!(ask(json, is_taken).unwrap_or(false), expect, "{json}");
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
            let exact = is_good(Value::new(&json), DEEPEST);
            let quick = ask(&json, |quoted| Scan::new(quoted).verdict().unwrap_or(exact));
            prop_assert_eq!(quick, Some(exact), "{}", json);
        }

        #[test]
        fn any_text_is_looked_at(text in ".*") {
            let _ = ask(&format!("{{{text}"), is_taken);
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
