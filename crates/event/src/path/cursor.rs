//! Text that is read from left to right.

/// How far a text has been read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'t> {
    text: &'t str,
    rest: &'t str,
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, rest: text }
    }

    /// Which character comes next, counted from 1.
    pub(crate) fn at(&self) -> usize {
        let read = self.text.len() - self.rest.len();
        self.text.get(..read).map_or(0, |before| before.chars().count()) + 1
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(crate) fn is_at_quote(&self) -> bool {
        matches!(self.peek(), Some('"' | '\''))
    }

    /// Goes past `c` if it comes next.
    pub(crate) fn skip(&mut self, c: char) -> bool {
        let after = self.rest.strip_prefix(c);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    /// Goes past whitespace.
    pub(crate) fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// What comes before the first character that ends it.
    pub(crate) fn until(&mut self, ends: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (before, rest) = self.rest.split_at(end);
        self.rest = rest;
        before
    }

    /// What stands in the quotes that come next; a quote of their kind in it is written twice. None
    /// if they are not closed, and then nothing has been read.
    pub(crate) fn quoted(&mut self) -> Option<String> {
        let start = *self;
        let quote = self.peek()?;
        let mut inside = String::new();
        self.skip(quote);
        loop {
            inside.push_str(self.until(|c| c == quote));
            if !self.skip(quote) {
                *self = start;
                return None;
            }
            if !self.skip(quote) {
                return Some(inside);
            }
            inside.push(quote);
        }
    }
}
