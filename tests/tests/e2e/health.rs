//! Health tells the truth: what a probe, a scraper and a container are answered.

use crate::TRAILD;
use crate::log_files::{key, log_of, records};
use crate::messages::{created, detach};
use crate::program::{Program, config, http_get};
use std::fs;
use std::time::{Duration, Instant};
use traild_tests::harness::{Daemon, LocalStack, Trail, Wiring};

const PATIENCE: Duration = Duration::from_secs(45);

#[tokio::test]
async fn ready_daemon_answers_on_all_three_pages() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let mut daemon = Daemon::builder(TRAILD, &trail).spawn()?;
    daemon.wait_ready().await?;
    assert_eq!(http_get(daemon.url("/healthz")?).await?, (200, "ok\n".to_owned()));
    let (status, body) = http_get(daemon.url("/readyz")?).await?;
    assert_eq!((status, body.trim()), (200, r#"{"ready":true,"reasons":{}}"#));
    let (status, text) = http_get(daemon.url("/metrics")?).await?;
    assert_eq!(status, 200);
    for line in
        ["# TYPE traild_messages_received counter", "traild_messages_received_total ", "# EOF"]
    {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let (status, _) = http_get(daemon.url("/elsewhere")?).await?;
    assert_eq!(status, 404);
    Ok(())
}

#[tokio::test]
async fn daemon_whose_queue_is_deleted_is_not_ready_until_it_is_back() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let mut daemon = Daemon::builder(TRAILD, &trail).spawn()?;
    daemon.wait_ready().await?;
    trail.sqs().delete_queue().queue_url(trail.queue_url()).send().await?;
    let reason = wait_for_fault(&daemon, "queue").await?;
    assert!(
        reason.contains("QueueDoesNotExist") || reason.contains("NonExistentQueue"),
        "{reason}"
    );
    // Alive all the while: a restart would not help.
    assert_eq!(http_get(daemon.url("/healthz")?).await?.0, 200);

    let name = trail.queue_url().rsplit('/').next().unwrap_or_default();
    trail.sqs().create_queue().queue_name(name).send().await?;
    wait_for_ready(&daemon).await
}

#[tokio::test]
async fn daemon_whose_bucket_disappears_is_not_ready_until_it_is_back() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    detach(&trail).await?;
    let mut daemon = Daemon::builder(TRAILD, &trail).spawn()?;
    daemon.wait_ready().await?;
    trail.s3().delete_bucket().bucket(trail.bucket()).send().await?;
    trail.send(&created(trail.bucket(), &[&key("later")])).await?;
    let component = format!("bucket {}", trail.bucket());
    let reason = wait_for_fault(&daemon, &component).await?;
    assert!(reason.contains("does not exist"), "{reason}");
    assert_eq!(trail.queue_depth().await?.total(), 1, "the message is kept");

    trail.s3().create_bucket().bucket(trail.bucket()).send().await?;
    trail.put(&key("later"), log_of(&records("later", 2))).await?;
    wait_for_ready(&daemon).await?;
    daemon.wait_counted("traild_objects_total", &[], 1, PATIENCE).await?;
    trail.wait_until_empty(PATIENCE).await?;
    assert_eq!(daemon.output_lines()?, records("later", 2));
    assert_eq!(trail.dead_letters().await?, []);
    Ok(())
}

#[tokio::test]
async fn daemon_whose_sink_has_nowhere_to_write_is_not_ready_until_it_has() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let sink = "[[sink]]\nname = 'lake'\ntype = 'file'\npath = 'lake'\n";
    let mut daemon = Daemon::builder(TRAILD, &trail).config_toml(sink).spawn()?;
    daemon.wait_ready().await?;
    let lake = daemon.directory().join("lake");
    fs::remove_dir_all(&lake)?;
    fs::write(&lake, "a file where a folder was")?;
    trail.put(&key("a"), log_of(&records("a", 2))).await?;
    let reason = wait_for_fault(&daemon, "sink lake").await?;
    assert!(reason.contains("lake"), "{reason}");

    fs::remove_file(&lake)?;
    fs::create_dir(&lake)?;
    wait_for_ready(&daemon).await?;
    trail.wait_until_empty(PATIENCE).await?;
    assert_eq!(trail.dead_letters().await?, []);
    Ok(())
}

#[tokio::test]
async fn healthcheck_says_whether_the_daemon_answers() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let mut daemon = Daemon::builder(TRAILD, &trail).spawn()?;
    daemon.wait_ready().await?;
    let address = daemon.url("")?.replace("http://", "");
    let config = config(&trail).replace("127.0.0.1:0", &address);
    let config = format!("{config}[[sink]]\ntype = \"stdout\"\n");
    let healthcheck =
        || Program::new(&["healthcheck", "--config", "here.toml"]).file("here.toml", &config);
    let alive = healthcheck().run().await?;
    assert_eq!(alive.code, Some(0), "{alive:#?}");
    daemon.kill()?;
    let dead = healthcheck().run().await?;
    assert_eq!(dead.code, Some(1), "{dead:#?}");
    assert!(dead.stderr.contains(&address), "{}", dead.stderr);
    Ok(())
}

/// Waits until `/readyz` answers 503 with a reason for this component, and gives the reason.
async fn wait_for_fault(daemon: &Daemon, component: &str) -> anyhow::Result<String> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let (status, body) = http_get(daemon.url("/readyz")?).await?;
        let body: serde_json::Value = serde_json::from_str(&body)?;
        if let Some(reason) = body["reasons"][component].as_str() {
            assert_eq!((status, &body["ready"]), (503, &serde_json::Value::Bool(false)));
            return Ok(reason.to_owned());
        }
        anyhow::ensure!(Instant::now() < deadline, "{status} {body}; {}", daemon.log_tail());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn wait_for_ready(daemon: &Daemon) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let (status, body) = http_get(daemon.url("/readyz")?).await?;
        if status == 200 {
            return Ok(());
        }
        anyhow::ensure!(Instant::now() < deadline, "{status} {body}; {}", daemon.log_tail());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
