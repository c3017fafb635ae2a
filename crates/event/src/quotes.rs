//! Where the strings of a record are: the places of all quotes that begin or end one.
//!
//! The log file's reader has them already; this finds them in records that come from elsewhere.

use memchr::memchr2_iter;

/// Quotes for which memory is kept from one record to the next. Records have some hundred.
const KEPT: usize = 16 * 1024;

/// The quotes of a record. Its memory is kept from one record to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Quotes {
    places: Vec<u32>,
}

impl Quotes {
    /// Finds those of `bytes`, which are less than 4 GiB. What follows a backslash is passed over.
    #[expect(clippy::cast_possible_truncation, reason = "records are below 4 GiB")]
    pub(crate) fn find(&mut self, bytes: &[u8]) {
        self.places.clear();
        self.places.shrink_to(KEPT);
        let mut after_escape = 0;
        for place in memchr2_iter(b'"', b'\\', bytes).map(|place| place as u32) {
            if place < after_escape {
                continue;
            }
            if bytes.get(place as usize) == Some(&b'"') {
                self.places.push(place);
            } else {
                after_escape = place.saturating_add(2);
            }
        }
    }

    /// Takes those that another has found; gives them, to be moved.
    pub(crate) fn copy(&mut self, places: &[u32]) -> &mut [u32] {
        self.places.clear();
        self.places.shrink_to(KEPT);
        self.places.extend_from_slice(places);
        &mut self.places
    }

    /// In order.
    #[inline]
    pub(crate) fn places(&self) -> &[u32] {
        &self.places
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<usize> {
        let mut quotes = Quotes::default();
        quotes.find(text.as_bytes());
        quotes.places().iter().map(|place| *place as usize).collect()
    }

    /// A byte at a time.
    fn expected(text: &str) -> Vec<usize> {
        let mut escaped = false;
        let unescaped = |(place, byte): (usize, u8)| {
            let is_quote = !escaped && byte == b'"';
            escaped = !escaped && byte == b'\\';
            is_quote.then_some(place)
        };
        text.bytes().enumerate().filter_map(unescaped).collect()
    }

    #[test]
    fn quotes_that_are_escaped_are_none() {
        for text in [r#""a\"b""#, r#""\\""#, r#""\\\"""#, "", "\"", &"\"".repeat(300)] {
            assert_eq!(found(text), expected(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_quote_is_found(text in "[a\"\u{e9}]{0,300}") {
            prop_assert_eq!(found(&text), expected(&text));
        }

        #[test]
        fn every_quote_is_found_among_escapes(text in "[a\"\\\\]{0,300}") {
            prop_assert_eq!(found(&text), expected(&text));
        }
    }
}
