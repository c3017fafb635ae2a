//! Text from outside made fit for logs and message attributes.

use std::fmt;

/// Characters of a value that [`excerpt`] shows.
const MAX_EXCERPT: usize = 64;

/// A field's value, on one line and short.
pub(crate) fn excerpt(value: &str) -> String {
    let mut shown = String::new();
    // Writing to a String does not fail.
    let _: fmt::Result = escape_into(&mut shown, [value], MAX_EXCERPT);
    shown
}

/// Writes the parts one after the other; escapes control and invisible characters and the
/// backslash; stops with `...` before more than `limit` characters are written.
pub(crate) fn escape_into<const N: usize>(
    out: &mut impl fmt::Write,
    parts: [&str; N],
    limit: usize,
) -> fmt::Result {
    let mut left = limit;
    for character in parts.into_iter().flat_map(str::chars) {
        let plain = matches!(character, '\'' | '"');
        let width = if plain { 1 } else { character.escape_debug().count() };
        if width > left {
            return out.write_str("...");
        }
        left -= width;
        if plain {
            out.write_char(character)?
        } else {
            write!(out, "{}", character.escape_debug())?
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpt_is_bounded_and_on_one_line() {
        assert_eq!(excerpt("Object Deleted"), "Object Deleted");
        assert_eq!(excerpt("a\r\nb\u{2028}"), r"a\r\nb\u{2028}");
        assert_eq!(excerpt(&"x".repeat(64)), "x".repeat(64));
        assert_eq!(excerpt(&"x".repeat(65)), format!("{}...", "x".repeat(64)));
    }
}
