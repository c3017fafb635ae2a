//! A message is held for as long as its events take, whatever the visibility timeout.

use crate::lines;
use crate::log_files::{key, log_of, records};
use crate::messages::{created, detach};
use crate::program::Piped;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use traild_tests::harness::{LocalStack, Trail, Wiring};

const OBJECTS: usize = 20;
const RECORDS: usize = 500;
/// Not shorter: a server that serves other tests too may take a second to extend it.
const VISIBILITY: Duration = Duration::from_secs(4);

#[tokio::test]
async fn sink_that_blocks_for_three_timeouts_causes_no_second_delivery() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let names: Vec<String> = (0..OBJECTS).map(|number| format!("held-{number}")).collect();
    detach(&trail).await?;
    for name in &names {
        trail.put(&key(name), log_of(&records(name, RECORDS))).await?;
        trail.send(&created(trail.bucket(), &[&key(name)])).await?;
    }
    let config = format!("source.visibility_timeout = \"{}s\"", VISIBILITY.as_secs());
    let mut daemon = Piped::start(&trail, &config)?;
    daemon.wait_counted("traild_messages_received_total", OBJECTS as u64).await?;

    tokio::time::sleep(3 * VISIBILITY).await;
    assert!(trail.queue_depth().await?.in_flight > 0, "the sink was to block");
    let mut output = daemon.output();
    let reading = async {
        let mut text = String::new();
        output.read_to_string(&mut text).await.map(|_| text)
    };
    let ending = async {
        trail.wait_until_empty(Duration::from_secs(30)).await?;
        let metrics = daemon.metrics().await?;
        daemon.terminate()?;
        anyhow::Ok((metrics, daemon.wait_exit(Duration::from_secs(10)).await?))
    };
    let (text, ended) = tokio::join!(reading, ending);
    let (metrics, code) = ended?;
    assert_eq!(code, Some(0));
    // The bucket has sent a test event when it was attached.
    let received = metrics.count("traild_messages_received_total", &[]);
    let test_events = metrics.count("traild_ignored_total", &[("reason", "test_event")]);
    assert_eq!(received - test_events, OBJECTS as u64);
    assert_eq!(metrics.count("traild_holds_lost_total", &[]), 0);
    let expected: Vec<String> = names.iter().flat_map(|name| records(name, RECORDS)).collect();
    lines::assert_same(&expected, &lines::sorted(&text?));
    assert_eq!(trail.dead_letters().await?, []);
    Ok(())
}
