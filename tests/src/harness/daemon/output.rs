//! What the daemon leaves behind, read.

use anyhow::{Context as _, bail};
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// The whole lines of every file in `directory`, sorted. None if it is not there yet.
pub(super) fn lines(directory: &Path) -> anyhow::Result<Vec<String>> {
    if !directory.exists() {
        return Ok(Vec::new());
    }
    let could_not = || format!("could not read {}", directory.display());
    let mut lines = Vec::new();
    for entry in fs::read_dir(directory).with_context(could_not)? {
        let path = entry.with_context(could_not)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let closed = name.strip_suffix(".open").unwrap_or(&name);
        if closed.ends_with(".ndjson") {
            let text = read_while_it_is_renamed(&path)?;
            lines.extend(whole_lines(&text).map(str::to_owned));
        } else if closed.contains(".ndjson.") {
            bail!("{} is compressed", path.display());
        }
    }
    lines.sort_unstable();
    Ok(lines)
}

/// An open file may be closed, and so renamed, after it was listed.
fn read_while_it_is_renamed(path: &Path) -> anyhow::Result<String> {
    let closed = path.with_extension("");
    let text = fs::read_to_string(path);
    let text = text.or_else(|error| match path.extension() {
        Some(open) if open == "open" => fs::read_to_string(closed),
        _ => Err(error),
    });
    text.with_context(|| format!("could not read {}", path.display()))
}

/// Without what is being written at the end.
fn whole_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'))
}

/// The text of the file from `start` on.
pub(super) fn read_from(path: &Path, start: u64) -> anyhow::Result<String> {
    let read = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        std::io::Result::Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    read().with_context(|| format!("could not read {}", path.display()))
}

/// Where the log says that the admin server is, in either of its formats.
pub(super) fn admin_address(log: &str) -> Option<&str> {
    let line = log.lines().rev().find(|line| line.contains("admin server"))?;
    let (_, after) = line.split_once("address=").or_else(|| line.split_once("\"address\":\""))?;
    after.split([' ', '"']).next().filter(|address| !address.is_empty())
}

/// `VmHWM` of `/proc/<pid>/status`, in bytes.
pub(super) fn peak_resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_sorted_from_open_and_closed_files_without_the_unfinished_one() {
        let directory = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
        write("trail-1-1.ndjson", "c\na\n");
        write("trail-1-2.ndjson.open", "b\nunfinish");
        write(".lock", "no event");
        assert_eq!(lines(directory.path()).unwrap(), ["a", "b", "c"]);
        assert_eq!(lines(&directory.path().join("none")).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn file_that_was_closed_since_it_was_listed_is_read() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("trail-1-1.ndjson"), "a\n").unwrap();
        let open = directory.path().join("trail-1-1.ndjson.open");
        assert_eq!(read_while_it_is_renamed(&open).unwrap(), "a\n");
    }

    #[test]
    fn admin_address_is_found_in_text_and_in_json() {
        let text =
            "2026-01-01T00:00:00Z  INFO traild::admin: admin server address=127.0.0.1:4711\n";
        assert_eq!(admin_address(text), Some("127.0.0.1:4711"));
        let json = r#"{"level":"INFO","message":"admin server","address":"127.0.0.1:4711"}"#;
        assert_eq!(admin_address(json), Some("127.0.0.1:4711"));
        assert_eq!(admin_address("starting\n"), None);
    }

    #[test]
    fn peak_is_read_in_bytes() {
        let status = "Name:\ttraild\nVmPeak:\t  999 kB\nVmHWM:\t   12 kB\n";
        assert_eq!(peak_resident(status), Some(12 * 1024));
        assert_eq!(peak_resident("Name:\tx\n"), None);
    }
}
