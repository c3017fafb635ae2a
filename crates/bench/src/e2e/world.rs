//! What is around the daemons of a scenario: S3 and SQS, and a folder to write to.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::options::Options;
use crate::server::Server;
use crate::trail::{Trail, TrailFile};

const BUCKET: &str = "trail";
/// How often the queue is looked at.
const POLL: Duration = Duration::from_millis(1);
/// The daemon starts or does not.
const START: Duration = Duration::from_secs(20);

/// A world of its own, gone when it is dropped.
#[derive(Debug)]
pub(super) struct World {
    pub(super) server: Server,
    folder: TempDir,
    /// Drives the server; dropped after it.
    _runtime: Runtime,
}

impl World {
    /// An empty one.
    ///
    /// # Errors
    /// If there is no port or no room.
    pub(super) fn new(options: &Options) -> anyhow::Result<Self> {
        let runtime = Runtime::new()?;
        let server = runtime.block_on(Server::start()).context("could not start the server")?;
        // A bucket is there once something is in it; a daemon looks for it when it starts.
        server.put(BUCKET, "AWSLogs/", Bytes::new());
        let folder = match &options.directory {
            Some(folder) => TempDir::new_in(folder),
            None => TempDir::new(),
        };
        let folder = folder.context("could not make a temporary folder")?;
        Ok(Self { server, folder, _runtime: runtime })
    }

    /// A folder of this name in it.
    pub(super) fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The part of a configuration that says where messages come from.
    pub(super) fn source(&self, receive_wait: &str) -> String {
        format!(
            "[source]\nqueue_url = '{}'\nbuckets = ['{BUCKET}']\nreceive_wait = '{receive_wait}'\n\
             [admin]\nlisten = 'off'\n[quarantine]\npath = 'quarantine'\n",
            self.server.queue_url()
        )
    }

    /// Sends what S3 sends when notifications are set up: a receive need not wait for anything.
    pub(super) fn greet(&self) {
        self.server.send(r#"{"Service":"Amazon S3","Event":"s3:TestEvent"}"#.to_owned());
    }

    /// Puts files into the bucket at once; the queue is told of each.
    pub(super) fn upload(&self, files: &[TrailFile]) {
        for file in files {
            self.server.upload(BUCKET, &file.key, file.object.clone());
        }
    }

    /// As [`Self::upload`], but so many a second.
    pub(super) fn upload_slowly(&self, trail: &Trail, per_second: u32) {
        let (begun, pause) = (Instant::now(), Duration::from_secs(1) / per_second);
        let mut due = Duration::ZERO;
        for file in &trail.files {
            std::thread::sleep(due.saturating_sub(begun.elapsed()));
            self.upload(std::slice::from_ref(file));
            due += pause;
        }
    }

    /// Waits until a daemon has asked the queue, and says when that was.
    ///
    /// # Errors
    /// If none does, or `still` says why none will.
    pub(super) fn first_receive(
        &self,
        mut still: impl FnMut() -> anyhow::Result<()>,
    ) -> anyhow::Result<Instant> {
        let begun = Instant::now();
        while self.server.counts().receives == 0 {
            still()?;
            ensure!(begun.elapsed() < START, "the daemon asks the queue nothing");
            std::thread::sleep(POLL / 5);
        }
        Ok(Instant::now())
    }

    /// Waits until the queue holds nothing, and says when that was.
    ///
    /// # Errors
    /// If it takes longer than this, or `still` says why it never will.
    pub(super) fn drained(
        &self,
        patience: Duration,
        mut still: impl FnMut() -> anyhow::Result<()>,
    ) -> anyhow::Result<Instant> {
        let begun = Instant::now();
        loop {
            let messages = self.server.messages();
            if messages == 0 {
                return Ok(Instant::now());
            }
            still()?;
            ensure!(begun.elapsed() < patience, "{messages} messages are left after {patience:?}");
            std::thread::sleep(POLL);
        }
    }
}
