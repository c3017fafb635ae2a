//! Walking through a record from quote to quote.
//!
//! The log file's reader has validated every record. Where text is not valid after all, places are
//! wrong, and nothing worse: nothing here panics, and every step goes forward.

use std::ops::Range;

/// A place in a record, and the quotes from there on.
pub(super) struct Walk<'b> {
    pub(super) bytes: &'b [u8],
    pub(super) quotes: &'b [u32],
    pub(super) at: usize,
}

/// A member that was found: its key, where its value starts, and where that ends if it is a string.
pub(super) struct Found {
    pub(super) key: Range<usize>,
    pub(super) value: usize,
    pub(super) string: Option<usize>,
}

impl Walk<'_> {
    /// Into the object that is next.
    #[inline]
    pub(super) fn enter(&mut self) {
        self.at += 1;
    }

    /// Out of the object whose members are all passed.
    #[inline]
    pub(super) fn leave(&mut self) {
        self.skip();
        self.at = (self.at + 1).min(self.bytes.len());
    }

    /// Passes over the key that is next, and over its value if that is a string; none if the object
    /// ends.
    #[inline(always)]
    pub(super) fn member(&mut self) -> Option<Found> {
        let Some(&[key, end, value, value_end]) = self.quotes.first_chunk() else {
            return self.member_somewhere();
        };
        let [key, end, value, value_end] = [key, end, value, value_end].map(|place| place as usize);
        // Only a comma may stand before a key without a space, only a colon before a string.
        if key > self.at + 1 || value != end + 2 {
            return self.member_somewhere();
        }
        self.quotes = self.quotes.get(4..).unwrap_or_default();
        self.at = value_end + 1;
        Some(Found { key: key + 1..end, value, string: Some(self.at) })
    }

    fn member_somewhere(&mut self) -> Option<Found> {
        self.skip();
        if self.bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        let key = self.at + 1..self.string();
        self.skip();
        let string = None;
        (key.start <= key.end).then_some(Found { key, value: self.at, string })
    }

    /// Passes over the string that is next; gives the place of its last quote.
    #[inline(always)]
    fn string(&mut self) -> usize {
        let Some(([_, end], rest)) = self.quotes.split_first_chunk() else {
            self.at = self.bytes.len();
            return self.at;
        };
        self.quotes = rest;
        self.at = *end as usize + 1;
        *end as usize
    }

    /// Passes over the value that is next.
    #[inline(always)]
    pub(super) fn pass(&mut self) {
        match self.bytes.get(self.at) {
            Some(b'"') => drop(self.string()),
            Some(b'{' | b'[') => self.container(),
            _ => self.word(),
        }
    }

    /// Passes over a number or a word: it has one byte at least.
    #[inline]
    fn word(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        self.at = (self.at + length.max(1)).min(self.bytes.len());
    }

    /// Passes over an object or array.
    fn container(&mut self) {
        let mut depth = 0_usize;
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte == b'"' {
                self.string();
                continue;
            }
            self.at += 1;
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => continue,
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Goes to the next byte that is not space, colon or comma.
    #[inline(always)]
    fn skip(&mut self) {
        while let Some(b':' | b',' | b' ' | b'\t' | b'\n' | b'\r') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }
}
