//! The law of the whole: whatever fails, and whenever it is stopped or killed, each record is
//! delivered at least once, or set aside with a reason, and nothing is deleted before that.

use crate::world::{Want, World, gzip, log_file, notification, records};
use proptest::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use trail_ingest::memory::{Call, DeadMessage, EntryFault, Failing, Fault};
use trail_schema::Schema;
use trail_sink::memory::{Failure, MemoryQuarantine, MemorySink};

/// Two sinks want everything; the last wants some, and is refused nothing of it.
const SINKS: usize = 3;
const PICKY: usize = 2;

fn picky() -> Want {
    let exclude = ["eventID ends_with -1, -2, -5"];
    Want::new(Schema::CloudTrail, &["eventID ends_with -0, -1, -3, -6"], &exclude)
}

fn is_wanted(sink: usize, record: &str) -> bool {
    sink != PICKY || ["-0\"}", "-3\"}", "-6\"}"].iter().any(|end| record.ends_with(end))
}

/// All that will go wrong.
#[derive(Clone, Debug)]
struct Schedule {
    messages: Vec<Vec<Object>>,
    foreign_bodies: usize,
    sink_failures: Vec<(usize, Failure)>,
    quarantine_failures: usize,
    queue_failures: Vec<(Call, usize)>,
    entry_faults: Vec<(Call, usize)>,
    refusing: bool,
    incarnations: Vec<Incarnation>,
}

#[derive(Clone, Debug)]
struct Object {
    records: usize,
    faults: Vec<Fault>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Sound,
    CutOff,
    Missing,
}

/// One life of the daemon, and what it ends by.
#[derive(Clone, Copy, Debug)]
struct Incarnation {
    lives: Duration,
    killed: bool,
    grace: Duration,
    sink_blocked: Option<usize>,
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        4 => Just(Fault::Fail(Failing::Unavailable)),
        1 => Just(Fault::Fail(Failing::Denied)),
        2 => (0..120_usize).prop_map(Fault::BreakAfter),
        2 => (0..120_usize).prop_map(Fault::EndAfter),
    ]
}

fn object() -> impl Strategy<Value = Object> {
    let state = prop_oneof![
        8 => Just(State::Sound),
        1 => Just(State::CutOff),
        1 => Just(State::Missing),
    ];
    let faults = prop::collection::vec(fault(), 0..5);
    (0..9_usize, faults, state).prop_map(|(records, faults, state)| Object {
        records,
        faults,
        state,
    })
}

fn failure() -> impl Strategy<Value = Failure> {
    prop_oneof![
        Just(Failure::Retry(None)),
        Just(Failure::Retry(Some(Duration::from_secs(7)))),
        Just(Failure::Split),
        Just(Failure::Pause),
    ]
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        Just(Call::Receive),
        Just(Call::ChangeVisibility),
        Just(Call::DeadLetter),
        Just(Call::Delete),
    ]
}

fn incarnation() -> impl Strategy<Value = Incarnation> {
    let blocked = prop::option::weighted(0.3, 0..SINKS);
    (0..90_000_u64, any::<bool>(), 0..20_u64, blocked).prop_map(
        |(lives, killed, grace, sink_blocked)| Incarnation {
            lives: Duration::from_millis(lives),
            killed,
            grace: Duration::from_secs(grace),
            sink_blocked,
        },
    )
}

fn schedule() -> impl Strategy<Value = Schedule> {
    let messages = prop::collection::vec(prop::collection::vec(object(), 1..4), 1..8);
    let sinks = prop::collection::vec((0..SINKS, failure()), 0..12);
    let calls = prop::collection::vec((call(), 1..4_usize), 0..6);
    let entries = prop_oneof![Just(Call::Delete), Just(Call::ChangeVisibility)];
    let entries = prop::collection::vec((entries, 1..6_usize), 0..4);
    let incarnations = prop::collection::vec(incarnation(), 0..4);
    let rest = (0..3_usize, 0..4_usize, any::<bool>());
    (messages, sinks, calls, entries, incarnations, rest).prop_map(
        |(messages, sink_failures, queue_failures, entry_faults, incarnations, rest)| Schedule {
            messages,
            foreign_bodies: rest.0,
            sink_failures,
            quarantine_failures: rest.1,
            queue_failures,
            entry_faults,
            refusing: rest.2,
            incarnations,
        },
    )
}

/// A message, and the records that must come out of it unless it is set aside.
struct Expected {
    body: String,
    records: Vec<String>,
    sound: bool,
}

/// Puts everything into the world, with its faults.
fn arrange(world: &World, schedule: &Schedule) -> Vec<Expected> {
    let mut expected = Vec::new();
    for (number, objects) in schedule.messages.iter().enumerate() {
        let (mut all, mut refs) = (Vec::new(), Vec::new());
        for (place, object) in objects.iter().enumerate() {
            let name = format!("m{number}-o{place}");
            let mut text = log_file(&name, object.records);
            if object.state == State::CutOff {
                text.truncate(text.len() - 2);
            }
            let named = world.put_bytes(&name, gzip(text.as_bytes()));
            if object.state == State::Missing {
                world.store.remove(&named);
            } else {
                all.extend(records(&name, 0..object.records));
            }
            world.store.fail_next(&named.key, object.faults.iter().copied());
            refs.push(named);
        }
        let body = notification(&refs.iter().collect::<Vec<_>>());
        world.queue.send(&body);
        let sound = objects.iter().all(|object| object.state == State::Sound);
        expected.push(Expected { body, records: all, sound });
    }
    for number in 0..schedule.foreign_bodies {
        let body = format!("foreign {number}");
        world.queue.send(&body);
        expected.push(Expected { body, records: Vec::new(), sound: false });
    }
    break_things(world, schedule);
    expected
}

fn break_things(world: &World, schedule: &Schedule) {
    for (sink, failure) in &schedule.sink_failures {
        world.sinks[*sink].fail_next(1, *failure);
    }
    world.quarantine.fail_next(schedule.quarantine_failures, Failure::Retry(None));
    for (call, times) in &schedule.queue_failures {
        world.queue.fail_next(*call, *times);
    }
    for (call, entries) in &schedule.entry_faults {
        world.queue.fail_entries(*call, *entries, EntryFault::Passing);
    }
    if schedule.refusing {
        world.sinks[1].refuse(|event| event.ends_with(b"-3\"}"));
    }
}

/// The records of a message that a sink wants and that are neither in it nor in quarantine for it.
fn missing(records: &[String], sinks: &[Arc<MemorySink>], aside: &MemoryQuarantine) -> Vec<String> {
    let aside = aside.lines();
    let mut missing = Vec::new();
    for (number, sink) in sinks.iter().enumerate() {
        let stored: HashSet<Vec<u8>> = sink.lines().into_iter().collect();
        let name = format!("\"sink\":\"sink-{number}\"");
        let set_aside = |record: &str| {
            let mut entries = aside.iter().filter(|entry| entry.contains(&name));
            entries.any(|entry| entry.contains(record))
        };
        let wanted = records.iter().filter(|record| is_wanted(number, record));
        let absent = wanted.filter(|record| !stored.contains(record.as_bytes()));
        missing.extend(absent.filter(|record| !set_aside(record)).cloned());
    }
    missing
}

fn reasons<'d>(dead: &'d [DeadMessage], body: &str) -> Vec<&'d str> {
    let of_body = dead.iter().filter(|dead| dead.body == body);
    of_body.filter_map(|dead| Some(dead.reason.as_ref()?.reason)).collect()
}

/// Watches each deletion: what is deleted must be safe at that moment.
fn watch(world: &World, expected: &Arc<Vec<Expected>>) {
    let (expected, sinks) = (Arc::clone(expected), world.sinks.clone());
    let aside = Arc::clone(&world.quarantine);
    world.queue.on_delete(move |body, dead| {
        let message = expected.iter().find(|message| message.body == body).unwrap();
        let reasons = reasons(dead, body);
        assert!(message.sound || !reasons.is_empty(), "deleted without a trace: {body}");
        let missing = missing(&message.records, &sinks, &aside);
        assert!(missing.is_empty(), "deleted before it was safe: {missing:?}");
    });
}

async fn live(world: &mut World, incarnation: Incarnation) {
    world.settings.grace = incarnation.grace;
    if let Some(sink) = incarnation.sink_blocked {
        world.sinks[sink].hold();
    }
    world.start();
    sleep(incarnation.lives).await;
    if incarnation.killed {
        world.kill().await;
    } else {
        world.stop().await;
    }
    world.sinks.iter().for_each(|sink| sink.release());
}

async fn holds(schedule: Schedule) {
    let mut world = World::with_sinks(SINKS);
    world.wants[PICKY] = picky();
    world.settings.objects_at_once = 2;
    let expected = Arc::new(arrange(&world, &schedule));
    watch(&world, &expected);
    for incarnation in &schedule.incarnations {
        live(&mut world, *incarnation).await;
    }
    world.start();
    let begun = Instant::now();
    while !world.queue.is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(4 * 3600), "never done");
        sleep(Duration::from_secs(1)).await;
    }
    world.stop().await;
    let dead = world.queue.dead_letters();
    for message in expected.iter() {
        assert_eq!(reasons(&dead, &message.body).is_empty(), message.sound, "{}", message.body);
        let missing = missing(&message.records, &world.sinks, &world.quarantine);
        assert!(missing.is_empty(), "lost: {missing:?}");
    }
    let given = world.lines(PICKY);
    assert!(given.iter().all(|record| is_wanted(PICKY, record)), "unwanted: {given:?}");
    assert!(world.health.faults().is_empty(), "{:?}", world.health.faults());
    assert_eq!(world.metrics.panics.get(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_record_is_delivered_or_set_aside_under_any_schedule(schedule in schedule()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(holds(schedule));
    }
}
