use super::{Subject, run};
use crate::batch::{Batch, BatchLimits};
use crate::contract::{Refusal, Sink, WriteError, Written};
use crate::file::{Compression, FileOptions, FileSink, OpenError, read_back};
use crate::memory::{Failure, MemoryQuarantine, MemorySink};
use crate::quarantine::{DirectoryQuarantine, Entry, Quarantine};
use crate::{Batching, Metered, Quarantining, Retrying, SinkMetrics, StdoutSink, assemble};
use prometheus_client::registry::Registry;
use std::io::Write;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// A store in memory behind the sink that `wrap` makes of it.
struct InMemory<W> {
    memory: Arc<MemorySink>,
    recognises: bool,
    wrap: W,
}

impl<W: Fn(Arc<dyn Sink>) -> Arc<dyn Sink> + Send + Sync> InMemory<W> {
    fn new(wrap: W) -> Self {
        let memory = Arc::new(MemorySink::new());
        memory.refuse(is_refusable);
        Self { memory, recognises: false, wrap }
    }
}

/// Position 20 and 30 of one object of three.
fn is_refusable(event: &[u8]) -> bool {
    let text = String::from_utf8_lossy(event);
    text.contains("refusable-b") && (text.contains(":2}") || text.contains(":3}"))
}

#[async_trait::async_trait]
impl<W: Fn(Arc<dyn Sink>) -> Arc<dyn Sink> + Send + Sync> Subject for InMemory<W> {
    async fn open(&self) -> Arc<dyn Sink> {
        (self.wrap)(Arc::clone(&self.memory) as Arc<dyn Sink>)
    }

    async fn stored(&self) -> Vec<Vec<u8>> {
        self.memory.lines()
    }

    fn refuses(&self, event: &[u8]) -> bool {
        is_refusable(event)
    }

    fn recognises_duplicates(&self) -> bool {
        self.recognises
    }
}

/// A store in a directory, which refuses nothing.
struct InDirectory {
    directory: TempDir,
    open: fn(PathBuf) -> Opening,
    /// What is stored of a line.
    event: fn(Vec<u8>) -> Vec<u8>,
}

type Opening = std::pin::Pin<Box<dyn Future<Output = Result<Arc<dyn Sink>, OpenError>> + Send>>;

impl InDirectory {
    fn new(open: fn(PathBuf) -> Opening) -> Self {
        Self { directory: tempfile::tempdir().expect("directory"), open, event: |line| line }
    }
}

#[async_trait::async_trait]
impl Subject for InDirectory {
    async fn open(&self) -> Arc<dyn Sink> {
        let path = self.directory.path().join("made/by/the/sink");
        loop {
            match (self.open)(path.clone()).await {
                Ok(sink) => return sink,
                // A task of the sink just dropped has not ended yet.
                Err(OpenError::InUse { .. }) => tokio::task::yield_now().await,
                Err(OpenError::Fault(fault)) => panic!("{fault}"),
            }
        }
    }

    async fn stored(&self) -> Vec<Vec<u8>> {
        let lines = read_back::lines(&self.directory.path().join("made/by/the/sink"));
        lines.into_iter().map(self.event).collect()
    }

    fn refuses(&self, _event: &[u8]) -> bool {
        false
    }

    fn recognises_duplicates(&self) -> bool {
        false
    }
}

async fn file(directory: PathBuf, compression: Compression) -> Result<Arc<dyn Sink>, OpenError> {
    let options = FileOptions {
        directory,
        compression,
        rotate_bytes: NonZeroU64::new(600).expect("not zero"),
        rotate_after: Duration::from_secs(60),
    };
    Ok(Arc::new(FileSink::open(options).await?))
}

fn metrics() -> SinkMetrics {
    SinkMetrics::register(&mut Registry::default())
}

#[tokio::test]
async fn memory_conforms() {
    run(|| InMemory::new(|memory| memory)).await;
}

#[tokio::test]
async fn memory_that_recognises_duplicates_conforms() {
    run(|| {
        let mut subject = InMemory::new(|memory| memory);
        subject.memory.recognise_duplicates();
        subject.recognises = true;
        subject
    })
    .await;
}

#[tokio::test]
async fn file_conforms_without_compression() {
    run(|| InDirectory::new(|path| Box::pin(file(path, Compression::None)))).await;
}

#[tokio::test]
async fn file_conforms_with_gzip() {
    run(|| InDirectory::new(|path| Box::pin(file(path, Compression::Gzip)))).await;
}

#[tokio::test]
async fn file_conforms_with_zstd() {
    run(|| InDirectory::new(|path| Box::pin(file(path, Compression::Zstd)))).await;
}

/// Output that someone else reads and keeps.
#[derive(Clone, Default)]
struct Pipe(Arc<Mutex<Vec<u8>>>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // Takes little at a time, as a pipe does.
        let count = bytes.len().min(7);
        self.0.lock().expect("pipe").extend(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[async_trait::async_trait]
impl Subject for Pipe {
    async fn open(&self) -> Arc<dyn Sink> {
        Arc::new(StdoutSink::over(self.clone()))
    }

    async fn stored(&self) -> Vec<Vec<u8>> {
        let bytes = self.0.lock().expect("pipe").clone();
        let lines = bytes.split_inclusive(|&byte| byte == b'\n');
        lines.map(|line| line.strip_suffix(b"\n").expect("whole line").to_vec()).collect()
    }

    fn refuses(&self, _event: &[u8]) -> bool {
        false
    }

    fn recognises_duplicates(&self) -> bool {
        false
    }
}

#[tokio::test]
async fn stdout_conforms() {
    run(Pipe::default).await;
}

#[tokio::test]
async fn batching_conforms() {
    for writes_at_once in 1..4 {
        let slots = NonZeroUsize::new(writes_at_once).expect("not zero");
        run(|| InMemory::new(move |memory| Arc::new(Batching::new(memory, slots)))).await;
    }
}

#[tokio::test(start_paused = true)]
async fn batching_conforms_with_linger_and_small_limits() {
    for merge_objects in [true, false] {
        run(|| {
            let mut subject =
                InMemory::new(|memory| Arc::new(Batching::new(memory, NonZeroUsize::MIN)) as _);
            let memory = MemorySink::with_limits(BatchLimits {
                bytes: 500,
                events: 7,
                linger: Duration::from_millis(20),
                merge_objects,
            });
            memory.refuse(is_refusable);
            subject.memory = Arc::new(memory);
            subject
        })
        .await;
    }
}

fn faulty<W: Fn(Arc<dyn Sink>) -> Arc<dyn Sink> + Send + Sync>(wrap: W) -> InMemory<W> {
    let subject = InMemory::new(wrap);
    for failure in [Failure::Retry(None), Failure::Pause] {
        subject.memory.fail_next(2, failure);
    }
    subject.memory.split_above(4);
    subject
}

/// `probe` tells of the next failure, which a fresh store must not have.
struct WithoutProbe(Arc<dyn Sink>);

impl std::fmt::Debug for WithoutProbe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[async_trait::async_trait]
impl Sink for WithoutProbe {
    fn limits(&self) -> BatchLimits {
        self.0.limits()
    }
    async fn write(&self, batch: &Batch) -> Result<Written, WriteError> {
        self.0.write(batch).await
    }
    async fn probe(&self) -> Result<(), WriteError> {
        Ok(())
    }
    async fn close(&self) -> Result<(), WriteError> {
        self.0.close().await
    }
}

#[tokio::test(start_paused = true)]
async fn retrying_over_a_faulty_sink_conforms() {
    run(|| {
        faulty(|memory| {
            let retrying = Retrying::<dyn Sink>::new("memory", memory);
            Arc::new(WithoutProbe(Arc::new(retrying)))
        })
    })
    .await;
}

#[tokio::test]
async fn metered_conforms() {
    run(|| InMemory::new(|memory| Arc::new(Metered::new("memory", memory, &metrics())))).await;
}

#[tokio::test]
async fn quarantining_conforms() {
    run(|| {
        InMemory::new(|memory| {
            let quarantine = Arc::new(MemoryQuarantine::default());
            Arc::new(Quarantining::new("memory", memory, quarantine))
        })
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn assembled_stack_over_a_faulty_sink_conforms() {
    run(|| {
        faulty(|memory| {
            let quarantine = Arc::new(MemoryQuarantine::default());
            quarantine.fail_next(2, Failure::Pause);
            let stack = assemble("memory", memory, quarantine, &metrics());
            Arc::new(WithoutProbe(stack.sink))
        })
    })
    .await;
}

async fn assembled_file(directory: PathBuf) -> Result<Arc<dyn Sink>, OpenError> {
    let sink = file(directory, Compression::Gzip).await?;
    let quarantine = Arc::new(MemoryQuarantine::default());
    Ok(assemble("file", sink, quarantine, &metrics()).sink)
}

#[tokio::test]
async fn assembled_stack_over_files_conforms() {
    run(|| InDirectory::new(|path| Box::pin(assembled_file(path)))).await;
}

/// A quarantine as a sink: each event is set aside.
#[derive(Debug)]
struct SettingAside(DirectoryQuarantine);

#[async_trait::async_trait]
impl Sink for SettingAside {
    fn limits(&self) -> BatchLimits {
        MemorySink::new().limits()
    }
    async fn write(&self, batch: &Batch) -> Result<Written, WriteError> {
        let mut all = Vec::new();
        for (portion, part) in batch.portions().iter().enumerate() {
            let reason = "refused".to_owned();
            all.extend(part.lines().map(|line| Refusal { portion, line, reason: reason.clone() }));
        }
        let entries: Vec<Entry<'_>> = all
            .iter()
            .filter_map(|refusal| {
                let parcel = batch.portions()[refusal.portion].parcel();
                let (index, event) = parcel.lines().event(refusal.line)?;
                Some(Entry {
                    reason: &refusal.reason,
                    sink: "any",
                    bucket: &parcel.origin().bucket,
                    key: &parcel.origin().key,
                    index,
                    event,
                })
            })
            .collect();
        self.0.set_aside(&entries).await?;
        Ok(Written::default())
    }
    async fn probe(&self) -> Result<(), WriteError> {
        self.0.probe().await
    }
    async fn close(&self) -> Result<(), WriteError> {
        self.0.close().await
    }
}

async fn quarantine(directory: PathBuf) -> Result<Arc<dyn Sink>, OpenError> {
    Ok(Arc::new(SettingAside(DirectoryQuarantine::open(directory).await?)))
}

#[tokio::test]
async fn quarantine_conforms() {
    run(|| {
        let mut subject = InDirectory::new(|path| Box::pin(quarantine(path)));
        subject.event = |line| {
            let entry: serde_json::Value = serde_json::from_slice(&line).expect("an entry");
            let event = &entry["event"];
            let (key, index) = (event["object"].as_str(), event["index"].as_u64());
            super::event(key.expect("key"), index.expect("index"))
        };
        subject
    })
    .await;
}
