//! What a file is: told by its content, never by its name.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use trail_event::Reader;

/// What a file is.
pub(super) enum Content<'i> {
    /// A log file of CloudTrail, as it lies in the bucket.
    LogFile(Box<dyn Read + 'i>),
    /// Records, one a line; decompressed.
    Lines(Box<dyn BufRead + 'i>),
    /// Neither: what was found.
    Neither(String),
}

/// What was seen so far.
enum Seen {
    LogFile,
    Lines,
    Neither(String),
}

/// Bytes that must tell what a file is.
const HEAD: usize = 64 << 10;

/// What comes in between: a decoder of gzip that reads member after member.
#[expect(
    clippy::disallowed_types,
    reason = "lines are taken from it one at a time, each under the cap of a record"
)]
type Gunzip<R> = flate2::read::MultiGzDecoder<R>;

/// Finds out what `input` is. No more is read than tells it, so that lines can come slowly.
pub(super) fn find_out<'i>(mut input: impl Read + 'i) -> io::Result<Content<'i>> {
    let mut head = Vec::new();
    let seen = loop {
        let is_all = !read_some(&mut input, &mut head)? || head.len() >= HEAD;
        if let Some(seen) = look(&head) {
            break seen;
        }
        if is_all {
            break Seen::Neither(nothing_known(&head));
        }
    };
    let is_gzip = trail_logfile::is_gzip(&head);
    let input = Cursor::new(head).chain(input);
    Ok(match seen {
        Seen::LogFile => Content::LogFile(Box::new(input)),
        Seen::Lines if is_gzip => Content::Lines(Box::new(BufReader::new(Gunzip::new(input)))),
        Seen::Lines => Content::Lines(Box::new(BufReader::new(input))),
        Seen::Neither(found) => Content::Neither(found),
    })
}

/// Reads what is there; false at the end.
fn read_some(input: &mut impl Read, head: &mut Vec<u8>) -> io::Result<bool> {
    let mut piece = vec![0; HEAD];
    loop {
        match input.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok(count) => {
                head.extend_from_slice(piece.get(..count).unwrap_or_default());
                return Ok(count > 0);
            }
        }
    }
}

/// What the beginning of a file tells; none if more is needed.
fn look(head: &[u8]) -> Option<Seen> {
    if !trail_logfile::is_gzip(head) {
        return look_at_text(head);
    }
    let mut text = Vec::new();
    let whole = Gunzip::new(head).take(HEAD as u64).read_to_end(&mut text);
    // What is wrong with it is told best by what reads log files.
    let is_damaged = whole.is_err() && head.len() < HEAD;
    look_at_text(&text).or(is_damaged.then_some(Seen::LogFile))
}

/// The first key that is known tells it: `Records`, or one of a record's own.
fn look_at_text(text: &[u8]) -> Option<Seen> {
    let text = text.trim_ascii_start();
    match text.first()? {
        b'[' => return Some(Seen::LogFile),
        b'{' => {}
        _ => return Some(Seen::Neither(NO_JSON.to_owned())),
    }
    let mut reader = Reader::new();
    let text = String::from_utf8_lossy(text);
    let event = reader.read(0, &text);
    let mut members = event.members().filter(|member| member.parent.is_none());
    members.find_map(|member| {
        if member.key.is("Records") {
            return Some(Seen::LogFile);
        }
        member.field.map(|_of_a_record| Seen::Lines)
    })
}

const NO_JSON: &str = "neither a log file nor records, one a line: it does not begin with { or [";

/// What to say of a file that tells nothing.
fn nothing_known(head: &[u8]) -> String {
    if head.trim_ascii().is_empty() {
        return "it is empty".to_owned();
    }
    let mut reader = Reader::new();
    let text = String::from_utf8_lossy(head.trim_ascii_start());
    let event = reader.read(0, &text);
    let members = event.members().filter(|member| member.parent.is_none());
    let keys: Vec<String> =
        members.take(5).map(|member| format!("`{}`", shown(&member.key.unescaped()))).collect();
    let found = match keys.as_slice() {
        [] => "an object in which no key is to be seen".to_owned(),
        keys => format!("an object with {}", keys.join(", ")),
    };
    format!("neither a log file (`Records`) nor records of CloudTrail, one a line: found {found}")
}

fn shown(key: &str) -> String {
    key.chars().take(40).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
