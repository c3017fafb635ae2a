//! What the process holds in memory stays near the budget, however large the object is.
//!
//! A binary of its own with one test, because it looks at the memory of the whole process.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use trail_event::Selectors;
use trail_ingest::memory::{MemoryQueue, MemoryStore};
use trail_ingest::{AllowList, Ending, Health, Metrics, Pipeline, Ports, Queue, Route, Settings};
use trail_schema::{Encoder, Format, Schema};
use trail_sink::{Batch, BatchLimits, Sink, WriteError, Written};

/// The daemon's: what an allocator keeps for itself is part of what is measured.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const BUCKET: &str = "org-trail";
const MEMORY: usize = 8 << 20;
/// Beside the budget: the allocator's slack, stacks, and what surrounds the bytes.
const BESIDE: u64 = 12 << 20;

/// Counts, keeps nothing, and takes its time.
#[derive(Debug)]
struct Counting {
    events: AtomicU64,
    takes: Duration,
}

#[async_trait::async_trait]
impl Sink for Counting {
    fn limits(&self) -> BatchLimits {
        BatchLimits {
            bytes: 4 << 20,
            events: usize::MAX,
            linger: Duration::ZERO,
            merge_objects: true,
        }
    }

    async fn write(&self, batch: &Batch) -> Result<Written, WriteError> {
        tokio::time::sleep(self.takes).await;
        self.events.fetch_add(batch.events() as u64, Ordering::Relaxed);
        Ok(Written::default())
    }

    async fn probe(&self) -> Result<(), WriteError> {
        Ok(())
    }

    async fn close(&self) -> Result<(), WriteError> {
        Ok(())
    }
}

/// A log file of so many records of a kilobyte, never in memory as a whole.
fn file(records: u64) -> Vec<u8> {
    let mut gzip = begun(records);
    gzip.write_all(b"]}").unwrap();
    gzip.finish().unwrap()
}

/// The same in two members, of which the last is tiny, and so is the size that it claims for all.
fn file_of_two_members(records: u64) -> Vec<u8> {
    let mut last = GzEncoder::new(begun(records).finish().unwrap(), Compression::fast());
    last.write_all(b"]}").unwrap();
    last.finish().unwrap()
}

fn begun(records: u64) -> GzEncoder<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(b"{\"Records\":[").unwrap();
    let padding = "x".repeat(1_000);
    for index in 0..records {
        let comma = if index > 0 { "," } else { "" };
        write!(gzip, r#"{comma}{{"eventID":"{index}","pad":"{padding}"}}"#).unwrap();
    }
    gzip
}

/// The most memory this process has held so far, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes * 1024
}

fn settings() -> Settings {
    Settings {
        allow_list: AllowList::new([(BUCKET, "")]),
        visibility: Duration::from_secs(600),
        receive_wait: Duration::from_millis(200),
        messages_in_flight: 100,
        objects_at_once: 8,
        memory: MEMORY,
        limits: trail_logfile::Limits::default(),
        grace: Duration::from_secs(60),
        until_idle: Some(Duration::from_millis(200)),
    }
}

#[tokio::test]
async fn memory_stays_near_the_budget() {
    let before = peak();
    let many = std::iter::repeat_n(file(2_000), 60);
    let files = std::iter::once(file(200_000)).chain(many);
    let verbatim = [Schema::CloudTrail; 2];
    passes(files, verbatim, 200_000 + 60 * 2_000, Duration::from_millis(20)).await;
    let more = peak() - before;
    assert!(more < MEMORY as u64 + BESIDE, "large and many: {} KiB", more / 1024);

    let odd = std::iter::repeat_n(file_of_two_members(10_000), 6);
    passes(odd, verbatim, 60_000, Duration::from_millis(250)).await;
    let more = peak() - before;
    assert!(more < MEMORY as u64 + BESIDE, "with false claims: {} KiB", more / 1024);

    let dense = file(25_000);
    assert!(dense.len() < MEMORY / 20, "taken whole as it is stored: {} bytes", dense.len());
    passes(std::iter::repeat_n(dense, 2), verbatim, 50_000, Duration::from_millis(20)).await;
    let more = peak() - before;
    assert!(more < MEMORY as u64 + BESIDE, "many times larger than stored: {} KiB", more / 1024);

    let many = std::iter::repeat_n(file(2_000), 20);
    let files = std::iter::once(file(40_000)).chain(many);
    let normalized = [Schema::Ecs, Schema::Flat];
    passes(files, normalized, 40_000 + 20 * 2_000, Duration::from_millis(20)).await;
    let more = peak() - before;
    assert!(more < MEMORY as u64 + BESIDE, "normalized: {} KiB", more / 1024);
}

/// Lets a pipeline with two sinks of these schemas deliver all files.
async fn passes(
    files: impl Iterator<Item = Vec<u8>>,
    schemas: [Schema; 2],
    records: u64,
    takes: Duration,
) {
    let (queue, store) = (Arc::new(MemoryQueue::new()), Arc::new(MemoryStore::new()));
    for (number, bytes) in files.enumerate() {
        let key = format!("AWSLogs/1/CloudTrail/eu-west-1/2026/11/21/{number}.json.gz");
        store.put(BUCKET, &key, bytes);
        queue.send(&format!(r#"{{"s3Bucket":"{BUCKET}","s3ObjectKey":["{key}"]}}"#));
    }
    let sinks = [(); 2].map(|()| Arc::new(Counting { events: AtomicU64::new(0), takes }));
    let [first, second] = schemas.map(|schema| {
        let format = Format { schema, ..Format::default() };
        Arc::new(Encoder::new(&format))
    });
    let is_shared = schemas.first() == schemas.last();
    let encoders = [Arc::clone(&first), if is_shared { first } else { second }];
    let route = |(sink, encoder): (&Arc<Counting>, Arc<Encoder>)| Route {
        name: "counting".to_owned(),
        encoder,
        selectors: Arc::new(Selectors::default()),
        sink: Arc::clone(sink) as Arc<dyn Sink>,
    };
    let ports = Ports {
        queue: Arc::clone(&queue) as Arc<dyn Queue>,
        store,
        routes: sinks.iter().zip(encoders).map(route).collect(),
        health: Health::default(),
        metrics: Metrics::default(),
    };
    let pipeline = Pipeline::new(settings(), ports, CancellationToken::new());
    let ending = tokio::time::timeout(Duration::from_secs(90), pipeline.run()).await;
    assert_eq!(ending.unwrap(), Ending::Done);
    for sink in sinks {
        assert_eq!(sink.events.load(Ordering::Relaxed), records);
    }
    assert!(queue.dead_letters().is_empty());
}
