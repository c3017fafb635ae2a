//! The file's text, or one line that says why there is none.

use super::document::point;
use super::fault::{Faults, Place};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// No configuration is larger; a log or a device given by mistake is.
const LARGEST: u64 = 1 << 20;

pub(super) fn read(name: &str, path: &Path) -> Result<String, Faults> {
    let refused = |reason: String| Faults::one(Place::Document { name: name.to_owned() }, reason);
    if path.is_dir() {
        return Err(refused("is a directory: name the TOML file in it".to_owned()));
    }
    let bytes = read_bytes(path).map_err(|error| refused(explain(&error)))?;
    if bytes.len() as u64 > LARGEST {
        return Err(refused("is larger than 1MiB: it cannot be a configuration".to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let (valid, _) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
        let place = point(name, &String::from_utf8_lossy(valid), valid.len());
        Faults::one(place, "not UTF-8 text: save the file as UTF-8".to_owned())
    })
}

fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn explain(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::NotFound {
        "there is no such file: check the path".to_owned()
    } else if error.kind() == io::ErrorKind::PermissionDenied {
        "may not be read by this user: check its owner and mode".to_owned()
    } else {
        format!("could not be read: {error}")
    }
}
