//! The server, and the trail in it.

use super::arrival;
use super::display::Step;
use crate::harness::{LocalStack, Trail, TrailOptions};
use crate::sample_trail::{self, SampleFile, SampleKind};
use anyhow::Context as _;

/// What bucket, stack and queue are called in a server of our own.
const NAME: &str = "trail";
/// More than LocalStack can take at a time.
const AT_A_TIME: usize = 16;
/// Enough for the cut to go through the middle of them.
const RECORDS_BEFORE_THE_CUT: usize = 40;

/// Starts the server.
pub(super) async fn start_localstack() -> anyhow::Result<LocalStack> {
    let step = Step::begin("LocalStack");
    let localstack = LocalStack::for_demo(&step).await?;
    step.done(&format!("LocalStack at {}, {}", localstack.endpoint(), localstack.origin()));
    Ok(localstack)
}

/// Makes bucket and queues.
pub(super) async fn make_trail(localstack: &LocalStack) -> anyhow::Result<Trail> {
    let step = Step::begin("bucket, queue and dead-letter queue");
    // A server that others use too may have one of this name.
    let name = (!localstack.is_given()).then(|| NAME.to_owned());
    let trail = Trail::with(localstack, TrailOptions { name, ..TrailOptions::default() }).await?;
    let bucket = trail.bucket();
    step.done(&format!("bucket {bucket}, and the queues of deploy/cloudformation/queue.yaml"));
    Ok(trail)
}

/// What is put into the bucket.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) files: Vec<SampleFile>,
    /// The events in them.
    pub(super) records: Vec<String>,
    pub(super) damaged: SampleFile,
    /// The events in it, before it was cut.
    pub(super) damaged_records: Vec<String>,
}

impl Upload {
    /// The sample trail, and one file of whose text the second half is missing.
    pub(super) fn prepare() -> anyhow::Result<Self> {
        let files = sample_trail::load(&sample_trail::directory())?;
        let neighbour = files.iter().find(|file| file.kind == SampleKind::Events);
        let neighbour = neighbour.context("the sample trail has no log file")?;
        let damaged = sample_trail::generate_sized(1, RECORDS_BEFORE_THE_CUT).next();
        let mut damaged = damaged.context("no file was generated")?;
        let damaged_records = arrival::records(&damaged)?;
        damaged.key = key_beside(&neighbour.key, "TornAndTruncated");
        damaged.cut_text_in_half()?;
        let mut records = Vec::new();
        for file in &files {
            records.extend(arrival::records(file)?);
        }
        Ok(Self { files, records, damaged, damaged_records })
    }

    /// How many files are digests, which hold no events.
    pub(super) fn digests(&self) -> usize {
        self.files.iter().filter(|file| file.kind == SampleKind::Digest).count()
    }

    /// Puts it all.
    pub(super) async fn put(&self, trail: &Trail) -> anyhow::Result<()> {
        let step = Step::counted("uploading", self.files.len() + 1);
        let objects = self.files.iter().chain([&self.damaged]);
        let objects = objects.map(|file| (file.key.clone(), file.gz.clone()));
        trail.put_each(objects, AT_A_TIME, || step.advance()).await?;
        let files = self.files.len();
        step.done(&format!("{files} files of a sample trail uploaded, and a damaged one"));
        Ok(())
    }
}

/// A key like this one, of another file: CloudTrail ends names with 16 characters of chance.
pub(super) fn key_beside(key: &str, chance: &str) -> String {
    let (before, _) = key.rsplit_once('_').unwrap_or((key, ""));
    format!("{before}_{chance}.json.gz")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_file_is_no_whole_text_and_lies_beside_good_ones() {
        let upload = Upload::prepare().unwrap();
        let text = upload.damaged.body().unwrap();
        assert!(serde_json::from_slice::<serde_json::Value>(&text).unwrap_err().is_eof());
        let folder = |key: &str| key.rsplit_once('/').unwrap().0.to_owned();
        let folder_of_damaged = folder(&upload.damaged.key);
        assert!(upload.files.iter().any(|file| folder(&file.key) == folder_of_damaged));
        assert!(upload.files.iter().all(|file| file.key != upload.damaged.key));
        assert_eq!(upload.damaged_records.len(), RECORDS_BEFORE_THE_CUT);
    }

    #[test]
    fn records_of_the_sample_are_all_counted_on() {
        let upload = Upload::prepare().unwrap();
        let claimed: usize = upload.files.iter().map(|file| file.records).sum();
        assert_eq!(upload.records.len(), claimed);
    }
}
