//! Faults of the wall clock: it steps, as by an operator's `date`, or stands still. The monotonic
//! clock goes on, as it does then.

#[path = "clock/gate.rs"]
mod gate;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use gate::Gate;
use jiff::{SignedDuration, Timestamp};
use traild_bench::server::Rates;
use traild_bench::torment::{Torment, executable};

use super::{FILES, VISIBILITY, finish, torment};

const DAY: i64 = 24 * 3600;
/// How far off the clock is, in seconds, one after the other.
const STEPS: [i64; 3] = [3 * DAY, -10 * 365 * DAY, -DAY];
/// Enough for work at each step.
const MANY_FILES: usize = 2 * FILES;
/// Reads that outlast their message's visibility timeout.
const SLOW: Duration = Duration::from_secs(VISIBILITY.as_secs() + 1);
/// How long the clock stays so: some reads begin before and end within it, others begin within it.
const STAY: Duration = Duration::from_secs(SLOW.as_secs() + 2);

/// The daemon's wall clock.
struct WallClock {
    setting: File,
    /// A command that runs the one behind it by this clock.
    wrapper: Vec<String>,
}

impl WallClock {
    /// A right one; `None`, and said so, where it cannot be made.
    fn new(folder: &Path) -> Option<Self> {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/torment/clock/clock.c");
        let (library, setting) = (folder.join("clock.so"), folder.join("clock"));
        // The workspace builds C, so there is a compiler but where the tests were built elsewhere.
        let made = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", source, "-o"])
            .arg(&library)
            .status();
        let Ok(made) = made else {
            println!("skipped: no C compiler on this system");
            return None;
        };
        assert!(made.success(), "could not compile {source}");
        fs::write(&setting, [0; 16]).unwrap();
        let wrapper = vec![
            "env".to_owned(),
            format!("LD_PRELOAD={}", library.display()),
            format!("WALL_CLOCK={}", setting.display()),
            // Names of files tell the time: there are to be many.
            "TRAILD_SINK__0__ROTATE_AGE=1s".to_owned(),
        ];
        Some(Self { setting: File::options().write(true).open(setting).unwrap(), wrapper })
    }

    /// Off by so many seconds.
    fn step(&self, offset: i64) {
        self.set(offset, 0);
    }

    fn stand_still(&self) {
        self.set(0, Timestamp::now().as_second());
    }

    fn set(&self, offset: i64, still: i64) {
        // The daemon has mapped the file: it must never be shorter than it is.
        let setting = [offset.to_ne_bytes(), still.to_ne_bytes()].concat();
        self.setting.write_all_at(&setting, 0).unwrap();
    }
}

fn torment_of(files: usize) -> Torment {
    let binary = executable(&std::env::current_exe().unwrap()).unwrap();
    Torment::new(binary, files, VISIBILITY).unwrap()
}

fn slow(rates: &mut Rates) {
    rates.s3.latency = SLOW;
}

/// A moment as the sink's files tell it in their names, by a clock that is off by so many seconds.
fn told(offset: i64) -> String {
    let then = Timestamp::now() + SignedDuration::from_secs(offset);
    then.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// When the sink's files were begun, as their names tell it.
fn starts(torment: &Torment) -> Vec<String> {
    let files = fs::read_dir(torment.disk().join("events")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let starts = names.filter_map(|name| Some(name.strip_prefix("trail-")?.get(..16)?.to_owned()));
    starts.collect()
}

#[test]
fn clock_that_steps_loses_nothing_and_no_hold() {
    let mut torment = torment_of(MANY_FILES);
    let Some(clock) = WallClock::new(torment.folder()) else { return };
    torment.launch(&clock.wrapper, &torment.server().endpoint()).unwrap();
    torment.ready().unwrap();
    torment.strike(VISIBILITY, slow).unwrap();
    let mut spans = Vec::new();
    for offset in STEPS {
        clock.step(offset);
        let (begun, before) = (told(offset), torment.server().counts());
        torment.strike(STAY, slow).unwrap();
        let after = torment.server().counts();
        println!("off by {offset} s: {before:?} to {after:?}");
        assert!(after.extensions > before.extensions, "nothing is held any longer");
        assert!(after.deleted > before.deleted, "nothing is done any longer");
        spans.push(begun..=told(offset));
    }
    let account = finish(&mut torment);
    assert_eq!((account.repeats, account.set_aside), (0, BTreeMap::new()));
    let starts = starts(&torment);
    for span in spans {
        assert!(starts.iter().any(|start| span.contains(start)), "none of {span:?}: {starts:?}");
    }
}

#[test]
fn request_signed_for_another_time_is_refused_and_a_later_one_is_not() {
    let mut torment = torment_of(MANY_FILES);
    let Some(clock) = WallClock::new(torment.folder()) else { return };
    let gate = Gate::before(&torment.server().endpoint());
    torment.launch(&clock.wrapper, gate.endpoint()).unwrap();
    torment.ready().unwrap();
    torment.strike(VISIBILITY, slow).unwrap();
    assert_eq!(gate.refused(), 0);
    for offset in STEPS {
        clock.step(offset);
        let (refused, before) = (gate.refused(), torment.server().counts());
        torment.strike(STAY, slow).unwrap();
        let after = torment.server().counts();
        println!("off by {offset} s: {} refused: {after:?}", gate.refused() - refused);
        assert!(gate.refused() > refused, "the gate lets all through");
        assert!(after.deleted > before.deleted, "nothing is done any longer");
    }
    let account = finish(&mut torment);
    assert_eq!(account.set_aside, BTreeMap::new());
}

#[test]
fn clock_that_is_off_at_the_start_is_no_reason_to_end() {
    let mut torment = torment();
    let Some(clock) = WallClock::new(torment.folder()) else { return };
    let gate = Gate::before(&torment.server().endpoint());
    clock.step(DAY);
    torment.launch(&clock.wrapper, gate.endpoint()).unwrap();
    torment.ready().unwrap();
    torment.upload();
    let account = finish(&mut torment);
    assert_eq!(account.set_aside, BTreeMap::new());
}

#[test]
fn clock_that_stands_still_gives_no_two_files_one_name() {
    let mut torment = torment();
    let Some(clock) = WallClock::new(torment.folder()) else { return };
    clock.stand_still();
    for _ in 0..3 {
        torment.launch(&clock.wrapper, &torment.server().endpoint()).unwrap();
        torment.ready().unwrap();
        torment.strike(SLOW, |rates| rates.s3.latency = Duration::from_secs(1)).unwrap();
        torment.kill().unwrap();
    }
    torment.launch(&clock.wrapper, &torment.server().endpoint()).unwrap();
    torment.ready().unwrap();
    let account = finish(&mut torment);
    assert_eq!(account.set_aside, BTreeMap::new());
    let starts = starts(&torment);
    let seconds: BTreeSet<&String> = starts.iter().collect();
    assert!(starts.len() > 3 && seconds.len() == 1, "{starts:?}");
}
