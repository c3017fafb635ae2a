//! An error as one bounded line, for a log, a health page and a quarantine entry.

use std::error::Error;
use std::fmt::Write;

/// Most bytes of a reason. A sink's answer can be a whole web page.
const MOST_BYTES: usize = 512;

/// The error and all its sources, each after a colon, control characters made blanks.
pub(crate) fn reason_of(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        // Writing to a string does not fail.
        let _infallible = write!(text, ": {cause}");
        source = cause.source();
    }
    one_line(&text)
}

fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(MOST_BYTES));
    for character in text.chars() {
        if line.len() + character.len_utf8() > MOST_BYTES {
            line.push('…');
            break;
        }
        line.push(if character.is_control() { ' ' } else { character });
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::WriteError;

    #[test]
    fn reason_names_every_cause_in_one_line() {
        let error = WriteError::Pause { source: "no space\nleft".into() };
        assert_eq!(
            reason_of(&error),
            "the sink refuses everything until it is set right: no space left"
        );
    }

    #[test]
    fn reason_is_bounded() {
        let error = WriteError::Split { source: "é".repeat(10_000).into() };
        assert!(reason_of(&error).len() <= MOST_BYTES + '…'.len_utf8());
    }
}
