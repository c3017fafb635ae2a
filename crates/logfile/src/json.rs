//! Where a JSON value ends, and whether it is one (RFC 8259, in UTF-8).

mod number;
mod quotes;
mod scan;
mod specials;
mod string;

pub(crate) use quotes::Quotes;
pub(crate) use scan::Scan;

/// Why a value is none. Places count from its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// A byte that cannot stand there.
    Syntax { at: usize, what: &'static str },
    /// A bracket that opens one level too many.
    Depth { at: usize },
}

/// Whether a byte may stand between tokens.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// What looking at a token found: where it ends, or that it goes on past the bytes at hand.
type Token = Result<Option<usize>, Flaw>;
