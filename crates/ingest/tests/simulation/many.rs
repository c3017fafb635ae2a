//! Many runs, on all processors.

use crate::run::{Outcome, run};
use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::sleep;
use std::time::Duration;

/// How often threads are looked at.
const LOOK: Duration = Duration::from_millis(50);

/// No run is seen so often, for two minutes: one that is loops without letting virtual time pass.
/// Looks are counted and not time, which goes on while the process is stopped.
const STUCK: u32 = 2_400;

/// What a thread runs, and how often it was seen at it.
type UnderWay = Mutex<Option<(u64, u32)>>;

/// Runs many seeds, some of them twice. The answer: what failed. Ends the process, with the seed, when
/// a run does not end.
pub(crate) fn run_all(seeds: std::ops::Range<u64>, twice_every: u64) -> Vec<Outcome> {
    let next = AtomicU64::new(seeds.start);
    let failed = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let under_way: Vec<UnderWay> = (0..threads).map(|_| Mutex::default()).collect();
    std::thread::scope(|scope| {
        let (next, failed, seeds) = (&next, &failed, &seeds);
        let work = move |mine: &UnderWay| loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            *mine.lock().unwrap() = (seed < seeds.end).then_some((seed, 0));
            if seed >= seeds.end {
                return;
            }
            let outcome = checked(seed, seed.is_multiple_of(twice_every));
            if !outcome.broken.is_empty() {
                failed.lock().unwrap().push(outcome);
            }
        };
        let running: Vec<_> =
            under_way.iter().map(|mine| scope.spawn(move || work(mine))).collect();
        while running.iter().any(|thread| !thread.is_finished()) {
            under_way.iter().for_each(watch);
            sleep(LOOK);
        }
    });
    let mut failed = failed.into_inner().unwrap();
    failed.sort_by_key(|outcome| outcome.seed);
    failed
}

fn watch(under_way: &UnderWay) {
    let mut under_way = under_way.lock().unwrap();
    let Some((seed, seen)) = &mut *under_way else { return };
    *seen += 1;
    if *seen > STUCK {
        let broken = vec!["does not end".to_owned()];
        let outcome = Outcome { seed: *seed, trace: String::new(), broken };
        let mut out = std::io::stderr().lock();
        writeln!(out, "{}", outcome.report()).unwrap();
        std::process::exit(1);
    }
}

/// Runs a seed, and once more if it is to be compared.
fn checked(seed: u64, twice: bool) -> Outcome {
    let mut outcome = run(seed);
    if twice {
        let again = run(seed);
        let lines = outcome.trace.lines().zip(again.trace.lines());
        let other = lines.enumerate().find(|(_, (first, second))| first != second);
        if let Some((line, (first, second))) = other {
            let law = format!("line {line} is {first:?} and then {second:?}");
            outcome.broken.push(law);
        } else if outcome.trace != again.trace {
            outcome.broken.push("one trace is longer than the other".to_owned());
        }
    }
    outcome
}
