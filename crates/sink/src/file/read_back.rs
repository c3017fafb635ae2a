//! Reads what a writer has left in a directory, as a consumer would, for tests.

use super::Compression;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The lines of all files, those still open too, in the order they were written.
pub(crate) fn lines(directory: &Path) -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    for path in files(directory) {
        let bytes = decoded(&path);
        let Some(whole) = bytes.strip_suffix(b"\n") else {
            assert!(bytes.is_empty(), "half a line at the end of {}", path.display());
            continue;
        };
        lines.extend(whole.split(|&byte| byte == b'\n').map(<[u8]>::to_vec));
    }
    lines
}

/// The files of events, in the order they were made; not the damaged ends kept beside them.
pub(crate) fn files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("entry").path())
        .filter(|path| !name(path).starts_with('.') && !name(path).ends_with(".damaged"))
        .collect();
    files.sort_by_key(|path| {
        let mut parts = name(path).splitn(3, '-').skip(1);
        let start = parts.next().expect("start").to_owned();
        let number = parts.next().expect("number").split('.').next();
        (start, number.expect("number").parse::<u64>().expect("digits"))
    });
    files
}

pub(crate) fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("name")
}

#[expect(clippy::disallowed_types, reason = "a file of our own, small, in a test")]
fn decoded(path: &Path) -> Vec<u8> {
    let file = File::open(path).expect("file");
    let closed = name(path).strip_suffix(".open").unwrap_or(name(path));
    let mut bytes = Vec::new();
    let mut reader: Box<dyn Read> = match Compression::of_name(closed).expect("a name of ours") {
        Compression::None => Box::new(file),
        Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(file)),
        Compression::Zstd => Box::new(zstd::Decoder::new(file).expect("decoder")),
    };
    reader.read_to_end(&mut bytes).expect("whole members or frames");
    bytes
}
