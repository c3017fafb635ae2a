//! The world around the daemon: a `LocalStack`, in it a [`Trail`] per test, and the [`Daemon`] as a
//! child process that reads it.
//!
//! ```no_run
//! # async fn example(executable: &std::path::Path) -> anyhow::Result<()> {
//! use std::time::Duration;
//! use traild_tests::harness::{Daemon, LocalStack, Trail, Wiring};
//!
//! let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
//! let mut daemon = Daemon::builder(executable, &trail).until_idle(Duration::from_secs(1)).spawn()?;
//! trail.put("AWSLogs/111122223333/CloudTrail/...", b"...").await?;
//! assert_eq!(daemon.wait_exit(Duration::from_secs(30)).await?, 0);
//! # Ok(())
//! # }
//! ```
//!
//! In reading order: [`localstack`] starts the server, [`trail`] makes bucket and queues in it (by
//! `stack`, which speaks `CloudFormation`), [`daemon`] starts the process, [`metrics`] reads what
//! it says of itself, [`ocsf`] has the schemas that events are held against; [`progress`], `python`,
//! `settings`, `call`, `http` and `tail` serve these.

mod call;
pub mod daemon;
mod http;
pub mod localstack;
pub mod metrics;
pub mod ocsf;
pub mod progress;
mod python;
mod settings;
mod stack;
mod tail;
pub mod trail;
mod xml;

pub use daemon::Daemon;
pub use localstack::LocalStack;
pub use metrics::Metrics;
pub use trail::{DeadLetter, Depth, Trail, TrailOptions, Wiring};

use std::path::{Path, PathBuf};

/// The account, region and keys that every child and client is given: `LocalStack` takes any.
pub(crate) const REGION: &str = "us-east-1";
pub(crate) const ACCESS_KEY: &str = "test";
pub(crate) const SECRET_KEY: &str = "test";

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// Where everything goes that is not committed. One place for all builds, whatever their target
/// directory, so that `LocalStack` is installed once.
pub(crate) fn target() -> PathBuf {
    root().join("target")
}
