//! The adapters to SQS and S3 keep the contracts that the pipeline relies on.
//!
//! They take their endpoint from the environment, which belongs to the process, so the checks run in
//! one of their own: this same binary, with the environment of a child.

use anyhow::ensure;
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::process::Command;
use trail_aws::{Connection, S3Store, SqsQueue};
use trail_ingest::conformance::{QueueSubject, StoreSubject, run_queue, run_store};
use trail_ingest::{Queue, Store};
use trail_notification::ObjectRef;
use traild_tests::harness::{LocalStack, Trail, Wiring};

const REGION: &str = "us-east-1";

#[tokio::test]
async fn sqs_keeps_the_contract_of_a_queue() -> anyhow::Result<()> {
    pass("conformance::queue").await
}

#[tokio::test]
async fn s3_keeps_the_contract_of_a_store() -> anyhow::Result<()> {
    pass("conformance::store").await
}

/// Runs the test of this name with the environment that a daemon would have.
async fn pass(name: &str) -> anyhow::Result<()> {
    let localstack = LocalStack::shared().await?;
    let trail = Trail::new(localstack, Wiring::S3).await?;
    let mut child = Command::new(std::env::current_exe()?);
    child.args(["--exact", name, "--ignored", "--nocapture"]).env_clear().envs(trail.environment());
    child.env("LOCALSTACK_ENDPOINT", localstack.endpoint()).kill_on_drop(true);
    let output = child.output().await?;
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    ensure!(output.status.success() && text.contains("1 passed"), "{text}");
    Ok(())
}

#[tokio::test]
#[ignore = "run by sqs_keeps_the_contract_of_a_queue, in an environment of its own"]
async fn queue() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let connection = Connection::new(Some(REGION.to_owned()), None).await;
    run_queue(async || Sqs::new(&trail, &connection).await.unwrap()).await;
    Ok(())
}

#[tokio::test]
#[ignore = "run by s3_keeps_the_contract_of_a_store, in an environment of its own"]
async fn store() -> anyhow::Result<()> {
    let connection = Connection::new(Some(REGION.to_owned()), None).await;
    for versioned in [false, true] {
        let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
        if versioned {
            keep_versions(&trail).await?;
        }
        run_store(&S3 { store: Arc::new(S3Store::new(&connection, None)), trail }).await;
    }
    Ok(())
}

async fn keep_versions(trail: &Trail) -> anyhow::Result<()> {
    let enabled =
        VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    let versioning = trail.s3().put_bucket_versioning().bucket(trail.bucket());
    versioning.versioning_configuration(enabled).send().await?;
    Ok(())
}

/// A queue beside the trail's, to which nothing is sent, and a second one for dead letters.
struct Sqs {
    queue: Arc<SqsQueue>,
    client: aws_sdk_sqs::Client,
    url: String,
    dead_letter_url: String,
}

impl Sqs {
    async fn new(trail: &Trail, connection: &Connection) -> anyhow::Result<Self> {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}-{}", trail.bucket(), COUNTER.fetch_add(1, Ordering::Relaxed));
        let url = |name: &str| format!("{}/000000000000/{name}", trail.endpoint());
        let dead = format!("{name}-dead");
        trail.sqs().create_queue().queue_name(&dead).send().await?;
        let arn = format!("arn:aws:sqs:{REGION}:000000000000:{dead}");
        // Far more receives than any check makes.
        let policy = json!({"deadLetterTargetArn": arn, "maxReceiveCount": 1_000}).to_string();
        let created = trail.sqs().create_queue().queue_name(&name);
        let created = created.attributes(QueueAttributeName::RedrivePolicy, policy);
        created.send().await?;
        let (url, dead_letter_url) = (url(&name), url(&dead));
        let queue = Arc::new(SqsQueue::new(connection, &url));
        Ok(Self { queue, client: trail.sqs().clone(), url, dead_letter_url })
    }
}

#[async_trait::async_trait]
impl QueueSubject for Sqs {
    fn queue(&self) -> Arc<dyn Queue> {
        Arc::<SqsQueue>::clone(&self.queue)
    }

    async fn send(&self, body: &str) {
        self.client.send_message().queue_url(&self.url).message_body(body).send().await.unwrap();
    }

    async fn dead_letters(&self) -> Vec<(String, Option<String>)> {
        let received = self.client.receive_message().queue_url(&self.dead_letter_url);
        let received = received.message_attribute_names("All").max_number_of_messages(10);
        let messages = received.send().await.unwrap().messages.unwrap_or_default();
        let letter = |message: aws_sdk_sqs::types::Message| {
            let attributes = message.message_attributes.unwrap_or_default();
            let reason =
                attributes.get("traild.reason").and_then(|value| value.string_value.clone());
            (message.body.unwrap_or_default(), reason)
        };
        messages.into_iter().map(letter).collect()
    }
}

/// The trail's bucket.
struct S3 {
    store: Arc<S3Store>,
    trail: Trail,
}

#[async_trait::async_trait]
impl StoreSubject for S3 {
    fn store(&self) -> Arc<dyn Store> {
        Arc::<S3Store>::clone(&self.store)
    }

    async fn put(&self, key: &str, bytes: &[u8]) -> ObjectRef {
        let put = self.trail.s3().put_object().bucket(self.trail.bucket()).key(key);
        let output = put.body(bytes.to_vec().into()).send().await.unwrap();
        let mut object = ObjectRef::new(self.trail.bucket(), key);
        object.etag = output.e_tag.map(|etag| etag.trim_matches('"').to_owned());
        object.version_id = output.version_id;
        object
    }
}
