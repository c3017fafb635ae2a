//! The bytes of one S3 object become CloudTrail records, in order, borrowed.
//!
//! What comes in is a log file as it lies in the bucket: gzip of one or more members, or plain
//! JSON, told apart by the first two bytes and never by name or header. What goes out is each
//! element of the top-level `Records` array (or of a bare top-level array) as the text it was, with
//! its place in the file, and at the end a [`Summary`]. A record handed out is one valid JSON
//! object in valid UTF-8; nothing is parsed into a tree, nothing of it is copied or changed.
//!
//! Two paths lead there. [`split()`] takes a file that is in memory, usually from [`inflate_whole`],
//! which inflates in one shot into a buffer of the size the gzip trailer claims. [`stream()`] reads
//! any [`Read`] through a window. Both drive the same splitter, so they give the same records and
//! the same error at the same place; [`read()`] chooses between them.
//!
//! Input is hostile until proven otherwise: [`Limits`] caps the size of the file, of each value in
//! it and its nesting, and whatever the file, memory stays under the window and the record cap
//! together (plus a constant), time is linear, and nothing panics. The crate never does I/O of its
//! own and never says in an error what a record held.
//!
//! Reading order: `split` (the shape of a log file), `json` (where a value ends and whether it is
//! valid), `feed` (bytes at hand, whole or through a window), `inflate` (gzip, two ways).
//!
//! **Decisions.** The key `Records` is compared as it is written: one spelt with escapes is another
//! key. A second `Records` in one file is refused, since readers of JSON differ on which one counts.
//! An element that is not an object is refused. Anything but whitespace after the end is refused.
//! Every top-level key and value is under the record cap, skipped or not. Inside a record,
//! duplicate keys, lone surrogate escapes, `\u0000` and numbers of any size are left as they are.

mod error;
mod feed;
mod inflate;
mod json;
mod limits;
mod record;
mod split;

use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;

pub use error::{Error, Position};
pub use inflate::{claimed_size, inflate_into, inflate_whole, is_gzip};
pub use limits::{Checksum, Limits, Quotes};
pub use record::{Record, Summary};

use feed::{Slice, Window};
use split::Splitter;

/// Compressed bytes asked of the reader at a time.
const INPUT_BYTES: usize = 64 << 10;

/// Hands out the records of an object that is in memory, by the path that suits its size.
///
/// # Errors
/// Whatever is wrong with the object; the records before it have been handed out.
pub fn read<R>(object: &[u8], limits: &Limits, on_record: R) -> Result<Summary, Error>
where
    R: FnMut(Record<'_>) -> ControlFlow<()>,
{
    if !inflate::is_gzip(object) {
        return split(object, limits, on_record);
    }
    let whole = claimed_size(object)
        .filter(|claim| *claim <= limits.decompressed)
        .and_then(|claim| usize::try_from(claim).ok())
        .filter(|claim| *claim <= limits.whole)
        .and_then(|claim| inflate_whole(object, claim));
    match whole {
        Some(json) => split(&json, limits, on_record),
        None => stream_buffered(object, limits, on_record),
    }
}

/// Hands out the records of a decompressed file until its end or until `on_record` breaks.
///
/// # Errors
/// Whatever is wrong with the file; the records before it have been handed out.
pub fn split<R>(json: &[u8], limits: &Limits, on_record: R) -> Result<Summary, Error>
where
    R: FnMut(Record<'_>) -> ControlFlow<()>,
{
    Splitter::new(Slice::new(json, limits), limits, one_by_one(on_record)).run()
}

/// As [`split()`], but hands out some records at a time, those that follow one another and are at
/// hand: who does several things with each does one with all of them, and then the next. (The code
/// of all together does not fit into a processor's nearest memory.)
///
/// # Errors
/// Whatever is wrong with the file; the records before it have been handed out.
pub fn split_runs<R>(json: &[u8], limits: &Limits, on_run: R) -> Result<Summary, Error>
where
    R: FnMut(&[Record<'_>]) -> ControlFlow<()>,
{
    Splitter::new(Slice::new(json, limits), limits, run_by_run(on_run)).run()
}

/// Hands out the records of an object, gzip or plain, read through a window of fixed size.
///
/// # Errors
/// [`Error::Read`] when the reader fails, and then the object may be sound; else whatever is wrong
/// with the object. The records before it have been handed out.
pub fn stream<R>(object: impl Read, limits: &Limits, on_record: R) -> Result<Summary, Error>
where
    R: FnMut(Record<'_>) -> ControlFlow<()>,
{
    let object = BufReader::with_capacity(INPUT_BYTES, object);
    stream_buffered(object, limits, on_record)
}

/// As [`stream()`], but hands out some records at a time, as [`split_runs`] does.
///
/// # Errors
/// As those of [`stream()`].
pub fn stream_runs<R>(object: impl Read, limits: &Limits, on_run: R) -> Result<Summary, Error>
where
    R: FnMut(&[Record<'_>]) -> ControlFlow<()>,
{
    let object = BufReader::with_capacity(INPUT_BYTES, object);
    Splitter::new(Window::new(object, limits), limits, run_by_run(on_run)).run()
}

/// Sees whether an object is what its compressed bytes and their checksums say, and hands out
/// nothing. Whoever has all of it in memory can so know it before the first record is passed on.
///
/// # Errors
/// What is wrong with the gzip stream, if anything. That it is larger than the cap is not looked for:
/// it ends there.
pub fn check(object: &[u8], limits: &Limits) -> Result<(), Error> {
    let mut window = vec![0; limits.window.max(1)];
    let mut source = inflate::Source::new(object);
    let mut read = 0;
    while read < limits.decompressed {
        match source.read(&mut window) {
            Ok(0) => break,
            Ok(count) => read += count as u64,
            Err(cause) => return Err(cause.at(read).after(0)),
        }
    }
    Ok(())
}

fn stream_buffered<R>(object: impl BufRead, limits: &Limits, on_record: R) -> Result<Summary, Error>
where
    R: FnMut(Record<'_>) -> ControlFlow<()>,
{
    Splitter::new(Window::new(object, limits), limits, one_by_one(on_record)).run()
}

/// Takes the records of a run until it breaks: how many it has then taken.
fn one_by_one<R>(mut on_record: R) -> impl FnMut(&[Record<'_>]) -> ControlFlow<usize>
where
    R: FnMut(Record<'_>) -> ControlFlow<()>,
{
    move |run| {
        let breaks = run.iter().position(|record| on_record(*record).is_break());
        breaks.map_or(ControlFlow::Continue(()), |place| ControlFlow::Break(place + 1))
    }
}

fn run_by_run<R>(mut on_run: R) -> impl FnMut(&[Record<'_>]) -> ControlFlow<usize>
where
    R: FnMut(&[Record<'_>]) -> ControlFlow<()>,
{
    move |run| on_run(run).map_break(|()| run.len())
}
