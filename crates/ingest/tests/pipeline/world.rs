//! A pipeline on fakes, and what a test needs to say about it.

use flate2::Compression;
use flate2::write::GzEncoder;
use prometheus_client::registry::Registry;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use trail_event::Selectors;
use trail_ingest::memory::{DeadMessage, Happening, MemoryQueue, MemoryStore};
use trail_ingest::{AllowList, Ending, Health, Metrics, Outcome, Pipeline, Ports, Reason, Route};
use trail_ingest::{Settings, Store};
use trail_notification::ObjectRef;
use trail_schema::{Encoder, Format, Schema};
use trail_sink::memory::{MemoryQuarantine, MemorySink};
use trail_sink::{Quarantine, Sink, SinkMetrics, assemble};

pub(crate) const BUCKET: &str = "org-trail";
pub(crate) const VISIBILITY: Duration = Duration::from_secs(30);
pub(crate) const GRACE: Duration = Duration::from_secs(25);

/// Everything around one pipeline, and the pipeline while it runs.
pub(crate) struct World {
    pub(crate) queue: Arc<MemoryQueue>,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) sinks: Vec<Arc<MemorySink>>,
    /// What each sink wants.
    pub(crate) wants: Vec<Want>,
    pub(crate) quarantine: Arc<MemoryQuarantine>,
    pub(crate) health: Health,
    pub(crate) metrics: Metrics,
    pub(crate) settings: Settings,
    pub(crate) stop: CancellationToken,
    running: JoinSet<Ending>,
}

/// Which events a sink wants, and how.
#[derive(Clone, Debug)]
pub(crate) struct Want {
    pub(crate) encoder: Arc<Encoder>,
    pub(crate) selectors: Arc<Selectors>,
}

impl Want {
    pub(crate) fn new(schema: Schema, select: &[&str], exclude: &[&str]) -> Self {
        let format = Format { schema, ..Format::default() };
        let selectors = Selectors::parse(select, exclude).unwrap();
        Self { encoder: Arc::new(Encoder::new(&format)), selectors: Arc::new(selectors) }
    }
}

impl World {
    /// One sink, nothing wrong.
    pub(crate) fn new() -> Self {
        Self::with_sinks(1)
    }

    pub(crate) fn with_sinks(count: usize) -> Self {
        Self {
            queue: Arc::default(),
            store: Arc::default(),
            sinks: (0..count).map(|_| Arc::default()).collect(),
            wants: vec![Want::new(Schema::CloudTrail, &[], &[]); count],
            quarantine: Arc::default(),
            health: Health::default(),
            metrics: Metrics::default(),
            settings: settings(),
            stop: CancellationToken::new(),
            running: JoinSet::new(),
        }
    }

    pub(crate) fn sink(&self) -> &MemorySink {
        &self.sinks[0]
    }

    /// Puts a log file of so many records, which are `{"eventID":"name-0"}` and so on.
    pub(crate) fn put(&self, name: &str, records: usize) -> ObjectRef {
        self.put_bytes(name, gzip(log_file(name, records).as_bytes()))
    }

    pub(crate) fn put_bytes(&self, name: &str, bytes: Vec<u8>) -> ObjectRef {
        self.store.put(BUCKET, &key(name), bytes)
    }

    /// Sends the notification of objects, all in one message.
    pub(crate) fn send(&self, objects: &[&ObjectRef]) -> String {
        self.queue.send(&notification(objects))
    }

    /// A log file and its notification.
    pub(crate) fn deliver(&self, name: &str, records: usize) -> ObjectRef {
        let object = self.put(name, records);
        self.send(&[&object]);
        object
    }

    /// Starts the pipeline with each sink in its whole stack.
    pub(crate) fn start(&mut self) {
        let quarantine: Arc<dyn Quarantine> = Arc::clone(&self.quarantine) as _;
        let metrics = SinkMetrics::register(&mut Registry::default());
        let route = |(number, sink): (usize, &Arc<MemorySink>)| {
            let (name, sink) = (sink_name(number), Arc::clone(sink) as Arc<dyn Sink>);
            let assembled = assemble(&name, sink, Arc::clone(&quarantine), &metrics);
            (name, assembled.sink)
        };
        let routes = self.sinks.iter().enumerate().map(route).collect();
        let store = Arc::clone(&self.store) as _;
        self.start_with(store, routes);
    }

    /// Starts the pipeline with sinks as they are.
    pub(crate) fn start_with(
        &mut self,
        store: Arc<dyn Store>,
        sinks: Vec<(String, Arc<dyn Sink>)>,
    ) {
        let route = |((name, sink), want): ((_, _), &Want)| {
            let Want { encoder, selectors } = want.clone();
            Route { name, encoder, selectors, sink }
        };
        let ports = Ports {
            queue: Arc::clone(&self.queue) as _,
            store,
            routes: sinks.into_iter().zip(&self.wants).map(route).collect(),
            health: self.health.clone(),
            metrics: self.metrics.clone(),
        };
        self.stop = CancellationToken::new();
        let pipeline = Pipeline::new(self.settings.clone(), ports, self.stop.clone());
        self.running.spawn(pipeline.run());
    }

    /// Stops the pipeline and waits for its end.
    pub(crate) async fn stop(&mut self) -> Ending {
        self.stop.cancel();
        self.ended().await
    }

    /// Waits for the end of the pipeline, which must come soon after the grace period.
    pub(crate) async fn ended(&mut self) -> Ending {
        let longest = self.settings.grace + Duration::from_secs(3600);
        let ended = timeout(longest, self.running.join_next()).await;
        ended.expect("the pipeline ends").unwrap().unwrap()
    }

    /// Ends the pipeline as `kill -9` does: nothing is given back, no task goes on.
    pub(crate) async fn kill(&mut self) {
        self.running.shutdown().await;
    }

    /// Runs until every message is deleted, then stops.
    pub(crate) async fn run_to_the_end(&mut self) {
        self.start();
        self.all_deleted().await;
        assert_eq!(self.stop().await, Ending::Done);
    }

    pub(crate) async fn all_deleted(&self) {
        eventually("all messages are deleted", || self.queue.is_empty()).await;
    }

    /// The lines in a sink, as text.
    pub(crate) fn lines(&self, sink: usize) -> Vec<String> {
        let lines = self.sinks[sink].lines().into_iter();
        lines.map(|line| String::from_utf8(line).unwrap()).collect()
    }

    /// The one message in the dead-letter queue.
    pub(crate) fn dead_letter(&self) -> DeadMessage {
        let [dead] = <[_; 1]>::try_from(self.queue.dead_letters()).expect("one dead letter");
        dead
    }

    pub(crate) fn count(&self, what: impl Fn(Happening) -> bool) -> usize {
        self.queue.count(what)
    }

    pub(crate) fn receives(&self) -> usize {
        self.count(|what| matches!(what, Happening::Received(_)))
    }

    pub(crate) fn extensions(&self) -> usize {
        self.count(|what| matches!(what, Happening::Hidden(time) if !time.is_zero()))
    }

    pub(crate) fn deletes(&self) -> usize {
        self.count(|what| what == Happening::Deleted)
    }

    pub(crate) fn ignored(&self, reason: &'static str) -> u64 {
        let ignored = &self.metrics.ignored;
        ignored.get_or_create(&Reason { reason }).get()
    }

    pub(crate) fn released(&self, reason: &'static str) -> u64 {
        let released = &self.metrics.released;
        released.get_or_create(&Reason { reason }).get()
    }

    pub(crate) fn events(&self, sink: usize, outcome: &'static str) -> u64 {
        let sink = sink_name(sink);
        let events = &self.metrics.events;
        events.get_or_create(&Outcome { sink, outcome }).get()
    }
}

fn settings() -> Settings {
    Settings {
        allow_list: AllowList::new([(BUCKET, "")]),
        visibility: VISIBILITY,
        receive_wait: Duration::from_secs(20),
        messages_in_flight: 100,
        objects_at_once: 4,
        memory: 128 << 20,
        limits: trail_logfile::Limits::default(),
        grace: GRACE,
        until_idle: None,
    }
}

pub(crate) fn sink_name(number: usize) -> String {
    format!("sink-{number}")
}

/// The key of a log file.
pub(crate) fn key(name: &str) -> String {
    format!("AWSLogs/123456789012/CloudTrail/eu-west-1/2026/11/21/{name}.json.gz")
}

pub(crate) fn record(name: &str, index: usize) -> String {
    format!(r#"{{"eventID":"{name}-{index}"}}"#)
}

pub(crate) fn records(name: &str, range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|index| record(name, index)).collect()
}

pub(crate) fn log_file(name: &str, count: usize) -> String {
    format!(r#"{{"Records":[{}]}}"#, records(name, 0..count).join(","))
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// S3's own notification. Keys in tests have no character that would be encoded.
pub(crate) fn notification(objects: &[&ObjectRef]) -> String {
    let mut entries = Vec::new();
    for object in objects {
        let mut fields = format!(r#""key":"{}""#, object.key);
        let texts = [("versionId", &object.version_id), ("eTag", &object.etag)];
        for (name, text) in texts {
            if let Some(text) = text {
                write!(fields, r#","{name}":"{text}""#).unwrap();
            }
        }
        if let Some(size) = object.size {
            write!(fields, r#","size":{size}"#).unwrap();
        }
        entries.push(entry("ObjectCreated:Put", &object.bucket, &fields));
    }
    format!(r#"{{"Records":[{}]}}"#, entries.join(","))
}

/// One entry of `Records`.
pub(crate) fn entry(event: &str, bucket: &str, object: &str) -> String {
    format!(
        r#"{{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-west-1","eventName":"{event}","s3":{{"bucket":{{"name":"{bucket}"}},"object":{{{object}}}}}}}"#
    )
}

/// Waits, in virtual time, for what must come within an hour.
pub(crate) async fn eventually(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(3600), "never: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// Lets time go by while a thread waits for a sink or a store: tokio's paused clock stands still for
/// as long as a blocking thread is busy, and so would wait for it for ever.
pub(crate) fn let_time_pass() -> JoinSet<()> {
    let mut clock = JoinSet::new();
    clock.spawn(async {
        loop {
            std::thread::sleep(Duration::from_micros(300));
            tokio::time::advance(Duration::from_millis(50)).await;
        }
    });
    clock
}
