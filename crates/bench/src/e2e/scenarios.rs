//! Every scenario. One more is an entry more.

use std::time::Duration;

use super::scenario::{Feed, Kind, Scenario, Work};
use crate::trail::Sizes;

const LATENCY: Duration = Duration::from_millis(10);

/// Log files of the usual sizes; `quick` makes all of them small.
struct Shelf {
    quick: bool,
}

impl Shelf {
    /// 16,000 events, 28 MB.
    fn large(&self) -> Work {
        let (files, events) = if self.quick { (2, 2_000) } else { (20, 16_000) };
        Work::of(Sizes::Same { files, events })
    }

    fn hundred(&self) -> Work {
        Work::of(Sizes::Same { files: self.files(5_000), events: 100 })
    }

    fn five(&self) -> Work {
        Work::of(Sizes::Same { files: self.files(20_000), events: 5 })
    }

    /// As many events of the stock's mean size as make 1 GiB.
    fn one_gib(&self) -> Work {
        let events = if self.quick { 20_000 } else { 612_000 };
        Work::of(Sizes::Same { files: 1, events })
    }

    fn mix(&self) -> Work {
        Work::of(Sizes::Mix { small: self.files(10_000), busy: if self.quick { 1 } else { 30 } })
    }

    fn files(&self, files: usize) -> usize {
        if self.quick { files / 50 } else { files }
    }
}

/// All of them, in the order in which they run.
#[must_use]
pub fn scenarios(quick: bool) -> Vec<Scenario> {
    let shelf = Shelf { quick };
    let mut all = sizes(&shelf);
    all.extend(conditions(&shelf));
    all.extend(settings(&shelf));
    let idle = Duration::from_secs(if quick { 10 } else { 60 });
    all.extend([
        Scenario { name: "start-up", about: "start to first receive", kind: Kind::StartUp },
        Scenario { name: "idle", about: "an empty queue", kind: Kind::Idle(idle) },
    ]);
    all
}

fn drain(name: &'static str, about: &'static str, work: Work) -> Scenario {
    Scenario { name, about, kind: Kind::Drain(work) }
}

/// Every size of file, every schema.
fn sizes(shelf: &Shelf) -> Vec<Scenario> {
    let as_schema = |schemas| Work { schemas, ..shelf.large() };
    vec![
        drain("large", "files of 16,000 events, 28 MB", shelf.large()),
        drain("large-ocsf-1.8", "the same as OCSF 1.8", as_schema(&["ocsf-1.8"])),
        drain("large-ocsf-1.1", "the same as OCSF 1.1", as_schema(&["ocsf-1.1"])),
        drain("large-ecs", "the same as ECS", as_schema(&["ecs"])),
        drain("large-flat", "the same as flat rows", as_schema(&["flat"])),
        drain("hundred", "files of 100 events", shelf.hundred()),
        drain("five", "files of 5 events", shelf.five()),
        drain("one-gib", "one file of 1 GiB", shelf.one_gib()),
        drain("mix", "many small files, some of busy accounts", shelf.mix()),
    ]
}

/// What is around the daemon is slow, or it is not alone.
fn conditions(shelf: &Shelf) -> Vec<Scenario> {
    let slow = |s3_latency| Work { s3_latency, ..shelf.hundred() };
    // Long enough that the first writes, which are small, do not count for much.
    let many = Work::of(Sizes::Same { files: shelf.files(90_000), events: 5 });
    let slow_sink = Work { s3_latency: LATENCY, sync_delay: Duration::from_secs(1), ..many };
    let steady = Work { feed: Feed::PerSecond(500), s3_latency: LATENCY, ..shelf.hundred() };
    let pinned = |daemons| Work { pinned: Some(daemons), ..shelf.hundred() };
    vec![
        drain("slow-s3-10ms", "files of 100 events, S3 takes 10 ms", slow(LATENCY)),
        drain("slow-s3-100ms", "files of 100 events, S3 takes 100 ms", slow(10 * LATENCY)),
        drain("slow-sink", "files of 5 events, each sync takes 1 s, S3 10 ms", slow_sink),
        drain("steady", "500 files of 100 events a second, S3 takes 10 ms", steady),
        drain("one-replica", "files of 100 events, a daemon on one core", pinned(1)),
        drain("two-replicas", "the same, two daemons on one core each", pinned(2)),
    ]
}

/// What can be set.
fn settings(shelf: &Shelf) -> Vec<Scenario> {
    let at_once = |count| Work { objects_at_once: Some(count), ..shelf.hundred() };
    let two = Work { schemas: &["cloudtrail", "ocsf-1.8"], ..shelf.large() };
    let four = Work { schemas: &["cloudtrail", "ocsf-1.8", "ecs", "flat"], ..shelf.large() };
    let budget = Work { memory: Some(64), ..shelf.large() };
    vec![
        drain("in-flight-8", "files of 100 events, 8 at once", at_once(8)),
        drain("in-flight-64", "files of 100 events, 64 at once", at_once(64)),
        drain("in-flight-1024", "files of 100 events, 1,024 at once", at_once(1_024)),
        drain("two-sinks", "files of 28 MB, verbatim and OCSF 1.8", two),
        drain("four-sinks", "files of 28 MB, verbatim, OCSF 1.8, ECS, flat", four),
        drain("budget-64MiB", "files of 28 MB, a budget of 64 MiB", budget),
    ]
}
