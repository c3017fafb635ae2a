//! Starting: what was configured becomes what runs.

use crate::config::{self, Config, HumanDuration, SinkKind};
use crate::formats::Want;
use prometheus_client::registry::Registry;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use trail_ingest::{AllowList, Route, Settings};
use trail_logfile::Limits;
use trail_sink::{
    Assembled, BoxError, Compression, Condition, DirectoryQuarantine, FileOptions, FileSink,
    OpenError, Quarantine, Sink, SinkMetrics, StdoutSink, assemble,
};

/// The visibility timeout where neither the configuration nor the queue gives a usable one, as when AWS
/// cannot be reached at the start. It need not be the queue's own: each receive and each extension names
/// its timeout, so the queue's is never used for what this daemon receives.
const USUAL_VISIBILITY: Duration = Duration::from_secs(300);

/// How long sinks may take to flush and close at the end.
const CLOSING: Duration = Duration::from_millis(1_500);

/// Sinks that are open, or why one is not.
pub(crate) type OpenSink = (String, Result<Arc<dyn Sink>, OpenError>);

/// Opens every sink of the configuration; one that cannot be opened does not keep the others from
/// being tried.
pub(crate) async fn open_sinks(config: &Config) -> Vec<OpenSink> {
    let mut sinks = Vec::new();
    for sink in &config.sinks {
        sinks.push((sink.name.clone(), open_sink(&sink.kind).await));
    }
    sinks
}

async fn open_sink(kind: &SinkKind) -> Result<Arc<dyn Sink>, OpenError> {
    Ok(match kind {
        SinkKind::Stdout(_) => Arc::new(StdoutSink::new()),
        SinkKind::File(file) => {
            let options = FileOptions {
                directory: file.path.clone(),
                compression: match file.compression {
                    config::Compression::None => Compression::None,
                    config::Compression::Gzip => Compression::Gzip,
                    config::Compression::Zstd => Compression::Zstd,
                },
                rotate_bytes: NonZeroU64::new(file.rotate_size.bytes()).unwrap_or(NonZeroU64::MAX),
                rotate_after: file.rotate_age.duration(),
            };
            Arc::new(FileSink::open(options).await?)
        }
    })
}

/// Everything events are written to.
#[derive(Debug)]
pub(crate) struct Sinks {
    assembled: Vec<Assembled>,
    quarantine: Arc<DirectoryQuarantine>,
}

impl Sinks {
    pub(crate) fn assemble(
        opened: Vec<(String, Arc<dyn Sink>)>,
        quarantine: DirectoryQuarantine,
        registry: &mut Registry,
    ) -> Self {
        let metrics = SinkMetrics::register(registry);
        let quarantine = Arc::new(quarantine);
        let in_stack = |(name, sink): (String, Arc<dyn Sink>)| {
            let quarantine: Arc<dyn Quarantine> = Arc::<DirectoryQuarantine>::clone(&quarantine);
            assemble(&name, sink, quarantine, &metrics)
        };
        Self { assembled: opened.into_iter().map(in_stack).collect(), quarantine }
    }

    /// The routes to the sinks, with what each of them wants.
    pub(crate) fn routes(&self, wants: &[Want]) -> Vec<Route> {
        let routes = self.assembled.iter().zip(wants);
        let route = |(assembled, want): (&Assembled, &Want)| Route {
            name: assembled.name.clone(),
            encoder: Arc::clone(&want.encoder),
            selectors: Arc::clone(&want.selectors),
            sink: Arc::clone(&assembled.sink),
        };
        routes.map(route).collect()
    }

    /// Whether each accepts, as it changes.
    pub(crate) fn conditions(&self) -> Vec<(String, watch::Receiver<Condition>)> {
        let sinks = self.assembled.iter();
        sinks.map(|sink| (sink.name.clone(), sink.condition.clone())).collect()
    }

    /// Flushes and shuts them all, the quarantine last. Answers what could not be closed.
    pub(crate) async fn close(&self) -> Vec<(String, BoxError)> {
        let mut failed = Vec::new();
        let mut closing = JoinSet::new();
        for assembled in &self.assembled {
            let (name, sink) = (assembled.name.clone(), Arc::clone(&assembled.sink));
            closing.spawn(async move { (name, sink.close().await) });
        }
        // Each for itself: one that is stuck keeps no other from closing its files.
        let until = Instant::now() + CLOSING;
        while let Ok(Some(closed)) = timeout_at(until, closing.join_next()).await {
            if let Ok((name, Err(error))) = closed {
                failed.push((format!("sink {name}"), error.into()));
            }
        }
        if !closing.is_empty() {
            failed.push((
                "sinks".to_owned(),
                format!("{} did not close in time", closing.len()).into(),
            ));
        }
        if let Err(error) = self.quarantine.close().await {
            failed.push(("quarantine".to_owned(), error.into()));
        }
        failed
    }
}

/// Of the grace period, what is for work under way; the rest, up to five seconds, is for deleting,
/// giving back and closing after it.
fn working_part(grace: Duration) -> Duration {
    grace.saturating_sub(Duration::from_secs(5).min(grace / 2))
}

/// A receive is waited for at the stop, so it must end before what waits for it does; and never is it
/// so short that an idle daemon asks without a pause.
fn receive_wait(configured: Duration, working: Duration) -> Duration {
    let second = Duration::from_secs(1);
    configured.min(working.saturating_sub(second)).max(second)
}

/// How the pipeline runs with this configuration and a queue of this visibility timeout.
pub(crate) fn settings(
    config: &Config,
    of_queue: Option<Duration>,
    until_idle: Option<Duration>,
) -> Settings {
    let (source, limits) = (&config.source, &config.limits);
    let allowed = source.buckets.iter().map(|entry| (entry.bucket.as_str(), entry.prefix.as_str()));
    let grace = config.shutdown.grace_period.duration();
    let configured = source.visibility_timeout.map(HumanDuration::duration);
    // A queue's own timeout may be 0, with which every message would come to everybody at once.
    let of_queue = of_queue.filter(|timeout| *timeout >= Duration::from_secs(1));
    Settings {
        allow_list: AllowList::new(allowed),
        visibility: configured.or(of_queue).unwrap_or(USUAL_VISIBILITY),
        receive_wait: receive_wait(source.receive_wait.duration(), working_part(grace)),
        messages_in_flight: limits.messages_in_flight.get(),
        objects_at_once: limits.objects_at_once.get(),
        memory: limits.memory.to_usize(),
        limits: Limits {
            whole: limits.whole_object.to_usize(),
            decompressed: limits.decompressed_object.bytes(),
            record: limits.record.to_usize(),
            depth: limits.depth.get(),
            ..Limits::default()
        },
        grace: working_part(grace),
        until_idle,
    }
}

#[cfg(test)]
mod tests;
