//! One replica: its lives, one after the other, and the laws of each.

use crate::chance::Trouble;
use crate::plan::{End, Life, SinkPlan};
use crate::queue::QueuePort;
use crate::sinks::{QuarantinePort, SinkPort};
use crate::store::StorePort;
use crate::world::{Me, World};
use prometheus_client::registry::Registry;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use trail_event::Selectors;
use trail_ingest::{Ending, Health, Host, Metrics, Offload, Outcome, Pipeline, Ports, Route};
use trail_schema::{Encoder, Format};
use trail_sink::{Jitter, Sink, SinkMetrics, assemble_with};

/// Lives as planned, and then until all is done.
pub(crate) async fn run(world: Arc<World>, number: usize, all_done: CancellationToken) {
    for (count, life) in world.plan.replicas[number].iter().enumerate() {
        if world.chance.is_calm() || all_done.is_cancelled() {
            break;
        }
        let process = Process::start(&world, format!("r{number}.{count}"), life.steps);
        process.live(*life).await;
        sleep(life.pause).await;
    }
    let process = Process::start(&world, format!("r{number}.last"), u64::MAX);
    all_done.cancelled().await;
    process.stop().await;
}

/// A process that runs.
struct Process {
    world: Arc<World>,
    me: Arc<Me>,
    stop: CancellationToken,
    metrics: Metrics,
    health: Health,
    sinks: Vec<Arc<dyn Sink>>,
    pipeline: Arc<Pipeline>,
    running: JoinSet<Ending>,
}

/// Within this time after the last trouble the queue was asked again, and answered.
const LONG_CALM: Duration = Duration::from_secs(120);

/// How long a stop may take beyond the grace period: a second for deletes, two for releases.
const AFTER_GRACE: Duration = Duration::from_millis(3_100);

impl Process {
    fn start(world: &Arc<World>, name: String, steps: u64) -> Self {
        world.chance.note(&name, format_args!("starts"));
        let me = Me::new(name, steps);
        let (metrics, health, stop) =
            (Metrics::default(), Health::default(), CancellationToken::new());
        let routes = routes(world, &me);
        let sinks = routes.iter().map(|route| Arc::clone(&route.sink)).collect();
        let ports = Ports {
            queue: Arc::new(QueuePort { world: Arc::clone(world), me: Arc::clone(&me) }),
            store: Arc::new(StorePort { world: Arc::clone(world), me: Arc::clone(&me) }),
            routes,
            health: health.clone(),
            metrics: metrics.clone(),
        };
        let host =
            Host { offload: Offload::Lockstep, jitter: jitter(world), part: world.plan.part };
        let pipeline = Pipeline::on(host, world.plan.settings.clone(), ports, stop.clone());
        let mut running = JoinSet::new();
        running.spawn(Arc::clone(&pipeline).run());
        let world = Arc::clone(world);
        Self { world, me, stop, metrics, health, sinks, pipeline, running }
    }

    async fn live(self, life: Life) {
        // Either of the two.
        drop(timeout(life.lasts, self.me.last_step.notified()).await);
        match life.end {
            End::Killed => self.kill().await,
            End::Stopped => self.stop().await,
            End::KilledWhileStopping(after) => {
                self.stop.cancel();
                sleep(after).await;
                self.kill().await;
            }
        }
    }

    async fn kill(mut self) {
        self.world.chance.note(&self.me.name, format_args!("killed"));
        self.me.die();
        self.running.shutdown().await;
    }

    async fn stop(mut self) {
        let World { chance, plan, .. } = &*self.world;
        chance.note(&self.me.name, format_args!("stops"));
        let begun = Instant::now();
        // Asked for before the stop, so that the ending does not count them; the queue may yet be told.
        let told = self.me.given_back_before.load(Ordering::Relaxed);
        let on_the_way = self.pipeline.released().saturating_sub(told);
        self.me.stopping.store(true, Ordering::Relaxed);
        self.stop.cancel();
        let longest = plan.settings.grace + Duration::from_secs(600);
        let ending = match timeout(longest, self.running.join_next()).await {
            Ok(Some(Ok(ending))) => ending,
            other => return chance.broken(format!("{} does not end: {other:?}", self.me.name)),
        };
        chance.note(&self.me.name, format_args!("ended: {ending:?}"));
        let took = begun.elapsed();
        chance.holds(took <= plan.settings.grace + AFTER_GRACE, || {
            format!("{} takes {took:?} to stop", self.me.name)
        });
        self.check(ending, on_the_way);
        self.close().await;
        self.me.die();
    }

    /// Laws of a process that has stopped.
    fn check(&self, ending: Ending, on_the_way: u64) {
        let (chance, name) = (&self.world.chance, &self.me.name);
        let held = (self.metrics.held.get(), self.metrics.in_flight.get());
        chance.holds(held == (0, 0), || format!("{name} still counts {held:?} messages"));
        let panics = self.metrics.panics.get();
        chance.holds(panics == 0, || format!("{panics} panics in {name}"));
        let deleted = (self.metrics.deleted.get(), self.me.deleted.load(Ordering::Relaxed));
        chance.holds(deleted.0 == deleted.1, || format!("{name} counts {deleted:?} deleted"));
        for sink in &self.world.plan.sinks {
            let count = |outcome| {
                let label = Outcome { sink: sink.name.clone(), outcome };
                self.metrics.events.get_or_create(&label).get()
            };
            let events = count("delivered") + count("filtered") + count("quarantined");
            let read = self.metrics.records.get();
            chance.holds(events == read, || format!("{name} counts {events} events of {read}"));
        }
        if !chance.never(Trouble::OF_QUEUE) {
            return;
        }
        let kept = self.world.shelf.kept_by(&self.me);
        chance.holds(kept.is_empty(), || format!("{name} did not give back {kept:?}"));
        let given_back = self.me.given_back.load(Ordering::Relaxed);
        let counted = given_back.saturating_sub(on_the_way)..=given_back;
        let released = match ending {
            Ending::Done => 0,
            Ending::Released(released) => released,
        };
        chance.holds(counted.contains(&released) && ending != Ending::Released(0), || {
            format!("{name} says {ending:?}: {given_back} and {on_the_way} before the stop")
        });
    }

    /// Closes the sinks as the daemon does, and checks that all memory was given back.
    async fn close(&mut self) {
        let mut closed = true;
        for sink in self.sinks.drain(..) {
            closed &= matches!(timeout(Duration::from_secs(60), sink.close()).await, Ok(Ok(())));
        }
        let used = self.pipeline.memory_used();
        let chance = &self.world.chance;
        chance.holds(!closed || used == 0, || format!("{} keeps {used} bytes", self.me.name));
        let faults = self.health.faults();
        let is_well = !faults.contains_key("queue") || chance.calm_for() < LONG_CALM;
        chance.holds(is_well, || format!("{} is not ready: {faults:?}", self.me.name));
    }
}

fn jitter(world: &World) -> Jitter {
    Jitter::seeded(world.chance.rng().u64(..))
}

fn routes(world: &Arc<World>, me: &Arc<Me>) -> Vec<Route> {
    let metrics = SinkMetrics::register(&mut Registry::default());
    let parcels = Arc::new(Mutex::default());
    let route = |(place, plan): (usize, &SinkPlan)| {
        let (world, me) = (Arc::clone(world), Arc::clone(me));
        let jitter = jitter(&world);
        let quarantine = QuarantinePort { world: Arc::clone(&world), me: Arc::clone(&me) };
        let port = SinkPort { world, me, place, parcels: Arc::clone(&parcels) };
        let (port, quarantine) = (Arc::new(port), Arc::new(quarantine));
        let assembled = assemble_with(jitter, &plan.name, port, quarantine, &metrics);
        let select: &[&str] = if plan.picky { &["eventID ends_with ~3, ~7"] } else { &[] };
        let format = Format { schema: plan.schema, ..Format::default() };
        Route {
            name: assembled.name,
            encoder: Arc::new(Encoder::new(&format)),
            selectors: Arc::new(Selectors::parse::<_, &str>(select, &[]).unwrap()),
            sink: assembled.sink,
        }
    };
    world.plan.sinks.iter().enumerate().map(route).collect()
}
