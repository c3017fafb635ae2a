//! Lines of comma separated values, as RFC 4180 has them: a field in quotes may hold commas, line
//! breaks, and quotes that are doubled.
//!
//! Beyond it, for files that people write: blanks around a field do not count, empty lines and lines
//! that begin with `#` are skipped, and so is the mark of UTF-8 that spreadsheets put in front.

use std::borrow::Cow;

/// The fields of a record, or what is wrong with it.
type Fields<'t> = Result<Vec<Cow<'t, str>>, &'static str>;

/// The records of a text, each with the line it begins in, counted from 1. One that is wrong is
/// passed over to the end of its line, and the others go on.
#[derive(Debug)]
pub(super) struct Records<'t> {
    rest: &'t str,
    line: usize,
}

impl<'t> Records<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 }
    }

    fn fields(&mut self) -> Fields<'t> {
        let mut fields = Vec::new();
        loop {
            let blanks = self.rest.len() - self.rest.trim_start_matches([' ', '\t']).len();
            self.take(blanks);
            fields.push(if self.takes('"') { self.quoted()? } else { self.plain()? });
            if !self.takes(',') {
                return Ok(fields);
            }
        }
    }

    fn plain(&mut self) -> Result<Cow<'t, str>, &'static str> {
        let field = self.take_until(&[',', '\n']);
        if field.contains('"') {
            return Err("there is a quote within a field: put all of the field in quotes, and \
                        double the quotes in it");
        }
        Ok(Cow::Borrowed(field.trim()))
    }

    /// What follows the quote that begins the field.
    fn quoted(&mut self) -> Result<Cow<'t, str>, &'static str> {
        let mut field = Cow::Borrowed("");
        loop {
            field += self.take_until(&['"']);
            if !self.takes('"') {
                return Err("a quote is opened here that is never closed");
            }
            if !self.takes('"') {
                break;
            }
            field += "\"";
        }
        if !self.take_until(&[',', '\n']).trim().is_empty() {
            return Err("there is text behind a closing quote: double the quotes within a field");
        }
        Ok(field)
    }

    fn takes(&mut self, letter: char) -> bool {
        let found = self.rest.starts_with(letter);
        if found {
            self.take(letter.len_utf8());
        }
        found
    }

    /// What is before the first of `ends`, or all that is left.
    fn take_until(&mut self, ends: &[char]) -> &'t str {
        self.take(self.rest.find(ends).unwrap_or(self.rest.len()))
    }

    /// So many bytes, which end between two letters.
    fn take(&mut self, bytes: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.line += taken.bytes().filter(|byte| *byte == b'\n').count();
        self.rest = rest;
        taken
    }
}

impl<'t> Iterator for Records<'t> {
    type Item = (usize, Fields<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            let ahead = self.rest.get(..end).unwrap_or_default();
            let line = self.line;
            if ahead.trim().is_empty() || ahead.starts_with('#') {
                self.take(end + 1);
                continue;
            }
            let fields = self.fields();
            self.take_until(&['\n']);
            self.takes('\n');
            return Some((line, fields));
        }
        None
    }
}

#[cfg(test)]
mod tests;
