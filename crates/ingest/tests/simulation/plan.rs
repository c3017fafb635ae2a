//! What a seed stands for: what lies in the bucket, what is said of it, and how the replicas fare.

use crate::objects::{Expected, Form, Object};
use fastrand::Rng;
use std::ops::Range;
use std::time::Duration;
use trail_ingest::{AllowList, Settings};
use trail_schema::Schema;
use trail_sink::BatchLimits;

/// More than the 12 hours that a message can be hidden.
const LONG: u64 = 13 * 3600;

/// With these no object is too large to be taken whole.
const MOST_WHOLE: usize = 32 << 20;
const ENOUGH_FOR_WHOLE: usize = 1 << 20;

pub(crate) const BUCKET: &str = "org-trail";

/// All that is decided before a run begins.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) settings: Settings,
    /// Bytes of records in one part.
    pub(crate) part: usize,
    pub(crate) sinks: Vec<SinkPlan>,
    pub(crate) objects: Vec<Object>,
    pub(crate) messages: Vec<Expected>,
    /// The lives of each replica but its last, which lasts to the end.
    pub(crate) replicas: Vec<Vec<Life>>,
    /// When troubles end.
    pub(crate) calm: Duration,
}

/// One life of a replica.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Life {
    /// At most.
    pub(crate) lasts: Duration,
    /// It ends at this step of its calls, between two of its own steps.
    pub(crate) steps: u64,
    pub(crate) end: End,
    /// Until the next life begins.
    pub(crate) pause: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Killed,
    Stopped,
    /// So long after the stop.
    KilledWhileStopping(Duration),
}

/// A sink, and what it does with which records. Records are told apart by their number.
#[derive(Clone, Debug)]
pub(crate) struct SinkPlan {
    pub(crate) name: String,
    pub(crate) schema: Schema,
    /// Stores a line of a parcel once, however often it comes.
    pub(crate) recognises: bool,
    /// Wants only records whose number ends with 3 or 7.
    pub(crate) picky: bool,
    /// Refuses records whose number leaves 1 when divided by this.
    pub(crate) refuses: Option<usize>,
    /// Takes no record whose number leaves 2 when divided by this: it is too large.
    pub(crate) too_large: Option<usize>,
    /// Most events in a batch.
    pub(crate) most: usize,
    pub(crate) limits: BatchLimits,
}

impl SinkPlan {
    pub(crate) fn wants(&self, record: usize) -> bool {
        !self.picky || matches!(record % 10, 3 | 7)
    }

    pub(crate) fn refuses(&self, record: usize) -> bool {
        self.refuses.is_some_and(|every| record % every == 1)
    }

    pub(crate) fn is_too_large(&self, record: usize) -> bool {
        self.too_large.is_some_and(|every| record % every == 2)
    }
}

impl Plan {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let objects = objects(rng);
        let messages = messages(rng, &objects);
        // Rarely longer than a message can be held.
        let calm =
            if rng.u8(..200) == 0 { seconds(rng, LONG..LONG + 60) } else { seconds(rng, 1..1200) };
        let mut settings = settings(rng);
        if calm > Duration::from_secs(LONG) {
            // Else it would be half a million calls.
            settings.receive_wait = Duration::from_secs(20);
            settings.visibility = Duration::from_secs(600);
        }
        Self {
            part: rng.choice([128, 512, 2_000, 1 << 20]).unwrap().min(settings.memory / 16),
            settings,
            sinks: (0..rng.usize(1..4)).map(|number| sink(rng, number)).collect(),
            objects,
            messages,
            replicas: (0..rng.usize(1..4)).map(|_| lives(rng)).collect(),
            calm,
        }
    }
}

pub(crate) fn seconds(rng: &mut Rng, range: Range<u64>) -> Duration {
    Duration::from_millis(rng.u64(range.start * 1000..range.end * 1000))
}

fn settings(rng: &mut Rng) -> Settings {
    let limits = trail_logfile::Limits {
        // Some objects are taken whole, some streamed.
        whole: rng.choice([0, 2_000, MOST_WHOLE]).unwrap(),
        window: rng.choice([4 << 10, 64 << 10]).unwrap(),
        record: 64 << 10,
        ..trail_logfile::Limits::default()
    };
    Settings {
        allow_list: AllowList::new([(BUCKET, "")]),
        visibility: Duration::from_secs(rng.u64(10..50)),
        receive_wait: seconds(rng, 1..20),
        messages_in_flight: rng.usize(1..24),
        objects_at_once: rng.usize(1..6),
        memory: rng.choice([32 << 10, 256 << 10, ENOUGH_FOR_WHOLE, 8 << 20]).unwrap(),
        limits,
        grace: if rng.u8(..4) == 0 { Duration::ZERO } else { seconds(rng, 0..30) },
        until_idle: None,
    }
}

fn sink(rng: &mut Rng, number: usize) -> SinkPlan {
    let every = |rng: &mut Rng| rng.bool().then(|| rng.usize(4..12));
    SinkPlan {
        name: format!("sink-{number}"),
        schema: rng.choice([Schema::CloudTrail, Schema::CloudTrail, Schema::Flat]).unwrap(),
        recognises: rng.bool(),
        picky: rng.u8(..4) == 0,
        refuses: every(rng),
        too_large: every(rng),
        most: rng.choice([1, 5, usize::MAX]).unwrap(),
        limits: BatchLimits {
            bytes: rng.choice([1, 4_000, usize::MAX]).unwrap(),
            events: rng.choice([1, 10, usize::MAX]).unwrap(),
            linger: Duration::from_millis(rng.choice([0, 0, 50, 5_000]).unwrap()),
            merge_objects: rng.bool(),
        },
    }
}

fn lives(rng: &mut Rng) -> Vec<Life> {
    let life = |rng: &mut Rng| Life {
        lasts: if rng.bool() { seconds(rng, 0..4) } else { seconds(rng, 0..200) },
        steps: if rng.bool() { steps(rng) } else { u64::MAX },
        end: match rng.u8(..5) {
            0 | 1 => End::Killed,
            2 => End::KilledWhileStopping(seconds(rng, 0..20)),
            _ => End::Stopped,
        },
        pause: seconds(rng, 0..30),
    };
    (0..rng.usize(..5)).map(|_| life(rng)).collect()
}

impl Plan {
    /// Whether an object may be read as a stream, whose checksum comes after its records.
    pub(crate) fn may_stream(&self) -> bool {
        let Settings { limits, memory, .. } = &self.settings;
        limits.whole < MOST_WHOLE || *memory < ENOUGH_FOR_WHOLE
    }

    /// Whether a record is of an object whose gzip stream is cut off.
    pub(crate) fn is_torn(&self, record: usize) -> bool {
        let mut torn = self.objects.iter().filter(|object| object.form == Form::Torn);
        torn.any(|object| object.records.contains(&record))
    }
}

/// Mostly few.
fn steps(rng: &mut Rng) -> u64 {
    let most = 8 << rng.u32(..6);
    rng.u64(1..most)
}

fn objects(rng: &mut Rng) -> Vec<Object> {
    let mut first = 0;
    let mut objects = Vec::new();
    for number in 0..rng.usize(1..16) {
        let count = if rng.u8(..8) == 0 { rng.usize(..120) } else { rng.usize(..10) };
        let form = match rng.u8(..20) {
            0 => Form::CutOff,
            1 => Form::NoJson,
            2 => Form::Missing,
            3 => Form::Replaced,
            4 | 5 => Form::Plain,
            6 | 7 => Form::Members,
            8 => Form::Torn,
            _ => Form::Gzip,
        };
        objects.push(Object::new(rng, number, first..first + count, form));
        first += count;
    }
    objects
}

/// Each object is named, some of them twice; some messages name many, and some none.
fn messages(rng: &mut Rng, objects: &[Object]) -> Vec<Expected> {
    let mut left: Vec<&Object> = objects.iter().collect();
    rng.shuffle(&mut left);
    let mut messages = Vec::new();
    while !left.is_empty() {
        let count = if rng.bool() { 1 } else { rng.usize(1..12) };
        let mut named: Vec<_> = left.drain(..count.min(left.len())).collect();
        if rng.u8(..5) == 0 {
            named.push(rng.choice(objects).unwrap());
        }
        messages.push(Expected::naming(rng, &named));
    }
    for _ in 0..rng.usize(..3) {
        messages.push(match rng.u8(..3) {
            0 => Expected::foreign(messages.len()),
            1 => Expected::test_event(messages.len()),
            _ => Expected::not_allowed(messages.len()),
        });
    }
    messages
}
