//! Messages as S3 writes them, and those that wait in a queue.

use anyhow::{Context as _, ensure};
use aws_sdk_s3::types::NotificationConfiguration;
use aws_sdk_sqs::types::ChangeMessageVisibilityBatchRequestEntry as Change;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use traild_tests::harness::{DeadLetter, Trail};

/// What S3 says of the creation of objects, one entry each; the keys are written as they are.
pub(crate) fn created(bucket: &str, keys: &[&str]) -> String {
    let entry = |key: &&str| -> Value {
        json!({
            "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-east-1",
            "eventTime": "2026-03-03T00:10:00.000Z", "eventName": "ObjectCreated:Put",
            "s3": {"s3SchemaVersion": "1.0", "bucket": {"name": bucket}, "object": {"key": key}},
        })
    };
    json!({"Records": keys.iter().map(entry).collect::<Vec<_>>()}).to_string()
}

/// From now on the bucket tells the queue nothing: the test sends what it wants said.
pub(crate) async fn detach(trail: &Trail) -> anyhow::Result<()> {
    let nothing = NotificationConfiguration::builder().build();
    let detached = trail.s3().put_bucket_notification_configuration().bucket(trail.bucket());
    detached.notification_configuration(nothing).send().await?;
    Ok(())
}

/// Waits until the queue has told of so many objects, which the server does in its own time. Beside
/// them there is the test event that the bucket sends when it is attached.
pub(crate) async fn wait_for(trail: &Trail, objects: usize) -> anyhow::Result<()> {
    wait_for_all(trail, objects + 1).await
}

/// Waits until so many messages can be received.
pub(crate) async fn wait_for_all(trail: &Trail, messages: usize) -> anyhow::Result<()> {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let depth = trail.queue_depth().await?;
        if depth.visible >= messages {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "{messages} messages do not come: {depth:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The dead letter whose body is this; the only one.
#[track_caller]
pub(crate) fn letter_of<'l>(letters: &'l [DeadLetter], body: &str) -> &'l DeadLetter {
    let mut same = letters.iter().filter(|letter| letter.body == body);
    let letter = same.next();
    assert!(letter.is_some(), "no dead letter is {body}, of {letters:#?}");
    assert!(same.next().is_none(), "two dead letters are {body}");
    letter.unwrap()
}

/// The keys of the objects whose messages can be received now. Leaves the messages there.
pub(crate) async fn waiting_keys(trail: &Trail) -> anyhow::Result<BTreeSet<String>> {
    let mut keys = BTreeSet::new();
    let mut receipts = Vec::new();
    loop {
        let received = trail.sqs().receive_message().queue_url(trail.queue_url());
        let received = received.max_number_of_messages(10).visibility_timeout(60);
        let messages = received.send().await?.messages.unwrap_or_default();
        if messages.is_empty() {
            break;
        }
        for message in messages {
            let notification = trail_notification::read(message.body().unwrap_or_default())?;
            keys.extend(notification.objects.into_iter().map(|object| object.key));
            receipts.push(message.receipt_handle.context("a message without a receipt")?);
        }
    }
    for batch in receipts.chunks(10) {
        let mut shown = trail.sqs().change_message_visibility_batch().queue_url(trail.queue_url());
        for (place, receipt) in batch.iter().enumerate() {
            let change = Change::builder().id(place.to_string()).visibility_timeout(0);
            shown = shown.entries(change.receipt_handle(receipt).build()?);
        }
        shown.send().await?;
    }
    Ok(keys)
}
