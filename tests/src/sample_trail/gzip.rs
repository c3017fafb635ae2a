//! Gzip with nothing of the machine or the moment in its header.

use std::io::{self, Read, Write};

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};

/// The `OS` byte of the header that stands for "unknown".
const OS_UNKNOWN: u8 = 255;

/// An encoder over `writer`: no time, no name, no operating system.
pub(super) fn encoder<W: Write>(writer: W, level: Compression) -> GzEncoder<W> {
    GzBuilder::new().mtime(0).operating_system(OS_UNKNOWN).write(writer, level)
}

/// `body` as one gzip member.
pub(super) fn compress(body: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = encoder(Vec::new(), level);
    #[expect(clippy::expect_used, reason = "a Vec takes all that is written to it")]
    let gz = encoder.write_all(body).and_then(|()| encoder.finish()).expect("a Vec is writable");
    gz
}

/// What `gz` inflates to.
#[expect(
    clippy::disallowed_types,
    reason = "reads the project's own sample, no input from outside"
)]
pub(super) fn inflate(gz: &[u8]) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    flate2::read::GzDecoder::new(gz).read_to_end(&mut body)?;
    Ok(body)
}
