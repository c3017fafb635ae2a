//! The adapters to SQS and S3 keep the contracts that the pipeline relies on.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use aws_sdk_sqs::config::{Credentials, SharedCredentialsProvider};
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use trail_aws::{Connection, S3Store, SqsQueue};
use trail_ingest::conformance::{QueueSubject, StoreSubject, run_queue, run_store};
use trail_ingest::{Queue, Store};
use trail_notification::ObjectRef;
use traild_tests::harness::{LocalStack, Trail, Wiring};

const REGION: &str = "us-east-1";

#[tokio::test]
async fn sqs_keeps_the_contract_of_a_queue() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let connection = connection(&trail);
    run_queue(async || Sqs::new(&trail, &connection).await.unwrap()).await;
    Ok(())
}

#[tokio::test]
async fn s3_keeps_the_contract_of_a_store() -> anyhow::Result<()> {
    for versioned in [false, true] {
        let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
        if versioned {
            keep_versions(&trail).await?;
        }
        let store = Arc::new(S3Store::new(&connection(&trail), None));
        run_store(&S3 { store, trail }).await;
    }
    Ok(())
}

/// The daemon takes this from its environment, which a test shares with all others.
fn connection(trail: &Trail) -> Connection {
    let credentials = Credentials::new("test", "test", None, None, "test");
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(REGION))
        .endpoint_url(trail.endpoint())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    Connection::over(sdk, None)
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
