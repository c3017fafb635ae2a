//! Looking at the queue and the buckets without changing anything: at start, and for `traild check`.

use crate::connection::Connection;
use crate::fault::{Fault, Remedy};
use crate::store::{S3Store, real_region};
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
    let request = connection.sqs().get_queue_attributes().queue_url(url);
    match request
        .attribute_names(QueueAttributeName::All)
        .send()
        .await
    {
        Ok(output) => Inspection::Well(attributes(&output.attributes.unwrap_or_default())),
        Err(error) => refused(Fault::of(error)),
    }
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

/// Looks whether keys that start with `prefix` can be listed in a bucket, which takes the bucket to
/// be there and `s3:ListBucket`. Well: the bucket's region, where S3 said it.
pub async fn bucket(store: &S3Store, bucket: &str, prefix: &str) -> Inspection<()> {
    let mut result = list(store, bucket, prefix).await;
    if let Some(region) = result.as_ref().err().and_then(real_region) {
        store.remember(bucket, &region);
        result = list(store, bucket, prefix).await;
    }
    match result {
        Ok(()) => Inspection::Well(()),
        Err(error) => refused(Fault::of(error)),
    }
}

type ListError = aws_sdk_s3::error::SdkError<
    aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Error,
    aws_sdk_s3::config::http::HttpResponse,
>;

async fn list(store: &S3Store, bucket: &str, prefix: &str) -> Result<(), ListError> {
    let client = store.client_for(bucket, None);
    let request = client
        .list_objects_v2()
        .bucket(bucket)
        .prefix(prefix)
        .max_keys(1);
    request
        .set_expected_bucket_owner(store.expected_owner.clone())
        .send()
        .await
        .map(|_| ())
}

fn refused<T>(fault: Fault) -> Inspection<T> {
    match fault.remedy {
        Remedy::Time => Inspection::Unreachable(fault.text),
        Remedy::Person => Inspection::Refused {
            code: fault.code,
            error: fault.text,
        },
    }
}

fn attributes(named: &HashMap<QueueAttributeName, String>) -> QueueAttributes {
    let number = |name: QueueAttributeName| {
        named
            .get(&name)
            .and_then(|value| value.parse::<u64>().ok())
            .unwrap_or_default()
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
        fifo: named
            .get(&QueueAttributeName::FifoQueue)
            .is_some_and(|value| value == "true"),
    }
}

fn dead_letter(policy: &str) -> Option<(String, u32)> {
    let policy: RedrivePolicy = serde_json::from_str(policy).ok()?;
    let count = match &policy.max_receive_count {
        serde_json::Value::String(text) => text.parse().ok()?,
        other => u32::try_from(other.as_u64()?).ok()?,
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
