//! Numbers, of any size.

use super::{Flaw, Token};

/// The end of the number that starts at `start`.
pub(super) fn end(bytes: &[u8], start: usize) -> Token {
    let mut at = start;
    if bytes.get(at) == Some(&b'-') {
        at += 1;
    }
    // Zero stands alone: what follows a leading zero is not part of the number.
    at = match bytes.get(at) {
        Some(b'0') => at + 1,
        _ => match digits(bytes, at)? {
            Some(end) => end,
            None => return Ok(None),
        },
    };
    if bytes.get(at) == Some(&b'.') {
        match digits(bytes, at + 1)? {
            Some(end) => at = end,
            None => return Ok(None),
        }
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        at += 1;
        if let Some(b'+' | b'-') = bytes.get(at) {
            at += 1;
        }
        return digits(bytes, at);
    }
    Ok((at < bytes.len()).then_some(at))
}

/// The end of at least one digit.
fn digits(bytes: &[u8], start: usize) -> Token {
    let rest = bytes.get(start..).unwrap_or_default();
    match rest.iter().position(|byte| !byte.is_ascii_digit()) {
        Some(0) => Err(Flaw::Syntax { at: start, what: "expected a digit" }),
        Some(count) => Ok(Some(start + count)),
        None => Ok(None),
    }
}
