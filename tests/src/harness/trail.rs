//! A test's own world: a bucket, the stack that `deploy/` gives to users, and the wire between.

mod objects;
mod queue;
mod wiring;

pub use queue::{DeadLetter, Depth};
pub use wiring::Wiring;

use super::localstack::LocalStack;
use super::{ACCESS_KEY, REGION, SECRET_KEY, root, stack};
use anyhow::Context as _;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A bucket, a queue that hears of its objects, and the queue's dead-letter queue.
///
/// Nothing of it is removed: the server is gone soon. S3's `s3:TestEvent` may be in the queue from
/// the start, as with AWS.
#[derive(Debug)]
pub struct Trail {
    endpoint: String,
    bucket: String,
    queue_url: String,
    dead_letter_url: String,
    s3: aws_sdk_s3::Client,
    sqs: aws_sdk_sqs::Client,
}

/// How a [`Trail`] is to be.
#[derive(Clone, Debug, Default)]
pub struct TrailOptions {
    /// Who tells the queue of objects.
    pub wiring: Wiring,
    /// The name of bucket, stack and queue. `None`: one that nobody else has.
    pub name: Option<String>,
    /// Parameters of the template, such as `MaxReceiveCount`, beyond what follows from the wiring.
    pub parameters: Vec<(&'static str, String)>,
}

impl Trail {
    /// A world of its own, wired like this.
    ///
    /// # Errors
    /// When the server refuses something.
    pub async fn new(localstack: &LocalStack, wiring: Wiring) -> anyhow::Result<Self> {
        Self::with(localstack, TrailOptions { wiring, ..TrailOptions::default() }).await
    }

    /// A world of its own, like this.
    ///
    /// # Errors
    /// When the server refuses something.
    pub async fn with(localstack: &LocalStack, options: TrailOptions) -> anyhow::Result<Self> {
        let endpoint = localstack.endpoint().to_owned();
        let name = options.name.unwrap_or_else(unique_name);
        let s3 = s3(&endpoint);
        let created = s3.create_bucket().bucket(&name).send().await;
        created.with_context(|| format!("could not create bucket {name}"))?;

        let mut parameters = options.wiring.parameters(&name);
        parameters.extend(options.parameters);
        let outputs = stack::deploy(&endpoint, &name, &template()?, &parameters).await?;
        options.wiring.attach(&s3, &name, &outputs).await?;

        let queue_url = |output| reachable(&endpoint, outputs.require(output)?);
        Ok(Self {
            bucket: name,
            queue_url: queue_url("QueueUrl")?,
            dead_letter_url: queue_url("DeadLetterQueueUrl")?,
            sqs: sqs(&endpoint),
            s3,
            endpoint,
        })
    }

    /// Where the server answers.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The bucket.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The queue that hears of new objects.
    #[must_use]
    pub fn queue_url(&self) -> &str {
        &self.queue_url
    }

    /// The queue of messages set aside.
    #[must_use]
    pub fn dead_letter_url(&self) -> &str {
        &self.dead_letter_url
    }

    /// A client, for what this type has no method for.
    #[must_use]
    pub fn s3(&self) -> &aws_sdk_s3::Client {
        &self.s3
    }

    /// A client, for what this type has no method for.
    #[must_use]
    pub fn sqs(&self) -> &aws_sdk_sqs::Client {
        &self.sqs
    }

    /// What a child process needs in its environment to reach the server, and nothing but it.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        [
            ("AWS_ENDPOINT_URL", self.endpoint.as_str()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
            ("AWS_REGION", REGION),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .into()
    }
}

/// No two processes on a server have a process id and a start in common.
fn unique_name() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("trail-{}-{:x}-{number}", std::process::id(), now.as_millis())
}

fn template() -> anyhow::Result<String> {
    let path = root().join("deploy/cloudformation/queue.yaml");
    fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))
}

/// The queue's URL at the server's address. That in the answer names a host that takes a public
/// name server.
fn reachable(endpoint: &str, url: &str) -> anyhow::Result<String> {
    let mut segments = url.rsplit('/');
    let (queue, account) = (segments.next(), segments.next());
    let (queue, account) =
        queue.zip(account).with_context(|| format!("{url} is not the URL of a queue"))?;
    Ok(format!("{endpoint}/{account}/{queue}"))
}

fn credentials() -> Credentials {
    Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "test")
}

fn s3(endpoint: &str) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .credentials_provider(credentials())
        .endpoint_url(endpoint)
        .force_path_style(true);
    aws_sdk_s3::Client::from_conf(config.build())
}

fn sqs(endpoint: &str) -> aws_sdk_sqs::Client {
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .credentials_provider(credentials())
        .endpoint_url(endpoint);
    aws_sdk_sqs::Client::from_conf(config.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queue_is_reached_at_the_server_whatever_its_url_names() {
        let url = "http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/trail";
        let reached = reachable("http://127.0.0.1:14566", url).unwrap();
        assert_eq!(reached, "http://127.0.0.1:14566/000000000000/trail");
        assert!(reachable("http://127.0.0.1:14566", "trail").is_err());
    }

    #[test]
    fn names_are_unique_and_fit_a_bucket() {
        let (first, second) = (unique_name(), unique_name());
        assert_ne!(first, second);
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        // The queue of dead letters has a suffix and 80 characters.
        assert!(first.len() <= 50 && first.chars().all(fits), "{first}");
    }
}
