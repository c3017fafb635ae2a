//! Keys hold all that S3 lets them, and each sender writes them in its own way.

use crate::dispositions::run_until_idle;
use crate::lines;
use crate::log_files::{key, log_of, records};
use crate::messages::{created, detach, wait_for_all};
use serde_json::json;
use traild_tests::harness::{LocalStack, Trail, TrailOptions, Wiring};

/// Prefixes of a trail.
const PREFIXES: [&str; 7] =
    ["a+plus", "a space", "ümläut-日本-🦀", "100%", "a%20b", "%2B+ %25", "='&@:,$;?#[]!*()~\"<>"];

fn keys() -> impl Iterator<Item = String> {
    PREFIXES.iter().map(|prefix| format!("odd/{prefix}/{}", key("x")))
}

#[tokio::test]
async fn odd_keys_are_read_as_they_are_told_by_s3() -> anyhow::Result<()> {
    odd_keys_are_read(Wiring::S3).await
}

#[tokio::test]
async fn odd_keys_are_read_as_they_are_told_by_event_bridge() -> anyhow::Result<()> {
    odd_keys_are_read(Wiring::EventBridge).await
}

async fn odd_keys_are_read(wiring: Wiring) -> anyhow::Result<()> {
    let parameters = vec![("KeyPrefix", "odd/".to_owned())];
    let options = TrailOptions { wiring, parameters, ..TrailOptions::default() };
    let trail = Trail::with(LocalStack::shared().await?, options).await?;
    for (number, key) in keys().enumerate() {
        trail.put(&key, log_of(&records(&number.to_string(), 2))).await?;
    }
    let test_events = usize::from(wiring == Wiring::S3);
    wait_for_all(&trail, PREFIXES.len() + test_events).await?;
    everything_is_read(&trail).await
}

/// As AWS writes them, where `LocalStack` differs: a space as a plus from S3, nothing encoded from
/// `EventBridge` and from CloudTrail's own topic.
#[tokio::test]
async fn odd_keys_are_read_as_aws_writes_them() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    detach(&trail).await?;
    for (number, key) in keys().enumerate() {
        trail.put(&key, log_of(&records(&number.to_string(), 2))).await?;
    }
    for (number, key) in keys().enumerate() {
        trail.send(&match number % 3 {
            0 => created(trail.bucket(), &[&form_encoded(&key)]),
            1 => json!({"s3Bucket": trail.bucket(), "s3ObjectKey": [key]}).to_string(),
            _ => json!({
                "version": "0", "id": "1", "detail-type": "Object Created", "source": "aws.s3",
                "account": "111122223333", "time": "2026-03-03T00:10:00Z", "region": "us-east-1",
                "detail": {"version": "0", "bucket": {"name": trail.bucket()}, "object": {"key": key}},
            })
            .to_string(),
        }).await?;
    }
    everything_is_read(&trail).await
}

async fn everything_is_read(trail: &Trail) -> anyhow::Result<()> {
    let (found, letters) = run_until_idle(trail, "").await?;
    assert_eq!(letters, []);
    let expected: Vec<String> =
        (0..PREFIXES.len()).flat_map(|number| records(&number.to_string(), 2)).collect();
    lines::assert_same(&expected, &found);
    Ok(())
}

/// `application/x-www-form-urlencoded`, with slashes left as S3 does.
fn form_encoded(key: &str) -> String {
    let encode = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' | b'/' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    key.bytes().map(encode).collect()
}
