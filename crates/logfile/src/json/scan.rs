//! A value, token by token, resumable at any byte.

use super::specials::Specials;
use super::{Flaw, Token, is_space, number, string};

/// What may come next inside a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    Value,
    FirstElement,
    FirstKey,
    Key,
    Colon,
    /// A comma, or the bracket that closes.
    Comma,
}

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Object,
    Array,
}

/// How far a value was validated. Goes on at the token where the bytes at hand ended.
#[derive(Debug)]
pub(crate) struct Scan {
    at: usize,
    expect: Expect,
    open: Vec<Open>,
    depth: usize,
}

impl Scan {
    pub(crate) fn new(depth: usize) -> Self {
        Self { at: 0, expect: Expect::Value, open: Vec::new(), depth }
    }

    /// Forgets what was looked at: another value follows.
    pub(crate) fn restart(&mut self) {
        self.at = 0;
        self.expect = Expect::Value;
        self.open.clear();
    }

    /// Validates on. `bytes` begins where the value does, and holds what it held before and more.
    ///
    /// Gives the length of the value, or None if it goes on past `bytes`. (A number is known to
    /// end only by what follows it.)
    pub(crate) fn advance(&mut self, bytes: &[u8]) -> Token {
        let (mut at, mut expect) = (self.at, self.expect);
        let mut specials = Specials::new(bytes, at);
        loop {
            if matches!(expect, Expect::Key | Expect::FirstKey) {
                (at, expect) = plain_members(&mut specials, at, expect);
            }
            let Some(&byte) = bytes.get(at) else { break };
            if is_space(byte) {
                at += 1;
                continue;
            }
            let step = match expect {
                Expect::Colon if byte == b':' => Some((at + 1, Expect::Value)),
                Expect::Comma if byte == b',' => Some((at + 1, self.element())),
                Expect::Key | Expect::FirstKey if byte == b'"' => key(&mut specials, at)?,
                Expect::FirstKey | Expect::Comma => self.close(at, byte, expect)?,
                Expect::FirstElement if byte == b']' => self.close(at, byte, expect)?,
                Expect::Value | Expect::FirstElement => self.value(&mut specials, at, byte)?,
                Expect::Key | Expect::Colon => return Err(expect.flaw(at)),
            };
            let Some(next) = step else { break };
            if next.1 == Expect::Comma && self.open.is_empty() {
                return Ok(Some(next.0));
            }
            (at, expect) = next;
        }
        (self.at, self.expect) = (at, expect);
        Ok(None)
    }

    #[inline(always)]
    fn value(&mut self, specials: &mut Specials<'_>, at: usize, byte: u8) -> Step {
        let bytes = specials.bytes();
        let end = match byte {
            b'"' => string(specials, at)?,
            b'{' => return self.open(at, Open::Object, Expect::FirstKey),
            b'[' => return self.open(at, Open::Array, Expect::FirstElement),
            b't' => literal(bytes, at, b"true")?,
            b'f' => literal(bytes, at, b"false")?,
            b'n' => literal(bytes, at, b"null")?,
            b'-' | b'0'..=b'9' => number::end(bytes, at)?,
            _ => return Err(Expect::Value.flaw(at)),
        };
        Ok(end.map(|end| (end, Expect::Comma)))
    }

    #[inline(always)]
    fn open(&mut self, at: usize, open: Open, expect: Expect) -> Step {
        if self.open.len() >= self.depth {
            return Err(Flaw::Depth { at });
        }
        self.open.push(open);
        Ok(Some((at + 1, expect)))
    }

    #[inline(always)]
    fn close(&mut self, at: usize, byte: u8, expect: Expect) -> Step {
        match (self.open.last(), byte) {
            (Some(Open::Object), b'}') | (Some(Open::Array), b']') => {
                self.open.pop();
                Ok(Some((at + 1, Expect::Comma)))
            }
            _ => Err(expect.flaw(at)),
        }
    }

    /// What follows a comma.
    #[inline(always)]
    fn element(&self) -> Expect {
        match self.open.last() {
            Some(Open::Object) => Expect::Key,
            Some(Open::Array) | None => Expect::Value,
        }
    }
}

/// Where a token ends and what may come then; None if it goes on past the bytes at hand.
type Step = Result<Option<(usize, Expect)>, Flaw>;

/// Passes over `"key":"value",` as long as it meets nothing else, which is most of a log file.
#[inline(always)]
fn plain_members(
    specials: &mut Specials<'_>,
    mut at: usize,
    mut expect: Expect,
) -> (usize, Expect) {
    let bytes = specials.bytes();
    loop {
        if bytes.get(at) != Some(&b'"') {
            return (at, expect);
        }
        let Some(end) = string::end_of_plain(specials, at) else {
            return (at, expect);
        };
        if bytes.get(end) != Some(&b':') {
            return (end, Expect::Colon);
        }
        at = end + 1;
        if bytes.get(at) != Some(&b'"') {
            return (at, Expect::Value);
        }
        let Some(end) = string::end_of_plain(specials, at) else {
            return (at, Expect::Value);
        };
        if bytes.get(end) != Some(&b',') {
            return (end, Expect::Comma);
        }
        (at, expect) = (end + 1, Expect::Key);
    }
}

#[inline(always)]
fn key(specials: &mut Specials<'_>, at: usize) -> Step {
    Ok(string(specials, at)?.map(|end| (end, Expect::Colon)))
}

#[inline(always)]
fn string(specials: &mut Specials<'_>, start: usize) -> Token {
    match string::end_of_plain(specials, start) {
        Some(end) => Ok(Some(end)),
        None => string::end(specials.bytes(), start),
    }
}

impl Expect {
    #[cold]
    fn flaw(self, at: usize) -> Flaw {
        Flaw::Syntax { at, what: self.what() }
    }

    fn what(self) -> &'static str {
        match self {
            Self::Value | Self::FirstElement => "expected a value",
            Self::Key | Self::FirstKey => "expected a key",
            Self::Colon => "expected a colon",
            Self::Comma => "expected a comma or a closing bracket",
        }
    }
}

#[inline]
fn literal<const N: usize>(bytes: &[u8], at: usize, word: &[u8; N]) -> Token {
    let there = bytes.get(at..).unwrap_or_default();
    if there.first_chunk() == Some(word) {
        return Ok(Some(at + N));
    }
    let same = there.iter().zip(word).take_while(|(there, word)| there == word).count();
    if same == there.len() {
        return Ok(None);
    }
    Err(Flaw::Syntax { at: at + same, what: "expected true, false or null" })
}

#[cfg(test)]
mod tests;
