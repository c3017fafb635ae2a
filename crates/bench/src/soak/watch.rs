//! [`Watch`] goes through the plan, and looks at the daemon each second.

use std::collections::{BTreeMap, VecDeque};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use super::load::BUCKET;
use super::plan::{Act, Mark, low_rates};
use super::sample::{Sample, percentile};
use super::world::World;
use crate::e2e::daemon::Daemon;

const SECOND: Duration = Duration::from_secs(1);
/// What is left at the end is done by then.
const PATIENCE: Duration = Duration::from_secs(300);

/// A daemon, what is still to be done to it, and what was seen.
#[derive(Debug)]
pub(super) struct Watch<'w> {
    world: &'w World,
    daemon: Daemon,
    life: usize,
    began: Instant,
    plan: VecDeque<Mark>,
    /// Dead letters that were looked at.
    letters: usize,
    seen: Seen,
}

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) samples: Vec<Sample>,
    pub(super) marks: Vec<Mark>,
    /// How many objects were dead-lettered that had not arrived, by reason.
    pub(super) letters: BTreeMap<String, usize>,
    /// The same of those that had arrived: their message came again.
    pub(super) late_letters: BTreeMap<String, usize>,
    /// Dead letters that name no object that was uploaded.
    pub(super) odd_letters: Vec<String>,
}

impl<'w> Watch<'w> {
    /// Starts the daemon.
    ///
    /// # Errors
    /// If it cannot be started.
    pub(super) fn start(world: &'w World, plan: Vec<Mark>) -> anyhow::Result<Self> {
        Ok(Self {
            world,
            daemon: world.start(0)?,
            life: 0,
            began: Instant::now(),
            plan: plan.into(),
            letters: 0,
            seen: Seen::default(),
        })
    }

    /// Watches for so long.
    ///
    /// # Errors
    /// If the daemon ends by itself.
    pub(super) fn run(&mut self, length: Duration) -> anyhow::Result<()> {
        let mut due = SECOND;
        while self.began.elapsed() < length {
            thread::sleep(due.saturating_sub(self.began.elapsed()));
            due += SECOND;
            self.second()?;
            while let Some(mark) =
                self.plan.pop_front_if(|mark| self.began.elapsed().as_secs_f64() >= mark.at_s)
            {
                self.act(mark.act)?;
            }
        }
        Ok(())
    }

    /// Ends the faults, and waits until nothing is left in the queue.
    ///
    /// # Errors
    /// If that takes too long, or the daemon ends by itself.
    pub(super) fn drain(&mut self) -> anyhow::Result<()> {
        self.world.server.faults().quiet();
        let asked = Instant::now();
        while self.world.server.messages() > 0 {
            ensure!(
                asked.elapsed() < PATIENCE,
                "{} messages are left: {}",
                self.world.server.messages(),
                self.daemon.log_tail()
            );
            thread::sleep(SECOND);
            self.second()?;
        }
        Ok(())
    }

    /// Stops the daemon as a service manager does: what was seen, and whether it ended well.
    pub(super) fn stop(self) -> (Seen, anyhow::Result<()>) {
        let stopped = self.daemon.stop();
        (self.seen, stopped)
    }

    fn second(&mut self) -> anyhow::Result<()> {
        self.daemon.runs()?;
        let server = &self.world.server;
        let mut lags = server.lags();
        server.forget_lags();
        let mut sample = Sample {
            at_s: self.began.elapsed().as_secs_f64(),
            life: self.life,
            waiting: server.waiting(),
            deleted: lags.len(),
            lag_p50_s: percentile(&mut lags, 50),
            lag_p99_s: percentile(&mut lags, 99),
            ..Sample::of(self.daemon.id(), self.world.admin)?
        };
        sample.events_per_s = self.seen.samples.last().and_then(|last| sample.speed_since(last));
        self.seen.samples.push(sample);
        self.read_letters();
        for key in self.world.ledger().spent() {
            server.remove(BUCKET, &key);
        }
        Ok(())
    }

    fn read_letters(&mut self) {
        let server = &self.world.server;
        if server.counts().dead_lettered == self.letters as u64 {
            return;
        }
        let letters = server.dead_letters();
        for letter in letters.iter().skip(self.letters) {
            let of = |name| letter.attributes.get(name).map(String::as_str).unwrap_or_default();
            let (reason, object) = (of("traild.reason"), of("traild.object"));
            let letters = match self.world.ledger().set_aside(object) {
                Some(false) => &mut self.seen.letters,
                Some(true) => &mut self.seen.late_letters,
                None => {
                    self.seen.odd_letters.push(format!("{reason}: {object}: {}", letter.body));
                    continue;
                }
            };
            *letters.entry(reason.to_owned()).or_default() += 1;
        }
        self.letters = letters.len();
    }

    fn act(&mut self, act: Act) -> anyhow::Result<()> {
        self.seen.marks.push(Mark { at_s: self.began.elapsed().as_secs_f64(), act });
        match act {
            Act::Faults => self.world.server.faults().set(|rates| *rates = low_rates()),
            Act::Stop => signal(self.daemon.id(), "STOP")?,
            Act::Continue => signal(self.daemon.id(), "CONT")?,
            Act::Kill => {
                signal(self.daemon.id(), "KILL")?;
                self.life += 1;
                // Replaced, the old one is waited for: the directories are free then.
                while self.daemon.runs().is_ok() {
                    thread::sleep(Duration::from_millis(5));
                }
                self.daemon = self.world.start(self.life)?;
            }
        }
        Ok(())
    }
}

/// Sends a signal by the shell's own `kill`: the program is not everywhere.
fn signal(pid: u32, name: &str) -> anyhow::Result<()> {
    let script = format!("kill -{name} {pid}");
    let status = Command::new("sh").args(["-c", &script]).status().context("could not run sh")?;
    ensure!(status.success(), "could not send SIG{name} to the daemon");
    Ok(())
}
