//! What is around the daemon: S3 and SQS with faults, a folder, and the ledger of what was sent.

use std::fs;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use bytes::Bytes;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::ledger::Ledger;
use super::load::BUCKET;
use super::plan::VISIBILITY;
use crate::e2e::Binary;
use crate::e2e::daemon::{Daemon, Launch};
use crate::server::Server;

/// `limits.memory`, in MiB.
pub(super) const BUDGET_MIB: u32 = 128;
/// A file sink for each of these schemas.
pub(super) const SINKS: [&str; 2] = ["cloudtrail", "ocsf-1.8"];
/// The queue moves no message away by itself: a message that comes often has met many faults.
const RECEIVES: u32 = 1_000;

/// A world of its own, gone when it is dropped unless its folder is kept.
#[derive(Debug)]
pub(super) struct World {
    pub(super) server: Server,
    ledger: Mutex<Ledger>,
    binary: Binary,
    /// Port of the daemon's metrics.
    pub(super) admin: u16,
    folder: TempDir,
    /// Drives the server; dropped after it.
    _runtime: Runtime,
}

impl World {
    /// An empty one, with a folder under `directory`.
    ///
    /// # Errors
    /// If there is no port or no room.
    pub(super) fn new(binary: Binary, directory: Option<&Path>) -> anyhow::Result<Self> {
        let runtime = Runtime::new()?;
        let server = runtime.block_on(Server::start()).context("could not start the server")?;
        server.set_visibility(VISIBILITY);
        server.set_max_receives(RECEIVES);
        // A bucket is there once something is in it; a daemon looks for it when it starts.
        server.put(BUCKET, "AWSLogs/", Bytes::new());
        let mut folder = tempfile::Builder::new();
        folder.prefix("soak-");
        let folder = match directory {
            Some(directory) => {
                fs::create_dir_all(directory).with_context(|| directory.display().to_string())?;
                folder.tempdir_in(directory)
            }
            None => folder.tempdir(),
        };
        Ok(Self {
            server,
            ledger: Mutex::new(Ledger::new(SINKS.len())),
            binary,
            // Free now; the daemon takes it again each time it is started.
            admin: TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port(),
            folder: folder.context("could not make a temporary folder")?,
            _runtime: runtime,
        })
    }

    /// Leaves its files where they are, for a person to look at, and says where.
    ///
    /// # Errors
    /// If standard error cannot be written.
    pub(super) fn keep(&mut self) -> io::Result<()> {
        self.folder.disable_cleanup(true);
        writeln!(io::stderr(), "files stay in {}", self.folder.path().display())
    }

    /// Starts the daemon, for the `life`-th time after the first.
    ///
    /// # Errors
    /// If it cannot be started.
    pub(super) fn start(&self, life: usize) -> anyhow::Result<Daemon> {
        let launch = Launch {
            binary: &self.binary,
            wrapper: &[],
            folder: &self.folder.path().join(format!("daemon-{life}")),
            configuration: &self.configuration(),
            endpoint: &self.server.endpoint(),
        };
        launch.start()
    }

    /// Where a sink writes.
    pub(super) fn sink(&self, name: &str) -> PathBuf {
        self.folder.path().join("sinks").join(name)
    }

    /// Where events go that a sink can never take.
    pub(super) fn quarantine(&self) -> PathBuf {
        self.folder.path().join("quarantine")
    }

    /// What was sent, as it is now.
    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ledger for those who lock it often and for short.
    pub(super) fn shared_ledger(&self) -> &Mutex<Ledger> {
        &self.ledger
    }

    fn configuration(&self) -> String {
        let sinks = SINKS.iter().map(|name| {
            let path = self.sink(name);
            format!(
                "[[sink]]\nname = '{name}'\ntype = 'file'\nschema = '{name}'\npath = '{}'\n\
                 rotate_size = '32MiB'\nrotate_age = '3s'\n",
                path.display()
            )
        });
        format!(
            "[source]\nqueue_url = '{}'\nbuckets = ['{BUCKET}']\nreceive_wait = '1s'\n\
             [limits]\nmemory = '{BUDGET_MIB}MiB'\n[admin]\nlisten = '127.0.0.1:{}'\n\
             [quarantine]\npath = '{}'\n{}",
            self.server.queue_url(),
            self.admin,
            self.quarantine().display(),
            sinks.collect::<String>()
        )
    }
}
