//! [`Bench`] runs scenarios, and [`Done`] gathers what they say.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use anyhow::Context as _;
use serde::Serialize;

use super::binary::Binary;
use super::drain::Drain;
use super::figures::Figures;
use super::options::Options;
use super::rest;
use super::scenario::{Kind, Scenario};
use crate::trail::{Sizes, Trail};

const SEED: u64 = 1;

/// What is kept from one scenario to the next.
#[derive(Debug)]
pub struct Bench {
    binary: Binary,
    options: Options,
    /// Trails take longer to make than to read.
    trails: HashMap<Sizes, Arc<Trail>>,
}

/// What became of a scenario.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Done {
    /// Its name.
    pub scenario: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Every run that succeeded.
    pub runs: Vec<Figures>,
    /// Their medians.
    pub median: Option<Figures>,
    /// Why a run failed: then there are no figures of it.
    pub failure: Option<String>,
    /// Why it was not run.
    pub skipped: Option<String>,
}

impl Done {
    /// Nothing yet.
    #[must_use]
    pub fn nothing_of(scenario: &Scenario) -> Self {
        let Scenario { name, about, .. } = scenario;
        Self { scenario: name, about, skipped: scenario.lacks(), ..Self::default() }
    }
}

impl Bench {
    /// For this executable.
    ///
    /// # Errors
    /// If the folder to write to cannot be made.
    pub fn new(binary: Binary, options: &Options) -> anyhow::Result<Self> {
        if let Some(folder) = &options.directory {
            std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        Ok(Self { binary, options: options.clone(), trails: HashMap::new() })
    }

    /// Runs a scenario once more, unless it cannot be run or a run of it failed, and says whether it did.
    ///
    /// # Errors
    /// If its log files cannot be made.
    pub fn run(&mut self, scenario: &Scenario, done: &mut Done) -> anyhow::Result<bool> {
        if done.skipped.is_some() || done.failure.is_some() {
            return Ok(false);
        }
        let trail = match &scenario.kind {
            Kind::Drain(work) => Some(self.trail(&work.sizes)?),
            Kind::StartUp | Kind::Idle(_) => None,
        };
        match self.once(&scenario.kind, trail.as_deref()) {
            Ok(figures) => done.runs.push(figures),
            Err(error) => done.failure = Some(format!("{error:#}")),
        }
        done.median = Figures::median(&done.runs).filter(|_| done.failure.is_none());
        Ok(true)
    }

    fn trail(&mut self, sizes: &Sizes) -> anyhow::Result<Arc<Trail>> {
        Ok(match self.trails.entry(sizes.clone()) {
            Entry::Occupied(made) => Arc::clone(made.get()),
            Entry::Vacant(place) => {
                let trail = Trail::of(sizes, SEED).context("could not make a trail")?;
                Arc::clone(place.insert(Arc::new(trail)))
            }
        })
    }

    fn once(&self, kind: &Kind, trail: Option<&Trail>) -> anyhow::Result<Figures> {
        let Self { binary, options, .. } = self;
        match (kind, trail) {
            (Kind::Drain(work), Some(trail)) => {
                Drain { binary, options, work, trail }.measure().map(Figures::Drained)
            }
            (Kind::Idle(time), _) => rest::idle(binary, options, *time).map(Figures::Idle),
            (Kind::StartUp | Kind::Drain(_), _) => rest::start_up(binary, options),
        }
    }
}
