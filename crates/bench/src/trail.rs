//! A [`Trail`]: the log files of a bucket, as many and as large as asked for.
//!
//! In go [`Sizes`] and a seed, out come gzip files with their S3 keys, the same ones on every
//! machine. Records are those of the sample trail; every event of a trail has an id of its own,
//! which tells its number, so that whoever counts what has arrived needs no list of ids.
//!
//! In reading order: [`Sizes`] says how many events each file has, `keys` what it is called,
//! `event_id` what its events are called.

mod event_id;
mod keys;
mod sizes;
#[cfg(test)]
mod tests;

pub use event_id::number_of;
pub use sizes::Sizes;

pub(crate) use event_id::event_id;

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context as _, anyhow};
use bytes::Bytes;

use crate::log_file::LogFile;
use crate::stock;

/// The log files of a bucket.
#[derive(Debug)]
pub struct Trail {
    /// The files, in the order in which they are delivered.
    pub files: Vec<TrailFile>,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct TrailFile {
    /// Its S3 key.
    pub key: String,
    /// Its bytes: one gzip member.
    pub object: Bytes,
    /// Bytes it inflates to.
    pub size: usize,
    /// Events in it.
    pub events: usize,
}

/// A file that is to be made: which events it has.
struct Plan {
    key: String,
    first: u64,
    events: usize,
}

impl Trail {
    /// The trail that `sizes` and `seed` stand for. All cores work on it.
    ///
    /// # Errors
    /// If the sample trail cannot be read.
    pub fn of(sizes: &Sizes, seed: u64) -> anyhow::Result<Self> {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut plans = Vec::new();
        let mut first = 0;
        for events in sizes.draw(&mut rng) {
            let key = keys::draw(plans.len(), &mut rng);
            plans.push(Plan { key, first, events });
            first += events as u64;
        }
        let stock = stock::records()?;
        let mut files = make_all(&plans, &stock)?;
        files.sort_unstable_by_key(|(number, _)| *number);
        Ok(Self { files: files.into_iter().map(|(_, file)| file).collect() })
    }

    /// Events in all files.
    #[must_use]
    pub fn events(&self) -> usize {
        self.files.iter().map(|file| file.events).sum()
    }

    /// Bytes that all files inflate to.
    #[must_use]
    pub fn size(&self) -> usize {
        self.files.iter().map(|file| file.size).sum()
    }
}

/// Makes every file, on as many threads as there are cores; each with its place in the trail.
fn make_all(plans: &[Plan], stock: &[String]) -> anyhow::Result<Vec<(usize, TrailFile)>> {
    let next = AtomicUsize::new(0);
    let work = || -> anyhow::Result<Vec<(usize, TrailFile)>> {
        let mut made = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(plan) = plans.get(number) else { return Ok(made) };
            made.push((number, plan.make(stock)?));
        }
    };
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let mut files = Vec::with_capacity(plans.len());
        for thread in threads {
            let made = thread.join().map_err(|_| anyhow!("a thread that makes files panicked"))?;
            files.extend(made.context("could not make a log file")?);
        }
        Ok(files)
    })
}

impl Plan {
    fn make(&self, stock: &[String]) -> anyhow::Result<TrailFile> {
        let LogFile { object, size, events } = LogFile::numbered(stock, self.first, self.events)?;
        Ok(TrailFile { key: self.key.clone(), object: object.into(), size, events })
    }
}
