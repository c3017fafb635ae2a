//! How a write becomes bytes of a file.

use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{self, IoSlice, Write};

/// How files are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, one member a write.
    Gzip,
    /// zstd, one frame a write, with a checksum.
    Zstd,
}

impl Compression {
    /// What a file's name ends in.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::None => "ndjson",
            Self::Gzip => "ndjson.gz",
            Self::Zstd => "ndjson.zst",
        }
    }

    /// The compression that a file's name tells.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let all = [Self::None, Self::Gzip, Self::Zstd];
        all.into_iter().find(|compression| {
            name.strip_suffix(compression.extension()).is_some_and(|stem| stem.ends_with('.'))
        })
    }

    /// Appends `parts` as one unit that stands for itself. The compressed form is written as it
    /// arises: it is not held.
    pub(super) fn write(self, file: &File, parts: &[&[u8]]) -> io::Result<()> {
        match self {
            Self::None => write_all_vectored(file, parts),
            Self::Gzip => {
                let mut member = GzEncoder::new(file, flate2::Compression::default());
                write_each(&mut member, parts)?;
                member.finish().map(drop)
            }
            Self::Zstd => {
                let mut frame = zstd::Encoder::new(file, zstd::DEFAULT_COMPRESSION_LEVEL)?;
                let bytes: usize = parts.iter().map(|part| part.len()).sum();
                // The size lets zstd take a window no larger than the data.
                frame.set_pledged_src_size(Some(bytes as u64))?;
                frame.include_checksum(true)?;
                write_each(&mut frame, parts)?;
                frame.finish().map(drop)
            }
        }
    }
}

fn write_each(writer: &mut impl Write, parts: &[&[u8]]) -> io::Result<()> {
    parts.iter().try_for_each(|part| writer.write_all(part))
}

fn write_all_vectored(mut file: &File, parts: &[&[u8]]) -> io::Result<()> {
    let mut slices: Vec<IoSlice<'_>> = parts.iter().map(|part| IoSlice::new(part)).collect();
    let mut rest = slices.as_mut_slice();
    // Leaves out empty parts in front, which would look like a file that takes nothing.
    IoSlice::advance_slices(&mut rest, 0);
    while !rest.is_empty() {
        match file.write_vectored(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut rest, written),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compression_is_told_by_the_name() {
        for (name, expect) in [
            ("trail-1.ndjson", Some(Compression::None)),
            ("trail-1.ndjson.gz", Some(Compression::Gzip)),
            ("trail-1.ndjson.zst", Some(Compression::Zstd)),
            ("trail-1.ndjson.bz2", None),
            ("trail-1ndjson", None),
        ] {
            assert_eq!(Compression::of_name(name), expect, "{name}");
        }
    }

    #[test]
    fn more_parts_than_one_call_takes_are_all_written() {
        let directory = tempfile::tempdir().expect("directory");
        let path = directory.path().join("parts");
        let file = File::create(&path).expect("file");
        let texts: Vec<String> = (0..5_000).map(|n| format!("{n}\n")).collect();
        let mut parts: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
        // A call takes 1,024 parts at most: one of empty parts alone writes nothing.
        parts.splice(..0, [&b""[..]; 2_000]);
        parts.push(b"");
        Compression::None.write(&file, &parts).expect("written");
        assert_eq!(std::fs::read_to_string(&path).expect("text"), texts.concat());
    }
}
