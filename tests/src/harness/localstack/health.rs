//! Whether a `LocalStack` can be used yet: it says so, and then each service has answered.

use super::supervised::Supervised;
use super::warm::warm;
use crate::harness::http::{self, Answer};
use anyhow::{Context as _, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What the harness uses.
const NEEDED: [&str; 5] = ["s3", "sqs", "sns", "events", "cloudformation"];
const POLL: Duration = Duration::from_millis(100);
/// How long the first call of one service may take: it loads the service.
const FIRST_CALL_PATIENCE: Duration = Duration::from_secs(10);

/// Waits until the server at `endpoint` is healthy.
pub(super) async fn wait(endpoint: &str, patience: Duration) -> anyhow::Result<()> {
    wait_while(endpoint, patience, || Ok(())).await?;
    warm(endpoint, FIRST_CALL_PATIENCE).await
}

/// Waits until a server that was just started is healthy; gives up early if it ends.
pub(super) async fn wait_for_started(
    endpoint: &str,
    server: &mut Supervised,
    patience: Duration,
) -> anyhow::Result<()> {
    let healthy = async {
        wait_while(endpoint, patience, || server.verify_running()).await?;
        warm(endpoint, FIRST_CALL_PATIENCE).await
    }
    .await;
    let with_log = |error: anyhow::Error| match server.verify_running() {
        Ok(()) => error.context(server.tail()),
        Err(_told_already) => error,
    };
    healthy.map_err(with_log).context("LocalStack did not start")
}

async fn wait_while(
    endpoint: &str,
    patience: Duration,
    mut still: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let deadline = Instant::now() + patience;
    loop {
        still()?;
        let ask = http::get(format!("{endpoint}/_localstack/health")).await;
        let Err(why) = ask.and_then(|answer| verify(&answer)) else {
            return Ok(());
        };
        if Instant::now() > deadline {
            return Err(why.context(format!("not healthy after {} s", patience.as_secs())));
        }
        tokio::time::sleep(POLL).await;
    }
}

fn verify(answer: &Answer) -> anyhow::Result<()> {
    #[derive(Deserialize)]
    struct Report {
        services: BTreeMap<String, String>,
    }
    if answer.status != 200 {
        bail!("it answered {}", answer.status);
    }
    let report: Report =
        serde_json::from_str(&answer.body).context("its health report is not understood")?;
    for service in NEEDED {
        let state = report.services.get(service).map_or("missing", String::as_str);
        // "available" is a service that starts with its first call.
        if !["running", "available"].contains(&state) {
            bail!("its service {service} is {state}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(s3: &str) -> anyhow::Result<()> {
        let rest =
            r#""sqs":"running","sns":"available","events":"running","cloudformation":"running""#;
        let body = format!(r#"{{"services":{{"s3":"{s3}",{rest}}},"version":"4.9.2"}}"#);
        verify(&Answer { status: 200, body })
    }

    #[test]
    fn healthy_is_when_every_service_that_is_needed_runs() {
        check("running").unwrap();
        check("available").unwrap();
        let error = check("starting").unwrap_err().to_string();
        assert_eq!(error, "its service s3 is starting");
    }

    #[test]
    fn another_server_at_the_port_is_not_healthy() {
        let page = Answer { status: 200, body: "<html>".to_owned() };
        assert!(verify(&page).is_err());
        let refusal = Answer { status: 404, body: String::new() };
        assert!(verify(&refusal).is_err());
    }
}
