//! The load: log files, as many as the daemon takes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::ledger::Ledger;
use super::template::Template;
use crate::server::Server;
use crate::stock;

/// The bucket that all files are in.
pub(super) const BUCKET: &str = "trail";
/// So many messages wait, however many are received.
const WAITING: usize = 200;
/// How often the queue is looked at.
const PAUSE: Duration = Duration::from_millis(2);
/// A file of 200 MB comes each so often.
const LARGE_EVERY: Duration = Duration::from_secs(120);
/// What makes a file of 16,000 events one of over 200 MB.
const TIMES: usize = 8;

/// What files are made of.
#[derive(Debug)]
pub(super) struct Load {
    small: Template,
    medium: Template,
    large: Template,
    random: fastrand::Rng,
    next_largest: Instant,
}

impl Load {
    /// # Errors
    /// If the sample trail cannot be read.
    pub(super) fn new() -> anyhow::Result<Self> {
        let stock = stock::records()?;
        Ok(Self {
            small: Template::of(&stock, 5)?,
            medium: Template::of(&stock, 100)?,
            large: Template::of(&stock, 16_000)?,
            random: fastrand::Rng::with_seed(1),
            next_largest: Instant::now() + LARGE_EVERY / 4,
        })
    }

    /// Uploads until `end`.
    ///
    /// # Errors
    /// If a file cannot be made.
    pub(super) fn run(
        mut self,
        server: &Server,
        ledger: &Mutex<Ledger>,
        end: &AtomicBool,
    ) -> anyhow::Result<()> {
        let ledger = || ledger.lock().unwrap_or_else(PoisonError::into_inner);
        while !end.load(Ordering::Relaxed) {
            if server.waiting() >= WAITING {
                std::thread::sleep(PAUSE);
                continue;
            }
            let first = ledger().next_event();
            let (template, times) = self.draw();
            let events = template.events() * times;
            let object = template.file(first, times)?;
            // Known before it can arrive.
            let key = ledger().upload(events, object.len());
            server.upload(BUCKET, &key, object);
        }
        Ok(())
    }

    /// Of a hundred files 62 have 5 events, 37 have 100, and one has 16,000.
    fn draw(&mut self) -> (&mut Template, usize) {
        if Instant::now() >= self.next_largest {
            self.next_largest += LARGE_EVERY;
            return (&mut self.large, TIMES);
        }
        match self.random.u8(..100) {
            0..62 => (&mut self.small, 1),
            62..99 => (&mut self.medium, 1),
            _ => (&mut self.large, 1),
        }
    }
}
