//! A run: one seed, from the first message to the last law.

use crate::chance::{Chance, Trouble};
use crate::plan::Plan;
use crate::replica;
use crate::world::World;
use fastrand::Rng;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// What came of a seed.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) seed: u64,
    /// Every call over a port, with its virtual time.
    pub(crate) trace: String,
    /// Laws that were broken, in order.
    pub(crate) broken: Vec<String>,
}

/// All must be done so long after the last trouble: a message that could not be set aside comes again
/// after half an hour at most, and an object is tried for a quarter.
const LONGEST: Duration = Duration::from_secs(4 * 3600);

/// Runs one seed on a runtime of its own.
pub(crate) fn run(seed: u64) -> Outcome {
    // Without I/O: every park would be a system call.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut rng = Rng::with_seed(seed);
        let plan = Plan::new(&mut rng);
        let world = World::new(Chance::new(rng, plan.calm), plan);
        live(&world).await;
        check(&world);
        let (trace, broken) = (world.chance.take_trace(), world.chance.take_broken());
        Outcome { seed, trace, broken }
    })
}

async fn live(world: &Arc<World>) {
    let all_done = CancellationToken::new();
    let mut replicas = JoinSet::new();
    for number in 0..world.plan.replicas.len() {
        replicas.spawn(replica::run(Arc::clone(world), number, all_done.clone()));
    }
    let latest = Instant::now() + world.plan.calm + LONGEST;
    while !world.shelf.is_empty() && Instant::now() < latest {
        sleep(Duration::from_secs(1)).await;
    }
    all_done.cancel();
    while let Some(ended) = replicas.join_next().await {
        world.chance.holds(ended.is_ok(), || "a replica panicked".to_owned());
    }
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    world.chance.holds(tasks == 0, || format!("{tasks} tasks are left"));
}

/// Laws of the whole.
fn check(world: &World) {
    let World { chance, plan, shelf, .. } = world;
    let left = shelf.left();
    chance.holds(left.is_empty(), || format!("never done: {left:?}"));
    for (message, expected) in plan.messages.iter().enumerate() {
        let missing = world.missing(message);
        chance.holds(missing.is_empty(), || format!("lost of message {message}: {missing:?}"));
        let aside = !shelf.reasons(message).is_empty();
        chance.holds(aside != expected.reasons.is_empty(), || {
            format!("message {message} is set aside: {aside}")
        });
    }
    check_sinks(world);
    if is_undisturbed(world) {
        let receives = (shelf.receives(), plan.messages.len());
        chance.holds(receives.0 == receives.1, || format!("received, sent: {receives:?}"));
    }
}

/// Whether nothing at all could go wrong.
fn is_undisturbed(world: &World) -> bool {
    let mut kinds = [Trouble::OF_QUEUE, Trouble::OF_STORE, Trouble::OF_SINKS].into_iter();
    kinds.all(|kind| world.chance.never(kind))
        && world.plan.replicas.iter().all(|lives| lives.is_empty())
}

/// Laws of what is in the sinks.
fn check_sinks(world: &World) {
    let World { chance, plan, .. } = world;
    let stored = world.stored();
    let undisturbed = is_undisturbed(world);
    let mut named = BTreeMap::new();
    for &record in plan.messages.iter().flat_map(|message| &message.records) {
        *named.entry(record).or_insert(0) += 1;
    }
    for (place, sink) in plan.sinks.iter().enumerate() {
        for (&record, &times) in stored.records(place) {
            let trusted = plan.may_stream() || !plan.is_torn(record);
            chance.holds(trusted, || format!("{} got record {record} of a torn file", sink.name));
            let most = match (sink.recognises, undisturbed) {
                (true, _) => 1,
                (false, true) if plan.is_torn(record) => usize::MAX,
                (false, true) => named.get(&record).copied().unwrap_or(0),
                (false, false) => usize::MAX,
            };
            chance.holds(times <= most, || {
                format!("record {record} is {times} times in {}, not {most}", sink.name)
            });
            chance.holds(sink.wants(record), || format!("{} got record {record}", sink.name));
        }
    }
}

impl Outcome {
    /// The seed, what was broken, and the command that runs it again.
    pub(crate) fn report(&self) -> String {
        let Self { seed, broken, .. } = self;
        format!(
            "seed {seed}: {}\n  cargo run -p trail-ingest --example simulate -- --seed {seed} --trace",
            broken.join("\n  ")
        )
    }
}
