//! A value, token by token, resumable at any byte.

use super::quotes::Quotes;
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
    quotes: Quotes,
}

impl Scan {
    pub(crate) fn new(depth: usize, quotes: Quotes) -> Self {
        Self { at: 0, expect: Expect::Value, open: Vec::new(), depth, quotes }
    }

    /// Quotes of the values' strings, if they were to be noted.
    pub(crate) fn quotes(&self) -> &[u32] {
        self.quotes.places()
    }

    /// Forgets what was looked at, but for the first so many quotes: another value follows.
    pub(crate) fn restart(&mut self, quotes: usize) {
        self.at = 0;
        self.expect = Expect::Value;
        self.open.clear();
        self.quotes.truncate(quotes);
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
                (at, expect) = self.members(&mut specials, at, expect)?;
                if expect == Expect::Comma && self.open.is_empty() {
                    return Ok(Some(at));
                }
            }
            let Some(&byte) = bytes.get(at) else { break };
            if is_space(byte) {
                at += 1;
                continue;
            }
            let step = match expect {
                Expect::Colon if byte == b':' => Some((at + 1, Expect::Value)),
                Expect::Comma if byte == b',' => Some((at + 1, self.element())),
                Expect::Key | Expect::FirstKey if byte == b'"' => {
                    let end = string(&mut specials, &mut self.quotes, at)?;
                    end.map(|end| (end, Expect::Colon))
                }
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

    /// Passes over members written without spaces, as CloudTrail writes them, until it meets
    /// anything else: what a branch for every kind of token would cost is saved.
    #[inline(always)]
    fn members(
        &mut self,
        specials: &mut Specials<'_>,
        mut at: usize,
        mut expect: Expect,
    ) -> Result<(usize, Expect), Flaw> {
        let bytes = specials.bytes();
        loop {
            (at, expect) = plain_members(specials, &mut self.quotes, at, expect);
            if expect == Expect::Value {
                let byte = bytes.get(at).filter(|byte| !is_space(**byte));
                let Some(&byte) = byte else { return Ok((at, expect)) };
                let Some(next) = self.value(specials, at, byte)? else { return Ok((at, expect)) };
                (at, expect) = next;
            } else if expect != Expect::Comma {
                return Ok((at, expect));
            }
            if expect == Expect::Comma {
                (at, expect) = self.next_member(bytes, at);
            }
            if !matches!(expect, Expect::Key | Expect::FirstKey) {
                return Ok((at, expect));
            }
        }
    }

    /// Behind a value: passes over the brackets that close objects, and the comma behind them.
    #[inline(always)]
    fn next_member(&mut self, bytes: &[u8], mut at: usize) -> (usize, Expect) {
        while self.open.last() == Some(&Open::Object) {
            match bytes.get(at) {
                Some(b'}') => self.open.pop(),
                Some(b',') => return (at + 1, Expect::Key),
                _ => break,
            };
            at += 1;
        }
        (at, Expect::Comma)
    }

    #[inline(always)]
    fn value(&mut self, specials: &mut Specials<'_>, at: usize, byte: u8) -> Step {
        let bytes = specials.bytes();
        let end = match byte {
            b'"' => string(specials, &mut self.quotes, at)?,
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
///
/// What follows a closing quote is looked at once, not a byte at a time.
#[inline(always)]
fn plain_members(
    specials: &mut Specials<'_>,
    quotes: &mut Quotes,
    mut at: usize,
    mut expect: Expect,
) -> (usize, Expect) {
    let bytes = specials.bytes();
    if bytes.get(at) != Some(&b'"') {
        return (at, expect);
    }
    loop {
        let key = specials.next(at + 1);
        let after_key = three(bytes, key);
        if !matches!(after_key, [b'"', ..]) {
            return (at, expect);
        }
        if !matches!(after_key, [_, b':', b'"']) {
            quotes.note(at, key);
            let is_colon = matches!(after_key, [_, b':', _]);
            return if is_colon { (key + 2, Expect::Value) } else { (key + 1, Expect::Colon) };
        }
        let value = specials.next(key + 3);
        let after_value = three(bytes, value);
        if !matches!(after_value, [b'"', ..]) {
            quotes.note(at, key);
            return (key + 2, Expect::Value);
        }
        quotes.note_member([at, key, key + 2, value]);
        if !matches!(after_value, [_, b',', b'"']) {
            return (value + 1, Expect::Comma);
        }
        (at, expect) = (value + 2, Expect::Key);
    }
}

/// Three bytes from `at` on; zeros where there are fewer.
#[inline(always)]
fn three(bytes: &[u8], at: usize) -> [u8; 3] {
    bytes.get(at..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default()
}

#[inline(always)]
fn string(specials: &mut Specials<'_>, quotes: &mut Quotes, start: usize) -> Token {
    let end = match string::end_of_plain(specials, start) {
        Some(end) => Some(end),
        None => string::end(specials.bytes(), start)?,
    };
    if let Some(end) = end {
        quotes.note(start, end - 1);
    }
    Ok(end)
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
