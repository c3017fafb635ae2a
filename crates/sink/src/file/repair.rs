//! Repair of a file whose writer ended without closing it.
//!
//! Each write was answered only once it was whole and synced, so what is cut off here was never
//! answered, and comes again: unless the disk has damaged an earlier write, behind which answered
//! ones may stand. The two look alike from here, so what is cut off of a compressed file is kept
//! beside it.

use super::compression::Compression;
use super::directory::Directory;
use super::fault::Fault;
use super::rolling::shut;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// What the name of a kept end ends in.
const DAMAGED: &str = "damaged";

/// Bytes looked at in one go.
const WINDOW: usize = 64 << 10;

/// Cuts the file back to its last whole line, gzip member or zstd frame, and closes it.
pub(super) fn repair(
    directory: &mut Directory,
    path: &Path,
    compression: Compression,
) -> Result<(), Fault> {
    let opened = OpenOptions::new().read(true).write(true).open(path);
    let file = opened.map_err(Fault::of("open", path))?;
    let bytes = file.metadata().map_err(Fault::of("look at", path))?.len();
    let good = match compression {
        Compression::None => whole_lines(&file, bytes),
        Compression::Gzip => whole_units(&file, gzip_member),
        Compression::Zstd => whole_units(&file, zstd_frame),
    }
    .map_err(Fault::of("read", path))?;
    let cut_bytes = bytes.saturating_sub(good);
    if cut_bytes > 0 && compression != Compression::None {
        set_aside(directory, &file, path, good)?;
    }
    // Synced in any case: what is whole but was not yet synced is about to be called closed.
    let cut = file.set_len(good).and_then(|()| file.sync_all());
    cut.map_err(Fault::of("cut back", path))?;
    shut(directory, path, good)?;
    directory.sync()?;
    tracing::warn!(path = %path.display(), cut_bytes, kept_bytes = good, "file left open was repaired");
    Ok(())
}

/// Keeps what is cut off, from `good` on, as `<name>.damaged`.
fn set_aside(
    directory: &mut Directory,
    mut file: &File,
    path: &Path,
    good: u64,
) -> Result<(), Fault> {
    let kept = path.with_extension(DAMAGED);
    let copied = file.seek(SeekFrom::Start(good)).and_then(|_| {
        let mut copy =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&kept)?;
        io::copy(&mut file, &mut copy)?;
        copy.sync_all()
    });
    copied.map_err(Fault::of("keep the damaged end in", &kept))?;
    directory.sync()?;
    tracing::error!(
        kept = %kept.display(),
        "the end of a file did not decode and was kept apart: it is a write that a crash cut short, which \
         comes again, or damage of the disk, which does not"
    );
    Ok(())
}

/// Length up to and with the last line break, sought from the end.
fn whole_lines(mut file: &File, bytes: u64) -> io::Result<u64> {
    let mut window = vec![0; WINDOW];
    let mut end = bytes;
    while end > 0 {
        let start = end.saturating_sub(WINDOW as u64);
        let length = usize::try_from(end - start).unwrap_or(WINDOW);
        let part = window.get_mut(..length).unwrap_or_default();
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(part)?;
        if let Some(last) = part.iter().rposition(|&byte| byte == b'\n') {
            return Ok(start + last as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

/// Length up to the end of the last unit that decodes, all before it decoding too.
fn whole_units(
    file: &File,
    decode: fn(&mut Counted<BufReader<&File>>) -> io::Result<()>,
) -> io::Result<u64> {
    let mut reader = Counted { inner: BufReader::with_capacity(WINDOW, file), bytes: 0 };
    let mut good = 0;
    while !reader.fill_buf()?.is_empty() {
        match decode(&mut reader) {
            Ok(()) => good = reader.bytes,
            // Decoders say in many ways that the data is bad; only the disk has error numbers.
            Err(error) if error.raw_os_error().is_none() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(good)
}

#[expect(
    clippy::disallowed_types,
    reason = "one member is wanted, of a file of our own, and its output is dropped as it comes"
)]
fn gzip_member(reader: &mut Counted<BufReader<&File>>) -> io::Result<()> {
    let mut member = flate2::bufread::GzDecoder::new(reader);
    io::copy(&mut member, &mut io::sink()).map(drop)
}

fn zstd_frame(reader: &mut Counted<BufReader<&File>>) -> io::Result<()> {
    let mut frame = zstd::Decoder::with_buffer(reader)?.single_frame();
    io::copy(&mut frame, &mut io::sink()).map(drop)
}

/// A reader that knows how much was consumed, which is more exact than how much was read.
struct Counted<R> {
    inner: R,
    bytes: u64,
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
        self.bytes += amount as u64;
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes += read as u64;
        Ok(read)
    }
}
