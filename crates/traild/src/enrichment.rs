//! What files tell beyond an event: where an address is, what an account is called.
//!
//! What comes in is the paths of `[enrichment]`; what goes out is [`EnrichmentFiles`], which answers
//! the schemas from memory. It never asks a network, and nobody has to wait for it.
//!
//! # Operations
//! - **Opened at the start.** A file that is missing, damaged or of the wrong kind is a fault of the
//!   configuration, told with what was found and what to do ([`FileFaults`]).
//! - **Looked at again** every `reload`: a file whose inode, size or times have changed is read, and
//!   takes the place of the former between two events. A symbolic link that is turned to another
//!   file (as Kubernetes does with a mounted `ConfigMap`) is such a change.
//! - **Never worse than before.** A new file that cannot be used, or a file that is gone, is told
//!   once, as a warning; what was known goes on, and the next change is tried again.
//! - **Databases are mapped into memory**, and only what is asked for is read: some megabytes of
//!   pages that the kernel may take back. Replace them by renaming a complete file over the old one,
//!   as `geoipupdate` does. Writing into them gives wrong answers, and cutting one short under
//!   traild ends the process; the messages under way come again.
//! - **The same event may give other bytes** after a file has changed. Without any file it never
//!   does.
//!
//! In reading order: `watched` keeps what a file says and sees when it changes, `database` finds an
//! address, `record` is what it finds, `accounts` are names by id, `csv` their lines, `mapped` the
//! unsafe part, `fault` what is told.

mod accounts;
mod csv;
mod database;
mod fault;
mod mapped;
mod record;
mod watched;

pub use fault::FileFaults;

use crate::config;
use accounts::AccountNames;
use database::{Networks, Places};
use record::{Network, Place};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use trail_schema::{Enrichment, Location};
use watched::{Content, Watched};

/// The files of `[enrichment]`, open.
#[derive(Debug)]
pub struct EnrichmentFiles {
    places: Option<Arc<Watched<Places>>>,
    networks: Option<Arc<Watched<Networks>>>,
    accounts: Option<Arc<Watched<AccountNames>>>,
    reload: Duration,
}

/// One file of [`EnrichmentFiles`], as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenFile {
    /// The key that names it, such as `enrichment.city_database`.
    pub setting: &'static str,
    /// Where it is, as it was configured.
    pub path: PathBuf,
    /// Type and day of building of a database, or how many accounts have a name.
    pub description: String,
}

impl EnrichmentFiles {
    /// Opens the files that are named; `None` if none is. It reads from disk, but no database as a
    /// whole.
    ///
    /// # Errors
    /// All that is wrong with any of them, a fault of the configuration.
    pub fn open(settings: &config::Enrichment) -> Result<Option<Self>, FileFaults> {
        if settings.is_empty() {
            return Ok(None);
        }
        let mut faults = Vec::new();
        let files = Self {
            places: open(settings.city_database.as_deref(), &mut faults),
            networks: open(settings.asn_database.as_deref(), &mut faults),
            accounts: open(settings.account_names.as_deref(), &mut faults),
            reload: settings.reload.duration(),
        };
        if faults.is_empty() { Ok(Some(files)) } else { Err(FileFaults::new(faults)) }
    }

    /// Sees to it that files that change are read again, until `stop`. Without it they stay as they
    /// were at the start, which is right for a short run.
    pub async fn watch(&self, stop: CancellationToken) {
        tokio::join!(
            watch(self.places.as_ref(), self.reload, &stop),
            watch(self.networks.as_ref(), self.reload, &stop),
            watch(self.accounts.as_ref(), self.reload, &stop),
        );
    }

    /// Each file that is open, for people.
    #[must_use]
    pub fn describe(&self) -> Vec<OpenFile> {
        let places = self.places.as_ref().map(|file| file.describe());
        let networks = self.networks.as_ref().map(|file| file.describe());
        let accounts = self.accounts.as_ref().map(|file| file.describe());
        [places, networks, accounts].into_iter().flatten().collect()
    }
}

fn open<T: Content>(path: Option<&Path>, faults: &mut Vec<String>) -> Option<Arc<Watched<T>>> {
    match Watched::open(path?) {
        Ok(file) => Some(Arc::new(file)),
        Err(found) => {
            faults.extend(found);
            None
        }
    }
}

async fn watch<T: Content>(
    file: Option<&Arc<Watched<T>>>,
    every: Duration,
    stop: &CancellationToken,
) {
    if let Some(file) = file {
        file.watch(every, stop).await;
    }
}

impl Enrichment for EnrichmentFiles {
    /// An IPv4 address that is written as IPv6 (`::ffff:192.0.2.1`) is the IPv4 address. For what a
    /// database does not hold, as private addresses, nothing is answered.
    fn locate(&self, address: IpAddr, see: &mut dyn FnMut(&Location<'_>)) {
        let address = address.to_canonical();
        // Kept until `see` is done, even if the files are replaced meanwhile.
        let places = self.places.as_ref().map(|file| file.current());
        let networks = self.networks.as_ref().map(|file| file.current());
        let place: Place<'_> =
            places.as_ref().and_then(|places| places.find(address)).unwrap_or_default();
        let network: Network<'_> =
            networks.as_ref().and_then(|networks| networks.find(address)).unwrap_or_default();
        let location = record::location(&place, &network);
        if location != Location::default() {
            see(&location);
        }
    }

    fn account_name(&self, id: &str, see: &mut dyn FnMut(&str)) {
        let Some(accounts) = self.accounts.as_ref().map(|file| file.current()) else { return };
        if let Some(name) = accounts.name(id) {
            see(name);
        }
    }
}

#[cfg(test)]
mod tests;
