//! What is done to the daemon.

use std::time::Duration;

use super::pinning::cores;
use super::slow_sync::COMPILER;
use super::strace::is_installed;
use crate::trail::Sizes;

/// One thing that is measured.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// What is done.
    pub kind: Kind,
}

/// What is done.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Log files are read until the queue is empty.
    Drain(Work),
    /// The daemon starts, and asks the queue for the first time.
    StartUp,
    /// The queue stays empty for so long.
    Idle(Duration),
}

/// Log files to read, and the world they are read in.
#[derive(Clone, Debug)]
pub struct Work {
    /// The log files.
    pub sizes: Sizes,
    /// How they come.
    pub feed: Feed,
    /// A file sink for each of these schemas.
    pub schemas: &'static [&'static str],
    /// `limits.memory`, in MiB, if it is not the usual one.
    pub memory: Option<u32>,
    /// `limits.objects_at_once`, if it is not the usual one.
    pub objects_at_once: Option<u32>,
    /// How long S3 takes to answer.
    pub s3_latency: Duration,
    /// How long a sync of a file takes longer than it does, and with it every answer of a sink.
    pub sync_delay: Duration,
    /// Daemons on one queue, each on a core of its own; `None`: one, on any core.
    pub pinned: Option<u32>,
}

/// How log files come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// All of them lie there before the daemon starts.
    Backlog,
    /// So many are uploaded each second.
    PerSecond(u32),
}

impl Scenario {
    /// Why this machine cannot run it.
    pub(super) fn lacks(&self) -> Option<String> {
        let Kind::Drain(work) = &self.kind else { return None };
        if !work.sync_delay.is_zero() && !is_installed(COMPILER) {
            return Some("needs a C compiler: it makes each sync take longer".to_owned());
        }
        if work.pinned.is_some() && (!is_installed("taskset") || cores() < 4) {
            let why = "needs taskset and four cores: two for daemons, the rest for S3 and SQS";
            return Some(why.to_owned());
        }
        None
    }
}

impl Work {
    /// The budget that the daemon has when nothing is said, in MiB.
    pub const USUAL_MEMORY: u32 = 128;

    /// A backlog of these, as they are, to one file sink; nothing is slow.
    #[must_use]
    pub fn of(sizes: Sizes) -> Self {
        Self {
            sizes,
            feed: Feed::Backlog,
            schemas: &["cloudtrail"],
            memory: None,
            objects_at_once: None,
            s3_latency: Duration::ZERO,
            sync_delay: Duration::ZERO,
            pinned: None,
        }
    }

    /// The part of a configuration that says what is done with events.
    pub(super) fn configuration(&self) -> String {
        let memory = self.memory.map(|memory| format!("memory = '{memory}MiB'\n"));
        let at_once = self.objects_at_once.map(|count| format!("objects_at_once = {count}\n"));
        let limits = [memory, at_once].into_iter().flatten();
        let sinks = self.schemas.iter().map(|schema| {
            format!("[[sink]]\nname = '{schema}'\ntype = 'file'\npath = '{schema}'\nschema = '{schema}'\n")
        });
        ["[limits]\n".to_owned()].into_iter().chain(limits).chain(sinks).collect()
    }
}
