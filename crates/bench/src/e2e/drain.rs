//! Log files are read until the queue is empty.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::ensure;

use super::bare;
use super::binary::Binary;
use super::daemon::{Daemon, Launch};
use super::delivery::Arrival;
use super::figures::{Drained, percentile_ms};
use super::floor;
use super::options::Options;
use super::pinning::Pinning;
use super::scenario::{Feed, Work};
use super::usage::Usage;
use super::world::World;
use super::{slow_sync, strace};
use crate::trail::Trail;

/// No scenario takes longer.
const PATIENCE: Duration = Duration::from_secs(600);
/// Receives are short, so that a stop need not wait for a long one. Figures are taken before any
/// comes back empty.
const RECEIVE_WAIT: &str = "1s";
/// Files that inflate to more are streamed: `limits.whole_object` as it usually is.
const WHOLE: usize = 32 << 20;
/// Inflating less is over too soon to be timed.
const WORTH_TIMING: usize = 1 << 20;

/// A trail that is to be read, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drain<'d> {
    pub(super) binary: &'d Binary,
    pub(super) options: &'d Options,
    pub(super) work: &'d Work,
    pub(super) trail: &'d Trail,
}

impl Drain<'_> {
    /// Reads it once, and once more to count system calls if that is asked for.
    ///
    /// # Errors
    /// If a daemon ends or gets stuck, or an event is lost or comes twice.
    pub(super) fn measure(self) -> anyhow::Result<Drained> {
        let inflation_mb_per_s = self.inflation()?;
        let bare_mb_per_s = self.bare()?;
        let is_pinned = self.work.pinned.is_some() || self.options.two_cores;
        let pinning = is_pinned.then(Pinning::leave_free).transpose()?;
        let drained = self.run(None)?;
        drop(pinning);
        let system_calls = self.count_calls()?;
        Ok(Drained { inflation_mb_per_s, bare_mb_per_s, system_calls, ..drained }.with_rates())
    }

    /// Inflation alone of the first file, where that is long enough to be timed.
    fn inflation(self) -> anyhow::Result<Option<f64>> {
        let first = self.trail.files.first().filter(|file| file.size >= WORTH_TIMING);
        let Some(file) = first.filter(|_| !self.options.no_floor) else { return Ok(None) };
        let alone = if file.size > WHOLE { floor::streaming } else { floor::one_shot };
        alone(&file.object, file.size).map(Some)
    }

    /// The bare work on the first file, if it is whole and goes to one sink.
    fn bare(self) -> anyhow::Result<Option<f64>> {
        let (first, schemas) = (self.trail.files.first(), self.work.schemas);
        let first = first.filter(|file| file.size <= WHOLE && !self.options.no_floor);
        match (first, schemas) {
            (Some(file), [schema]) => bare::speed(file, schema, self.options).map(Some),
            _ => Ok(None),
        }
    }

    /// Under strace everything is too slow for any other figure.
    fn count_calls(self) -> anyhow::Result<Option<u64>> {
        let is_wrapped = self.work.pinned.is_some() || !self.work.sync_delay.is_zero();
        if !self.options.strace || is_wrapped || !strace::is_installed("strace") {
            return Ok(None);
        }
        let folder = tempfile::tempdir()?;
        let table = folder.path().join("calls");
        self.run(Some(&table))?;
        strace::counted(&table).map(Some)
    }

    fn run(self, count_into: Option<&Path>) -> anyhow::Result<Drained> {
        let world = World::new(self.options)?;
        world.server.faults().set(|rates| rates.s3.latency = self.work.s3_latency);
        if self.work.feed == Feed::Backlog {
            world.upload(&self.trail.files);
        }
        let daemons = 0..self.work.pinned.unwrap_or(1);
        let started = daemons.map(|number| self.start(&world, number, count_into));
        let mut daemons = started.collect::<anyhow::Result<Vec<Daemon>>>()?;
        let mut begun = world.first_receive(|| all_run(&mut daemons))?;
        if let Feed::PerSecond(files) = self.work.feed {
            begun = Instant::now();
            world.upload_slowly(self.trail, files);
        }
        let ended = world.drained(PATIENCE, || all_run(&mut daemons))?;
        let figures = self.figures(&world, ended - begun, &daemons)?;
        let folders: Vec<_> = daemons.iter().map(|daemon| daemon.folder().to_owned()).collect();
        for daemon in daemons {
            daemon.stop()?;
        }
        let dead = world.server.dead_letters();
        ensure!(dead.is_empty(), "{} messages were set aside: {:?}", dead.len(), dead.first());
        for schema in self.work.schemas {
            let mut arrival = Arrival::of(self.trail.events());
            for folder in &folders {
                arrival.add(&folder.join(schema))?;
            }
            arrival.is_complete()?;
        }
        Ok(figures)
    }

    fn start(
        self,
        world: &World,
        number: u32,
        count_into: Option<&Path>,
    ) -> anyhow::Result<Daemon> {
        let mut wrapper = match self.work.pinned {
            Some(_) => Pinning::wrapper(&number.to_string()),
            None if self.options.two_cores => Pinning::wrapper("0,1"),
            None => Vec::new(),
        };
        match count_into {
            Some(table) => wrapper.extend(strace::counting(table)),
            None if self.work.sync_delay.is_zero() => {}
            None => {
                wrapper.extend(slow_sync::wrapper(self.work.sync_delay, &world.folder("slow"))?)
            }
        }
        let launch = Launch {
            binary: self.binary,
            wrapper: &wrapper,
            folder: &world.folder(&format!("daemon-{number}")),
            configuration: &(world.source(RECEIVE_WAIT) + &self.work.configuration()),
            endpoint: &world.server.endpoint(),
        };
        launch.start()
    }

    /// What can be said while the daemons still run.
    fn figures(self, world: &World, wall: Duration, daemons: &[Daemon]) -> anyhow::Result<Drained> {
        let mut usage = Usage::default();
        for daemon in daemons {
            usage += daemon.usage()?;
        }
        let counts = world.server.counts();
        let mut lags = world.server.lags();
        let threads = usage.threads.iter();
        Ok(Drained {
            objects: self.trail.files.len(),
            events: self.trail.events(),
            bytes: self.trail.size(),
            budget_mib: self.work.memory.unwrap_or(Work::USUAL_MEMORY),
            wall_s: wall.as_secs_f64(),
            cpu_s: usage.cpu.as_secs_f64(),
            threads_cpu_s: usage.of_threads().as_secs_f64(),
            cpu_s_by_thread: threads.map(|(name, cpu)| (name.clone(), cpu.as_secs_f64())).collect(),
            peak_mib: usage.peak as f64 / f64::from(1 << 20),
            syscr_and_syscw: usage.reads_and_writes,
            lag_p50_ms: percentile_ms(&mut lags, 50),
            lag_p99_ms: percentile_ms(&mut lags, 99),
            gets: counts.gets,
            receives: counts.receives,
            deletes: counts.deletes,
            ..Drained::default()
        })
    }
}

fn all_run(daemons: &mut [Daemon]) -> anyhow::Result<()> {
    daemons.iter_mut().try_for_each(Daemon::runs)
}
