//! Looking at the queue and the buckets without changing anything: at start, and for `traild check`.

use crate::connection::Connection;
use crate::fault::{Fault, Remedy, answer};
use crate::store::{S3Store, real_region};
use aws_sdk_sqs::config::http::HttpResponse;
use aws_sdk_sqs::error::SdkError;
use aws_sdk_sqs::types::QueueAttributeName;
use serde::Deserialize;
use std::collections::HashMap;
use std::time::Duration;
use trail_ingest::BoxError;

/// What a look found.
#[derive(Debug)]
pub enum Inspection<T> {
    /// It is there, and may be used.
    Well(T),
    /// It could not be reached now; nothing is known.
    Unreachable(BoxError),
    /// A person has to act.
    Refused {
        /// The service's code, such as `AccessDenied`.
        code: String,
        /// Everything the service said.
        error: BoxError,
    },
}

/// A queue's attributes, as far as they matter here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueAttributes {
    /// How long a received message stays hidden by default.
    pub visibility: Duration,
    /// How long a message is kept.
    pub retention: Duration,
    /// The largest message it takes, in bytes.
    pub largest_message: u64,
    /// Messages waiting, hidden and delayed.
    pub messages: u64,
    /// The dead-letter queue's ARN and the receives after which SQS itself moves a message there.
    pub dead_letter: Option<(String, u32)>,
    /// Whether it is a FIFO queue, which S3 cannot notify.
    pub fifo: bool,
}

/// `RedrivePolicy`, JSON in an attribute. The count is a number or a string, by who wrote it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RedrivePolicy {
    dead_letter_target_arn: String,
    max_receive_count: serde_json::Value,
}

/// Looks at the queue at `url`.
pub async fn queue(connection: &Connection, url: &str) -> Inspection<QueueAttributes> {
    match attributes_of(&connection.sqs(), url).await {
        Ok(attributes) => Inspection::Well(attributes),
        Err(fault) => refused(fault),
    }
}

/// How long a queue has to tell its attributes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) async fn attributes_of(
    client: &aws_sdk_sqs::Client,
    url: &str,
) -> Result<QueueAttributes, Fault> {
    let request = client.get_queue_attributes().queue_url(url);
    let request = request.attribute_names(QueueAttributeName::All);
    let output = answer(PATIENCE, request.send()).await?;
    Ok(attributes(&output.attributes.unwrap_or_default()))
}

/// The URL of the queue that an ARN names, which is in the same account and region as `beside`.
#[must_use]
pub fn queue_url_of_arn(arn: &str, beside: &str) -> Option<String> {
    let mut parts = arn.split(':').skip(4);
    let (account, name) = (parts.next()?, parts.next()?);
    let (rest, _name) = beside.trim_end_matches('/').rsplit_once('/')?;
    let (host, _account) = rest.rsplit_once('/')?;
    Some(format!("{host}/{account}/{name}"))
}

/// What could be done with a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readable {
    /// Keys can be listed, and this one could be read.
    Object(String),
    /// Keys can be listed, and there is none with bytes in it to try.
    NothingToRead,
}

/// Looks whether keys that start with `prefix` can be listed in a bucket, and one of them read: that
/// takes `s3:ListBucket`, `s3:GetObject`, and `kms:Decrypt` where objects are encrypted with a key.
pub async fn bucket(store: &S3Store, bucket: &str, prefix: &str) -> Inspection<Readable> {
    let mut result = list(store, bucket, prefix).await;
    if let Some(region) = result.as_ref().err().and_then(real_region) {
        store.remember(bucket, &region);
        result = list(store, bucket, prefix).await;
    }
    let key = match result {
        Ok(Some(key)) => key,
        Ok(None) => return Inspection::Well(Readable::NothingToRead),
        Err(error) => return refused(Fault::of(error)),
    };
    let request = store.client_for(bucket, None).get_object().bucket(bucket).key(&key);
    let request =
        request.range("bytes=0-0").set_expected_bucket_owner(store.expected_owner.clone());
    match request.send().await {
        Ok(_first_byte) => Inspection::Well(Readable::Object(key)),
        Err(error) => match Fault::of(error) {
            // Removed or archived between the two requests, or long ago: it may be read.
            fault if matches!(fault.code.as_str(), "NoSuchKey" | "InvalidObjectState") => {
                Inspection::Well(Readable::NothingToRead)
            }
            fault => refused(fault),
        },
    }
}

type ListError = SdkError<aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Error, HttpResponse>;

/// The first key that has bytes, of the first few.
async fn list(store: &S3Store, bucket: &str, prefix: &str) -> Result<Option<String>, ListError> {
    let client = store.client_for(bucket, None);
    let request = client.list_objects_v2().bucket(bucket).prefix(prefix).max_keys(20);
    let request = request.set_expected_bucket_owner(store.expected_owner.clone());
    let objects = request.send().await?.contents.unwrap_or_default();
    let with_bytes = objects.into_iter().find(|object| object.size.is_some_and(|size| size > 0));
    Ok(with_bytes.and_then(|object| object.key))
}

fn refused<T>(fault: Fault) -> Inspection<T> {
    match fault.remedy {
        Remedy::Time => Inspection::Unreachable(fault.text),
        Remedy::Person => Inspection::Refused { code: fault.code, error: fault.text },
    }
}

fn attributes(named: &HashMap<QueueAttributeName, String>) -> QueueAttributes {
    let number = |name: QueueAttributeName| {
        named.get(&name).and_then(|value| value.parse::<u64>().ok()).unwrap_or_default()
    };
    let redrive = named.get(&QueueAttributeName::RedrivePolicy);
    QueueAttributes {
        visibility: Duration::from_secs(number(QueueAttributeName::VisibilityTimeout)),
        retention: Duration::from_secs(number(QueueAttributeName::MessageRetentionPeriod)),
        largest_message: number(QueueAttributeName::MaximumMessageSize),
        messages: number(QueueAttributeName::ApproximateNumberOfMessages)
            + number(QueueAttributeName::ApproximateNumberOfMessagesNotVisible)
            + number(QueueAttributeName::ApproximateNumberOfMessagesDelayed),
        dead_letter: redrive.and_then(|policy| dead_letter(policy)),
        fifo: named.get(&QueueAttributeName::FifoQueue).is_some_and(|value| value == "true"),
    }
}

fn dead_letter(policy: &str) -> Option<(String, u32)> {
    let policy: RedrivePolicy = serde_json::from_str(policy).ok()?;
    let count = match policy.max_receive_count.as_str() {
        Some(text) => text.parse().ok()?,
        None => u32::try_from(policy.max_receive_count.as_u64()?).ok()?,
    };
    Some((policy.dead_letter_target_arn, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_letter_queue_is_found_beside_its_queue() {
        let url = |beside| queue_url_of_arn("arn:aws:sqs:eu-west-1:111122223333:trail-dlq", beside);
        assert_eq!(
            url("https://sqs.eu-west-1.amazonaws.com/111122223333/trail").as_deref(),
            Some("https://sqs.eu-west-1.amazonaws.com/111122223333/trail-dlq")
        );
        assert_eq!(url("trail"), None);
    }

    #[test]
    fn redrive_policy_is_read_with_its_count_as_number_and_as_string() {
        for count in ["5", "\"5\""] {
            let policy = format!(r#"{{"deadLetterTargetArn":"arn","maxReceiveCount":{count}}}"#);
            assert_eq!(dead_letter(&policy), Some(("arn".to_owned(), 5)));
        }
        assert_eq!(dead_letter("{}"), None);
    }
}
