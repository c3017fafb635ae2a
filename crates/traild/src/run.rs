//! `traild run`: listens and forwards until a signal.

use crate::admin::{self, Status};
use crate::config::{Config, Listen};
use crate::enrichment::EnrichmentFiles;
use crate::exit::Exit;
use crate::formats::{self, Want};
use crate::inspect::{self, Finding, Verdict};
use crate::signals::Signals;
use crate::start::{Sinks, open_sinks, settings};
use anyhow::Context;
use prometheus_client::registry::Registry;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use trail_aws::{Connection, QueueAttributes, S3Store, SqsQueue};
use trail_ingest::{Ending, Health, Metrics, Pipeline, Ports, chain};
use trail_schema::Enrichment;
use trail_sink::{DirectoryQuarantine, OpenError, Sink};

/// How long closing may take at the end, the quarantine included.
const CLOSING: Duration = Duration::from_secs(2);

const NOT_STARTED: &str = "not started: first set right what is named above";

/// Starts, runs until a signal or until idle, and stops cleanly.
pub(crate) async fn run(config: Config, until_idle: Option<Duration>) -> anyhow::Result<Exit> {
    let signals = Signals::catch().context("could not catch signals")?;
    let stop = CancellationToken::new();
    let mut background = JoinSet::new();
    background.spawn(signals.obey(stop.clone()));

    let health = Health::default();
    let mut registry = Registry::default();
    let metrics = Metrics::register(&mut registry);
    let Some(prepared) = prepare(&config, &mut registry).await else {
        tracing::error!("{NOT_STARTED}");
        return Ok(Exit::Usage);
    };
    if let Listen::At(address) = config.admin.listen {
        let listener = match admin::bind(address).await {
            Ok(listener) => listener,
            Err(error) => {
                tracing::error!("admin.listen: {error:#}");
                tracing::error!("{NOT_STARTED}");
                return Ok(Exit::Usage);
            }
        };
        let conditions = prepared.sinks.conditions();
        let status = Status::new(health.clone(), conditions, stop.clone(), registry);
        background.spawn(admin::serve(listener, Arc::new(status)));
    }
    if let Some(files) = &prepared.enrichment {
        let (files, stop) = (Arc::clone(files), stop.clone());
        background.spawn(async move { files.watch(stop).await });
    }
    let visibility = prepared.queue.as_ref().map(|queue| queue.visibility);
    let settings = settings(&config, visibility, until_idle);
    tracing::info!(
        queue = config.source.queue_url,
        visibility_seconds = settings.visibility.as_secs(),
        memory = config.limits.memory.to_string(),
        sinks = config.sinks.len(),
        "listening"
    );
    let ports = prepared.ports(&config, health, metrics)?;
    let ending = Pipeline::new(settings, ports, stop).run().await;
    close(&prepared.sinks).await;
    Ok(ended(ending))
}

fn ended(ending: Ending) -> Exit {
    match ending {
        Ending::Done => {
            tracing::info!("stopped: everything that was begun is done");
            Exit::Done
        }
        Ending::Released(messages) => {
            tracing::info!(messages, "stopped: messages not done were given back to the queue");
            Exit::Released
        }
    }
}

/// Everything the pipeline needs outside, found to be there.
struct Prepared {
    connection: Connection,
    store: S3Store,
    sinks: Sinks,
    queue: Option<QueueAttributes>,
    enrichment: Option<Arc<EnrichmentFiles>>,
}

impl Prepared {
    fn ports(&self, config: &Config, health: Health, metrics: Metrics) -> anyhow::Result<Ports> {
        Ok(Ports {
            queue: Arc::new(SqsQueue::new(&self.connection, &config.source.queue_url)),
            store: Arc::new(self.store.clone()),
            routes: self.sinks.routes(&self.wants(config)?),
            health,
            metrics,
        })
    }

    fn wants(&self, config: &Config) -> anyhow::Result<Vec<Want>> {
        let files = self.enrichment.as_ref();
        let enrichment =
            files.map(|files| Arc::<EnrichmentFiles>::clone(files) as Arc<dyn Enrichment>);
        formats::wants(&config.sinks, enrichment.as_ref())
    }
}

/// Looks at everything and opens the sinks. `None`: a person has to act first, and was told what.
async fn prepare(config: &Config, registry: &mut Registry) -> Option<Prepared> {
    let (connection, store) = inspect::connect(config).await;
    let aws = inspect::aws(config, &connection, &store).await;
    for finding in &aws.findings {
        tell(finding);
    }
    let mut faulty = aws.findings.iter().any(|finding| finding.verdict == Verdict::Fault);
    let enrichment = EnrichmentFiles::open(&config.enrichment).unwrap_or_else(|faults| {
        faulty = true;
        faults.to_string().lines().for_each(|fault| tracing::error!("{fault}"));
        None
    });
    let mut opened: Vec<(String, Arc<dyn Sink>)> = Vec::new();
    for (name, result) in open_sinks(config).await {
        match accepting(result).await {
            Ok(sink) => opened.push((name, sink)),
            Err(problem) => {
                faulty = true;
                tracing::error!("sink {name}: {problem}");
            }
        }
    }
    match DirectoryQuarantine::open(config.quarantine.path.clone()).await {
        Ok(quarantine) if !faulty => {
            let sinks = Sinks::assemble(opened, quarantine, registry);
            let enrichment = enrichment.map(Arc::new);
            Some(Prepared { connection, store, sinks, queue: aws.queue, enrichment })
        }
        Ok(_) => None,
        Err(error) => {
            tracing::error!("quarantine: {}", chain(&error));
            None
        }
    }
}

/// Logs a finding as one sentence: what it is about, what was found, what to do.
fn tell(finding: &Finding) {
    let Finding { subject, verdict, detail, remedy } = finding;
    let remedy = if remedy.is_empty() { String::new() } else { format!(" -> {remedy}") };
    match verdict {
        Verdict::Good => {}
        // Nothing was tried, because of a fault that is told beside it.
        Verdict::Skipped => tracing::debug!("{subject}: {detail}"),
        Verdict::Warning | Verdict::Unknown => tracing::warn!("{subject}: {detail}{remedy}"),
        Verdict::Fault => tracing::error!("{subject}: {detail}{remedy}"),
    }
}

async fn accepting(opened: Result<Arc<dyn Sink>, OpenError>) -> Result<Arc<dyn Sink>, String> {
    let sink = opened.map_err(|error| chain(&error))?;
    sink.probe().await.map_err(|error| chain(&error))?;
    Ok(sink)
}

async fn close(sinks: &Sinks) {
    match tokio::time::timeout(CLOSING, sinks.close()).await {
        Ok(failed) => {
            for (what, error) in failed {
                let error = chain(&*error);
                tracing::error!(
                    about = what,
                    error,
                    "could not be closed; what was acknowledged is safe"
                );
            }
        }
        Err(_elapsed) => {
            tracing::error!("sinks did not close in time; what was acknowledged is safe")
        }
    }
}
