//! The end of a log file, for whoever has to find out what went wrong.

use std::fs;
use std::path::Path;

/// The last `lines` lines of the file, indented, under a line that names it. Never fails: what
/// cannot be read is said.
pub(crate) fn tail(path: &Path, lines: usize) -> String {
    match fs::read(path) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            let name = path.display();
            format!("the end of {name}:\n{}", last_lines(&text, lines))
        }
        Err(error) => format!("there is no log at {}: {error}", path.display()),
    }
}

/// The last line that is not empty.
pub(crate) fn last_line(text: &str) -> &str {
    let mut lines = text.lines().rev().map(str::trim);
    lines.find(|line| !line.is_empty()).unwrap_or("it said nothing")
}

fn last_lines(text: &str, lines: usize) -> String {
    let mut last: Vec<&str> = text.lines().rev().take(lines).collect();
    last.reverse();
    last.iter().map(|line| format!("    {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tail_is_the_last_lines_in_their_order() {
        assert_eq!(last_lines("one\ntwo\nthree\n", 2), "    two\n    three\n");
        assert_eq!(last_lines("", 2), "");
    }
}
