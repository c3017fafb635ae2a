//! The real daemon among faults: it runs beside an S3 and SQS in memory that go wrong, and afterwards
//! every event is accounted for.
//!
//! In go an executable and faults, out comes an [`Account`]: what arrived, what was set aside, and
//! with which reason. An event that is neither is an error, as is one that nobody sent.
//!
//! In reading order: [`executable()`] finds the daemon, [`Torment`] runs it, `admin` is what the
//! daemon says of itself, [`Account`] is what is left.

mod account;
mod admin;
mod executable;
mod process;

pub use account::Account;
pub use executable::executable;

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::e2e::Binary;
use crate::e2e::daemon::{Daemon, Launch};
use crate::server::{Rates, Server};
use crate::trail::{Sizes, Trail};

const BUCKET: &str = "trail";
/// The queue moves no message away by itself: a message that comes often has met many faults.
const RECEIVES: u32 = 1_000;
/// Events of each file.
const EVENTS: usize = 5;
/// The daemon is ready, or will not be. It waits for other tests too.
const READY: Duration = Duration::from_secs(30);
/// All is done by then, after the last fault.
const DRAINED: Duration = Duration::from_secs(50);
const POLL: Duration = Duration::from_millis(10);

/// A daemon, what is around it, and the log files it has to read. Gone when it is dropped.
#[derive(Debug)]
pub struct Torment {
    daemon: Option<Daemon>,
    /// How often it was started.
    lives: usize,
    binary: Binary,
    server: Server,
    trail: Trail,
    uploaded: usize,
    /// Port of the daemon's readiness.
    admin: u16,
    folder: TempDir,
    /// Drives the server; dropped after it.
    _runtime: Runtime,
}

impl Torment {
    /// So many log files that are to be read, none of them uploaded, and no daemon yet. A message
    /// is hidden for `visibility`.
    ///
    /// # Errors
    /// If there is no port or no room.
    pub fn new(binary: Binary, files: usize, visibility: Duration) -> anyhow::Result<Self> {
        let runtime = Runtime::new()?;
        let server = runtime.block_on(Server::start()).context("could not start the server")?;
        server.set_visibility(visibility);
        server.set_max_receives(RECEIVES);
        // A bucket is there once something is in it; a daemon looks for it when it starts.
        server.put(BUCKET, "AWSLogs/", Bytes::new());
        let torment = Self {
            daemon: None,
            lives: 0,
            binary,
            server,
            trail: Trail::of(&Sizes::Same { files, events: EVENTS }, 0)?,
            uploaded: 0,
            // Free now; the daemon takes it each time it is started.
            admin: TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port(),
            folder: tempfile::Builder::new().prefix("torment-").tempdir()?,
            _runtime: runtime,
        };
        fs::create_dir(torment.disk())?;
        Ok(torment)
    }

    /// S3 and SQS.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// A folder for whatever a test needs.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder that the sink's is in: a disk of its own may be mounted on it.
    #[must_use]
    pub fn disk(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    /// Starts the daemon, and waits until it is ready.
    ///
    /// # Errors
    /// If it cannot be started, ends, or is not ready in time.
    pub fn start(&mut self) -> anyhow::Result<()> {
        self.launch(&[], &self.server.endpoint())?;
        self.ready()
    }

    /// Starts the daemon by way of `wrapper`, a command with arguments that runs the one behind it;
    /// S3 and SQS are at `endpoint`.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn launch(&mut self, wrapper: &[String], endpoint: &str) -> anyhow::Result<()> {
        let launch = Launch {
            binary: &self.binary,
            wrapper,
            folder: &self.folder.path().join(format!("daemon-{}", self.lives)),
            configuration: &self.configuration(),
            endpoint,
        };
        self.daemon = Some(launch.start()?);
        self.lives += 1;
        Ok(())
    }

    /// Uploads all files that are not yet.
    pub fn upload(&mut self) {
        self.upload_to(self.trail.files.len());
    }

    /// Sets faults for so long, uploads meanwhile the files that are not yet, and ends all faults.
    ///
    /// # Errors
    /// If the daemon ends.
    pub fn strike(
        &mut self,
        length: Duration,
        faults: impl FnOnce(&mut Rates),
    ) -> anyhow::Result<()> {
        self.server.faults().set(faults);
        let (begun, first) = (Instant::now(), self.uploaded);
        while begun.elapsed() < length {
            // The last of them before the end, so that it meets faults, too.
            let share = begun.elapsed().as_secs_f64() / length.as_secs_f64() * 1.25;
            let due = (self.trail.files.len() - first) as f64 * share.min(1.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share of the files"
            )]
            self.upload_to(first + due as usize);
            self.daemon()?.runs()?;
            thread::sleep(POLL);
        }
        self.upload();
        self.server.faults().quiet();
        Ok(())
    }

    /// Ends all faults, waits until the queue is empty and the daemon ready, stops it, and accounts.
    ///
    /// # Errors
    /// If any of this fails, an event is nowhere, or one is there that nobody sent.
    pub fn finish(&mut self) -> anyhow::Result<Account> {
        self.drain()?;
        self.stop()?;
        Account::of(&self.trail, &self.sink(), &self.server)
    }

    /// Ends all faults, and waits until the queue is empty and the daemon ready.
    ///
    /// # Errors
    /// If that takes too long, or the daemon ends.
    pub fn drain(&mut self) -> anyhow::Result<()> {
        self.server.faults().quiet();
        let begun = Instant::now();
        while self.server.messages() > 0 {
            self.daemon()?.runs()?;
            let (left, tail) = (self.server.messages(), self.log_tail());
            ensure!(begun.elapsed() < DRAINED, "{left} messages are left: {tail}");
            thread::sleep(POLL);
        }
        self.ready()
    }

    /// Stops the daemon as a service manager does.
    ///
    /// # Errors
    /// If it does not end with exit code 0.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        self.daemon.take().context("no daemon runs")?.stop()
    }

    fn upload_to(&mut self, end: usize) {
        let files = self.trail.files.get(self.uploaded..end).unwrap_or_default();
        for file in files {
            self.server.upload(BUCKET, &file.key, file.object.clone());
        }
        self.uploaded += files.len();
    }

    fn sink(&self) -> PathBuf {
        self.disk().join("events")
    }

    fn configuration(&self) -> String {
        format!(
            "[source]\nqueue_url = '{}'\nbuckets = ['{BUCKET}']\nreceive_wait = '1s'\n\
             [admin]\nlisten = '127.0.0.1:{}'\n[quarantine]\npath = '{}'\n\
             [log]\nfilter = 'info,trail_ingest=debug'\n[[sink]]\ntype = 'file'\npath = '{}'\n",
            self.server.queue_url(),
            self.admin,
            self.folder.path().join("quarantine").display(),
            self.sink().display()
        )
    }
}
