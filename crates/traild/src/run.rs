//! `traild run`: listens and forwards until a signal.

use crate::admin::{self, Status};
use crate::config::{Config, Listen};
use crate::exit::Exit;
use crate::inspect::{self, Aws, Verdict};
use crate::signals::Signals;
use crate::start::{Sinks, open_sinks, settings};
use anyhow::Context;
use prometheus_client::registry::Registry;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use trail_aws::{Connection, S3Store, SqsQueue, inspection};
use trail_ingest::{Ending, Health, Metrics, Pipeline, Ports, chain};
use trail_sink::{DirectoryQuarantine, Sink};

/// How long sinks may take to flush and close at the end.
const CLOSING: Duration = Duration::from_secs(5);

/// Starts, runs until a signal or until idle, and stops cleanly.
pub(crate) async fn run(config: Config, until_idle: Option<Duration>) -> anyhow::Result<Exit> {
    let signals = Signals::catch().context("could not catch signals")?;
    let stop = CancellationToken::new();
    let mut background = JoinSet::new();
    background.spawn(signals.obey(stop.clone()));

    let health = Health::default();
    let mut registry = Registry::default();
    let metrics = Metrics::register(&mut registry);
    let connection = Connection::new(inspect::region(&config), config.source.path_style).await;
    let owner = config
        .source
        .expected_bucket_owner
        .as_ref()
        .map(|owner| owner.as_str().to_owned());
    let store = S3Store::new(&connection, owner);
    let Some((aws, sinks)) = prepare(&config, &connection, &store, &mut registry).await else {
        return Ok(Exit::Usage);
    };

    let conditions = sinks.assembled.iter();
    let conditions = conditions
        .map(|sink| (sink.name.clone(), sink.condition.clone()))
        .collect();
    let status = Status::new(health.clone(), conditions, stop.clone(), registry);
    if let Listen::At(address) = config.admin.listen {
        let listener = admin::bind(address).await?;
        background.spawn(admin::serve(listener, Arc::new(status)));
    }

    let dead_letter = aws
        .queue
        .as_ref()
        .and_then(|queue| queue.dead_letter.as_ref());
    let dead_letter = dead_letter
        .and_then(|(arn, _)| inspection::queue_url_of_arn(arn, &config.source.queue_url));
    let ports = Ports {
        queue: Arc::new(SqsQueue::new(
            &connection,
            &config.source.queue_url,
            dead_letter,
        )),
        store: Arc::new(store),
        routes: sinks.routes(&config),
        health,
        metrics,
    };
    let settings = settings(&config, aws.queue.map(|queue| queue.visibility), until_idle);
    tracing::info!(
        queue = config.source.queue_url,
        visibility_seconds = settings.visibility.as_secs(),
        memory = config.limits.memory.to_string(),
        sinks = sinks.assembled.len(),
        "listening"
    );
    let ending = Pipeline::new(settings, ports, stop).run().await;
    close(&sinks).await;
    Ok(match ending {
        Ending::Done => {
            tracing::info!("stopped: everything that was begun is done");
            Exit::Done
        }
        Ending::Released(messages) => {
            tracing::info!(
                messages,
                "stopped: messages not done were given back to the queue"
            );
            Exit::Released
        }
    })
}

/// Looks at everything and opens the sinks. `None`: a person has to act first, and was told what.
async fn prepare(
    config: &Config,
    connection: &Connection,
    store: &S3Store,
    registry: &mut Registry,
) -> Option<(Aws, Sinks)> {
    let aws = inspect::aws(config, connection, store).await;
    let mut faulty = false;
    for finding in &aws.findings {
        let (about, remedy) = (&finding.subject, &finding.remedy);
        match finding.verdict {
            Verdict::Good => {}
            Verdict::Warning | Verdict::Unknown => {
                tracing::warn!(about, remedy, "{}", finding.detail);
            }
            Verdict::Fault => {
                faulty = true;
                tracing::error!(about, remedy, "{}", finding.detail);
            }
        }
    }
    let mut opened: Vec<(String, Arc<dyn Sink>)> = Vec::new();
    for (name, result) in open_sinks(config).await {
        let problem = match result {
            Ok(sink) => match sink.probe().await {
                Ok(()) => {
                    opened.push((name, sink));
                    continue;
                }
                Err(error) => chain(&error),
            },
            Err(error) => chain(&error),
        };
        faulty = true;
        tracing::error!(sink = name, "{problem}");
    }
    let quarantine = match DirectoryQuarantine::open(config.quarantine.path.clone()).await {
        Ok(quarantine) => quarantine,
        Err(error) => {
            tracing::error!(about = "quarantine", "{}", chain(&error));
            return None;
        }
    };
    (!faulty).then(|| (aws, Sinks::assemble(opened, quarantine, registry)))
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
