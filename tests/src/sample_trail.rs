//! The sample trail that the repository carries: made-up events of a made-up organization, laid
//! out as CloudTrail lays out its bucket.
//!
//! In goes a seed; out come gzip files with their S3 keys, the same ones on every machine. They
//! cover each kind of object, each type of identity, and what real trails hold against all
//! documentation. Nothing in them is anybody's: accounts, keys and addresses are those reserved
//! for documentation. `cargo run -p traild-tests --bin make-sample-trail` writes the files under
//! `tests/sample-trail`.
//!
//! In reading order: `delivery` (which objects), `event` (one event), `calls`, `identity` and
//! `scene` (what, who, and about what), `odd`, `special`, `digest`; `sized` for measurements.

mod calls;
mod chance;
mod delivery;
mod digest;
mod estate;
mod event;
mod gzip;
mod identity;
mod odd;
mod record;
mod scene;
mod sized;
mod special;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::Context as _;
use flate2::Compression;
use serde::Deserialize;
use serde::de::IgnoredAny;

use self::chance::Chance;
pub use self::estate::BUCKET;
pub use self::sized::{generate_sized, object_of, write_object_of};

/// The seed of the committed files.
pub const SEED: u64 = 2_026;

/// One object of the bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleFile {
    /// Its S3 key, and its path under the sample's folder.
    pub key: String,
    /// What it holds.
    pub kind: SampleKind,
    /// How many records it holds: none in a digest.
    pub records: usize,
    /// Its bytes, one gzip member.
    pub gz: Vec<u8>,
}

/// What an object holds, as the folder of its key says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SampleKind {
    /// Management and data events.
    Events,
    /// Insight records.
    Insight,
    /// Calls through VPC endpoints.
    NetworkActivity,
    /// Data events summed up.
    Aggregated,
    /// A digest over an hour's logs.
    Digest,
}

impl SampleKind {
    /// The folder of this kind.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Events => "CloudTrail",
            Self::Insight => "CloudTrail-Insight",
            Self::NetworkActivity => "CloudTrail-NetworkActivity",
            Self::Aggregated => "CloudTrail-Aggregated",
            Self::Digest => "CloudTrail-Digest",
        }
    }

    fn of_key(key: &str) -> Option<Self> {
        use SampleKind::{Aggregated, Digest, Events, Insight, NetworkActivity};
        let named = |kind: &Self| key.split('/').any(|folder| folder == kind.folder());
        [Events, Insight, NetworkActivity, Aggregated, Digest].into_iter().find(named)
    }
}

impl SampleFile {
    /// The file inflated.
    ///
    /// # Errors
    /// If the bytes are not gzip.
    pub fn body(&self) -> io::Result<Vec<u8>> {
        gzip::inflate(&self.gz)
    }

    /// Leaves half of the text, as a writer does that ends too early; the gzip stream stays sound.
    ///
    /// # Errors
    /// If the bytes are not gzip.
    pub(crate) fn cut_text_in_half(&mut self) -> io::Result<()> {
        let body = self.body()?;
        let half = body.get(..body.len() / 2).unwrap_or_default();
        self.gz = gzip::compress(half, Compression::best());
        Ok(())
    }

    fn compress(key: String, kind: SampleKind, records: usize, body: &str) -> Self {
        Self { key, kind, records, gz: gzip::compress(body.as_bytes(), Compression::best()) }
    }
}

/// Every object of the trail that `seed` stands for, in the order of their keys.
#[must_use]
pub fn generate(seed: u64) -> Vec<SampleFile> {
    let mut chance = Chance::new(seed);
    let logs = delivery::deliveries(&mut chance);
    let digests = digest::digests(&logs, &mut chance);

    let logs =
        logs.into_iter().map(|log| SampleFile::compress(log.key, log.kind, log.records, &log.body));
    let digests = digests
        .iter()
        .map(|(key, body)| SampleFile::compress(key.clone(), SampleKind::Digest, 0, body));
    let mut files: Vec<SampleFile> = logs.chain(digests).collect();
    files.sort_by(|a, b| a.key.cmp(&b.key));
    files
}

/// Where the committed files lie.
#[must_use]
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-trail")
}

/// Makes `directory` hold the sample of [`SEED`] and no other objects, and says what it holds.
///
/// # Errors
/// If a file cannot be read, written or removed.
pub fn write_to(directory: &Path) -> anyhow::Result<Vec<SampleFile>> {
    let files = generate(SEED);
    let logs = directory.join("AWSLogs");
    if logs.exists() {
        fs::remove_dir_all(&logs).with_context(|| format!("could not clear {}", logs.display()))?;
    }
    for file in &files {
        let path = directory.join(&file.key);
        let folder = path.parent().unwrap_or(directory);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, &file.gz))
            .with_context(|| format!("could not write {}", path.display()))?;
    }
    Ok(files)
}

/// The sample in `directory`, in the order of the keys.
///
/// # Errors
/// If a file cannot be read, or is no object of a trail.
pub fn load(directory: &Path) -> anyhow::Result<Vec<SampleFile>> {
    let mut files = Vec::new();
    let mut folders = vec![(directory.join("AWSLogs"), "AWSLogs".to_owned())];
    while let Some((folder, prefix)) = folders.pop() {
        let could_not = || format!("could not list {}", folder.display());
        for entry in fs::read_dir(&folder).with_context(could_not)? {
            let path = entry.with_context(could_not)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let key = format!("{prefix}/{name}");
            if path.is_dir() {
                folders.push((path, key));
            } else {
                let what = path.display().to_string();
                files
                    .push(load_file(&path, key).with_context(|| format!("could not load {what}"))?);
            }
        }
    }
    files.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(files)
}

fn load_file(path: &Path, key: String) -> anyhow::Result<SampleFile> {
    let kind = SampleKind::of_key(&key).context("not in a folder of a trail")?;
    let mut file = SampleFile { key, kind, records: 0, gz: fs::read(path)? };
    file.records = count_records(&file.body()?)?;
    Ok(file)
}

/// The records of a log file; a digest has none.
fn count_records(body: &[u8]) -> serde_json::Result<usize> {
    #[derive(Deserialize)]
    struct Log {
        #[serde(rename = "Records", default)]
        records: Vec<IgnoredAny>,
    }
    if body.starts_with(b"[") {
        return serde_json::from_slice(body).map(|records: Vec<IgnoredAny>| records.len());
    }
    serde_json::from_slice(body).map(|log: Log| log.records.len())
}
