//! Walking through a record from quote to quote.
//!
//! The log file's reader has validated every record. Where text is not valid after all, places are
//! wrong, and nothing worse: nothing here panics, and every step goes forward.

use std::ops::Range;

/// A place in a record, and the quotes from there on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk<'b> {
    pub(crate) bytes: &'b [u8],
    /// The quotes that are ahead.
    quotes: &'b [u32],
    /// How many quotes there are in all.
    all: usize,
    pub(crate) at: usize,
}

/// A member that was found: its key, and where its value starts.
pub(crate) struct Found {
    pub(crate) key: Range<usize>,
    pub(crate) value: usize,
}

impl<'b> Walk<'b> {
    /// From the first byte on.
    pub(crate) fn new(bytes: &'b [u8], quotes: &'b [u32]) -> Self {
        Self { bytes, quotes, all: quotes.len(), at: 0 }
    }

    /// How many quotes are passed.
    #[inline(always)]
    pub(crate) fn passed(&self) -> usize {
        self.all - self.quotes.len()
    }

    /// Into the object that is next.
    #[inline]
    pub(crate) fn enter(&mut self) {
        self.at += 1;
    }

    /// Out of the object whose members are all passed.
    #[inline]
    pub(crate) fn leave(&mut self) {
        self.skip();
        self.at = (self.at + 1).min(self.bytes.len());
    }

    /// Passes over the key that is next, and over its value if that is a string; none where it is
    /// not, or a space stands before or after the key.
    #[inline(always)]
    pub(crate) fn string_member(&mut self) -> Option<Found> {
        let (&[key, end, start, string_end], rest) = self.quotes.split_first_chunk()?;
        let (key, end, start) = (key as usize, end as usize, start as usize);
        // Only a comma may stand before a key without a space, only a colon between two strings.
        if key > self.at + 1 || start != end + 2 {
            return None;
        }
        self.quotes = rest;
        self.at = string_end as usize + 1;
        Some(Found { key: key + 1..end, value: start })
    }

    /// Passes over the key that is next; none if the object ends.
    #[inline(always)]
    pub(crate) fn member(&mut self) -> Option<Found> {
        let (&[key, end], rest) = self.quotes.split_first_chunk()?;
        let (key, end) = (key as usize, end as usize);
        if key > self.at + 1 && (self.is_before_end() || !self.is_before_string()) {
            return None;
        }
        self.quotes = rest;
        self.at = end + 1;
        self.skip();
        Some(Found { key: key + 1..end, value: self.at })
    }

    /// Passes over the member that is next; gives it, and the quotes in its value.
    #[inline]
    pub(crate) fn quoted_member(&mut self) -> Option<(Found, &'b [u32])> {
        let ahead = self.quotes;
        match self.string_member() {
            Some(found) => Some((found, ahead.get(2..4).unwrap_or_default())),
            None => self.member().map(|found| (found, self.pass_quoted())),
        }
    }

    #[inline(always)]
    fn is_before_end(&self) -> bool {
        self.bytes.get(self.at) == Some(&b'}')
    }

    /// Goes to the next token; whether that is a string.
    #[inline(never)]
    fn is_before_string(&mut self) -> bool {
        self.skip();
        self.bytes.get(self.at) == Some(&b'"')
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

    /// Goes to the element that is next and gives where it starts; none if the array ends.
    #[inline]
    pub(crate) fn element(&mut self) -> Option<usize> {
        self.skip();
        if matches!(self.bytes.get(self.at)?, b']' | b'}') { None } else { Some(self.at) }
    }

    /// Passes over the value that is next; gives the quotes in it.
    #[inline]
    pub(crate) fn pass_quoted(&mut self) -> &'b [u32] {
        let quotes = self.quotes;
        self.pass();
        quotes.get(..quotes.len() - self.quotes.len()).unwrap_or_default()
    }

    /// Passes over the value that is next.
    #[inline(always)]
    pub(crate) fn pass(&mut self) {
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
        let length = match rest {
            [b't', b'r', b'u', b'e', ..] | [b'n', b'u', b'l', b'l', ..] => 4,
            [b'f', b'a', b'l', b's', b'e', ..] => 5,
            _ => rest.iter().position(|byte| ends_word(*byte)).unwrap_or(rest.len()).max(1),
        };
        self.at = (self.at + length).min(self.bytes.len());
    }

    /// Passes over an object or array.
    fn container(&mut self) {
        let mut depth = 0_usize;
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte == b'"' {
                self.strings();
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

    /// Passes over the string that is next, and over more with one byte between them: that can be
    /// no brace or bracket.
    #[inline]
    fn strings(&mut self) {
        self.string();
        while let Some(([start, end], rest)) = self.quotes.split_first_chunk()
            && *start as usize == self.at + 1
        {
            self.quotes = rest;
            self.at = *end as usize + 1;
        }
    }

    /// Goes to the next byte that is not space, colon or comma.
    #[inline(always)]
    fn skip(&mut self) {
        while self.bytes.get(self.at).is_some_and(|byte| is_between(*byte)) {
            self.at += 1;
        }
    }
}

#[inline(always)]
fn is_between(byte: u8) -> bool {
    matches!(byte, b':' | b',' | b' ' | b'\t' | b'\n' | b'\r')
}

#[inline(always)]
fn ends_word(byte: u8) -> bool {
    matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r')
}
