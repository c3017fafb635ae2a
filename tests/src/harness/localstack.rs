//! A server that speaks S3, SQS, SNS, `EventBridge` and `CloudFormation`, and ends with this process.
//!
//! Where it comes from, first that applies: the endpoint in `LOCALSTACK_ENDPOINT`; a container, if
//! Docker answers; else a virtual environment under `target/localstack`, installed when it is
//! missing. In reading order: `ports` finds it a port, `container` and `environment` start it,
//! `supervised` holds it, `health` and `warm` wait for it.

mod container;
mod environment;
mod health;
mod ports;
mod supervised;
mod warm;

use super::progress::{Lines, Progress, watch};
use super::settings;
use anyhow::{Context as _, anyhow};
use ports::Port;
use std::time::Duration;
use supervised::Supervised;
use tokio::sync::OnceCell;

/// How long a server that was given may take to answer: it should be there.
const GIVEN_PATIENCE: Duration = Duration::from_secs(5);
/// How long one that was started may take to be healthy.
const STARTED_PATIENCE: Duration = Duration::from_secs(60);
/// The lines of its log that are shown where it did not start.
const TAIL: usize = 25;

/// A `LocalStack` that answers. Dropping it ends the one that was started for it.
#[derive(Debug)]
pub struct LocalStack {
    endpoint: String,
    origin: Origin,
}

/// Where the server comes from.
#[derive(Debug)]
enum Origin {
    Given,
    Container { _server: Supervised, _port: Port },
    Environment { _server: Supervised, _port: Port },
}

impl LocalStack {
    /// The one of this process, started at the first call; it ends with the process, however that
    /// ends. What went wrong at the first call is told at every one.
    ///
    /// # Errors
    /// One line on what is missing and what to do, or the end of the server's log.
    pub async fn shared() -> anyhow::Result<&'static Self> {
        static SHARED: OnceCell<Result<LocalStack, String>> = OnceCell::const_new();
        let start = async || {
            let started = Self::start(&ports::TESTS, &Lines).await;
            started.map_err(|error| format!("{error:#}"))
        };
        SHARED.get_or_init(start).await.as_ref().map_err(|error| anyhow!("{error}"))
    }

    /// One for the demo: at LocalStack's usual port if that is free.
    ///
    /// # Errors
    /// As [`LocalStack::shared`].
    pub async fn for_demo(progress: &dyn Progress) -> anyhow::Result<Self> {
        Self::start(&ports::DEMO, progress).await
    }

    async fn start(ports: &[u16], progress: &dyn Progress) -> anyhow::Result<Self> {
        if let Some(endpoint) = settings::endpoint() {
            return Self::given(endpoint, progress).await;
        }
        let in_container = container::docker_answers().await;
        if in_container {
            container::fetch_image(progress).await?;
        } else {
            environment::ENVIRONMENT.install(progress).await?;
        }
        let port = Port::take(ports)?;
        let endpoint = format!("http://127.0.0.1:{}", port.number());
        let mut server =
            if in_container { container::start(&port)? } else { environment::start(&port)? };
        let on = format!("LocalStack: starting at {endpoint}");
        let healthy = health::wait_for_started(&endpoint, &mut server, STARTED_PATIENCE);
        watch(progress, &on, healthy).await?;
        let origin = match in_container {
            true => Origin::Container { _server: server, _port: port },
            false => Origin::Environment { _server: server, _port: port },
        };
        Ok(Self { endpoint, origin })
    }

    async fn given(endpoint: String, progress: &dyn Progress) -> anyhow::Result<Self> {
        let on = format!("LocalStack: asking {endpoint}");
        let healthy = watch(progress, &on, health::wait(&endpoint, GIVEN_PATIENCE)).await;
        healthy.with_context(|| {
            let name = settings::ENDPOINT;
            format!(
                "{name} names {endpoint}, where no LocalStack answers: start it there, or unset {name}"
            )
        })?;
        Ok(Self { endpoint, origin: Origin::Given })
    }

    /// Where it answers, as `http://127.0.0.1:4566`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Whether it was there before, so that others may use it too.
    #[must_use]
    pub fn is_given(&self) -> bool {
        matches!(self.origin, Origin::Given)
    }

    /// Where it comes from, for people.
    #[must_use]
    pub fn origin(&self) -> &'static str {
        match self.origin {
            Origin::Given => "as LOCALSTACK_ENDPOINT says",
            Origin::Container { .. } => "in a container",
            Origin::Environment { .. } => "from target/localstack",
        }
    }
}
