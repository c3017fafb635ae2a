//! Strings, the greater part of a log file.

use super::specials::Specials;
use super::{Flaw, Token};

/// The end of the string whose opening quote is at `start`, if nothing in it needs a look.
#[inline(always)]
pub(super) fn end_of_plain(specials: &mut Specials<'_>, start: usize) -> Option<usize> {
    let at = specials.next(start + 1);
    (specials.bytes().get(at) == Some(&b'"')).then_some(at + 1)
}

/// The end of the string whose opening quote is at `start`.
#[cold]
pub(super) fn end(bytes: &[u8], start: usize) -> Token {
    let mut specials = Specials::new(bytes, start);
    let mut at = start + 1;
    loop {
        at = specials.next(at);
        let part = match bytes.get(at) {
            Some(b'"') => return Ok(Some(at + 1)),
            Some(b'\\') => escape(bytes, at)?,
            Some(0x80..) => character(bytes, at)?,
            Some(_) => {
                return Err(Flaw::Syntax { at, what: "a control character in a string" });
            }
            None => None,
        };
        match part {
            Some(end) => at = end,
            None => return Ok(None),
        }
    }
}

/// The end of the escape whose backslash is at `start`.
fn escape(bytes: &[u8], start: usize) -> Token {
    const WHAT: &str = "an unknown escape in a string";
    match bytes.get(start + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(Some(start + 2)),
        Some(b'u') => {
            let digits = bytes.get(start + 2..).unwrap_or_default().iter().take(4);
            let count = digits.clone().take_while(|byte| byte.is_ascii_hexdigit()).count();
            match (count, digits.len()) {
                (4, _) => Ok(Some(start + 6)),
                (count, there) if count == there => Ok(None),
                (count, _) => Err(Flaw::Syntax { at: start + 2 + count, what: WHAT }),
            }
        }
        Some(_) => Err(Flaw::Syntax { at: start + 1, what: WHAT }),
        None => Ok(None),
    }
}

/// The end of the character beyond ASCII that starts at `start`.
fn character(bytes: &[u8], start: usize) -> Token {
    let width = match bytes.get(start) {
        Some(0xf0..) => 4,
        Some(0xe0..) => 3,
        Some(_) | None => 2,
    };
    let rest = bytes.get(start..).unwrap_or_default();
    match str::from_utf8(rest.get(..width).unwrap_or(rest)) {
        Ok(_) => Ok(Some(start + width)),
        Err(cut) if cut.error_len().is_none() => Ok(None),
        Err(_) => Err(Flaw::Syntax { at: start, what: "a string is not UTF-8" }),
    }
}
