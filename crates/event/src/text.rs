//! The text of a JSON string, as it is escaped in its record.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// What stands between the quotes of a JSON string. It is kept escaped, because a lone surrogate
/// escape (`\ud83d`) has no other form, and because most of it is copied as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Text<'r> {
    escaped: &'r str,
}

impl<'r> Text<'r> {
    /// The text that `escaped` is: the inside of a valid JSON string.
    #[must_use]
    #[inline]
    pub fn new(escaped: &'r str) -> Self {
        Self { escaped }
    }

    /// With its escapes, as it stands in the record: between quotes it is valid JSON.
    #[must_use]
    #[inline]
    pub fn escaped(self) -> &'r str {
        self.escaped
    }

    /// Whether there is nothing.
    #[must_use]
    #[inline]
    pub fn is_empty(self) -> bool {
        self.escaped.is_empty()
    }

    /// As it is where nothing in it is escaped, which is nearly always.
    #[must_use]
    #[inline]
    pub fn plain(self) -> Option<&'r str> {
        memchr::memchr(b'\\', self.escaped.as_bytes()).is_none().then_some(self.escaped)
    }

    /// Without escapes. A lone surrogate becomes U+FFFD. Allocates where there are escapes.
    #[must_use]
    pub fn unescaped(self) -> Cow<'r, str> {
        match self.plain() {
            Some(plain) => Cow::Borrowed(plain),
            None => Cow::Owned(self.chars().collect()),
        }
    }

    /// Its characters, without escapes. A lone surrogate becomes U+FFFD.
    pub fn chars(self) -> impl Iterator<Item = char> + 'r {
        Unescaped { rest: self.escaped }
    }

    /// Whether it says `other`.
    #[must_use]
    #[inline]
    pub fn is(self, other: &str) -> bool {
        let (first, other_first) = (self.escaped.as_bytes().first(), other.as_bytes().first());
        // The first byte tells most texts apart.
        if first != other_first && first != Some(&b'\\') {
            return false;
        }
        // Every escape is longer than what it says.
        match self.escaped.len().cmp(&other.len()) {
            Ordering::Less => false,
            Ordering::Equal => self.escaped == other && !other.contains('\\'),
            Ordering::Greater => self.plain().is_none() && self.chars().eq(other.chars()),
        }
    }

    /// Whether it starts as `other` does.
    #[must_use]
    pub fn starts_with(self, other: &str) -> bool {
        match self.plain() {
            Some(plain) => plain.starts_with(other),
            None => self.unescaped().starts_with(other),
        }
    }

    /// Whether it ends as `other` does.
    #[must_use]
    pub fn ends_with(self, other: &str) -> bool {
        match self.plain() {
            Some(plain) => plain.ends_with(other),
            None => self.unescaped().ends_with(other),
        }
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.escaped)
    }
}

/// The text without escapes.
impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.unescaped())
    }
}

struct Unescaped<'r> {
    rest: &'r str,
}

impl Unescaped<'_> {
    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// The code unit of a `\u` escape whose digits come next.
    fn unit(&mut self) -> Option<u32> {
        let unit = u32::from_str_radix(self.rest.get(..4)?, 16).ok()?;
        self.skip(4);
        Some(unit)
    }

    /// The low half of a surrogate pair, if one comes next.
    fn low_half(&mut self) -> Option<u32> {
        let digits = self.rest.strip_prefix("\\u")?;
        let unit = u32::from_str_radix(digits.get(..4)?, 16).ok()?;
        if !(0xdc00..0xe000).contains(&unit) {
            return None;
        }
        self.skip(6);
        Some(unit)
    }

    fn code_point(&mut self) -> Option<char> {
        let unit = self.unit()?;
        if !(0xd800..0xdc00).contains(&unit) {
            return char::from_u32(unit);
        }
        let low = self.low_half()?;
        char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00))
    }
}

impl Iterator for Unescaped<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let first = chars.next()?;
        self.rest = chars.as_str();
        if first != '\\' {
            return Some(first);
        }
        let kind = chars.next()?;
        self.rest = chars.as_str();
        Some(match kind {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.code_point().unwrap_or(char::REPLACEMENT_CHARACTER),
            other => other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(escaped: &str, expect: &str) {
        assert_eq!(Text::new(escaped).unescaped(), expect, "{escaped}");
        assert!(Text::new(escaped).is(expect), "{escaped}");
    }

    #[test]
    fn escapes_are_understood() {
        check("", "");
        check("plain é", "plain é");
        check(r#"a\"b\\c\/d\n\t\u0041"#, "a\"b\\c/d\n\tA");
        check(r"\ud83d\ude00!", "\u{1f600}!");
        check(r"\ud83dx", "\u{fffd}x");
        check(r"\ude00", "\u{fffd}");
        check(r"\ud83d\u0041", "\u{fffd}A");
    }

    #[test]
    fn text_is_compared_without_its_escapes() {
        let text = Text::new(r"Get\u004fbject");
        assert!(text.is("GetObject") && text.starts_with("GetO") && text.ends_with("Object"));
        assert!(!text.is(r"Get\u004fbject"));
        assert!(!Text::new("a").is("b"));
    }

    proptest! {
        #[test]
        fn text_is_what_serde_json_reads(text in "\\PC*") {
            let json = serde_json::to_string(&text).unwrap();
            let escaped = json.get(1..json.len() - 1).unwrap();
            prop_assert_eq!(Text::new(escaped).unescaped(), text.as_str());
            prop_assert!(Text::new(escaped).is(&text));
        }

        #[test]
        fn any_text_is_unescaped_to_something(text in ".*") {
            let _ = Text::new(&text).unescaped();
        }
    }
}
