//! The ways in which a queue hears of a bucket's objects.

use crate::harness::stack::Outputs;
use anyhow::Context as _;
use aws_sdk_s3::types::{
    Event, EventBridgeConfiguration, NotificationConfiguration, QueueConfiguration,
    TopicConfiguration,
};

/// Who tells the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Wiring {
    /// The bucket itself.
    #[default]
    S3,
    /// The bucket through a topic, in the topic's envelope.
    Sns,
    /// The bucket through a topic, without the envelope.
    SnsRaw,
    /// `EventBridge`.
    EventBridge,
}

impl Wiring {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::S3, Self::Sns, Self::SnsRaw, Self::EventBridge];

    /// What the template is told.
    pub(super) fn parameters(self, bucket: &str) -> Vec<(&'static str, String)> {
        let (notification, raw) = match self {
            Self::S3 => ("s3", false),
            Self::Sns => ("sns", false),
            Self::SnsRaw => ("sns", true),
            Self::EventBridge => ("eventbridge", false),
        };
        vec![
            ("BucketName", bucket.to_owned()),
            ("Notification", notification.to_owned()),
            ("RawDelivery", raw.to_string()),
        ]
    }

    /// Makes the bucket tell what the stack has made.
    pub(super) async fn attach(
        self,
        s3: &aws_sdk_s3::Client,
        bucket: &str,
        outputs: &Outputs,
    ) -> anyhow::Result<()> {
        let attached = s3
            .put_bucket_notification_configuration()
            .bucket(bucket)
            .notification_configuration(self.configuration(outputs)?)
            .send()
            .await;
        attached.with_context(|| format!("could not attach bucket {bucket}"))?;
        Ok(())
    }

    fn configuration(self, outputs: &Outputs) -> anyhow::Result<NotificationConfiguration> {
        let configuration = NotificationConfiguration::builder();
        let configuration = match self {
            Self::S3 => {
                let queue = QueueConfiguration::builder()
                    .queue_arn(outputs.require("QueueArn")?)
                    .events(Event::S3ObjectCreated);
                configuration.queue_configurations(queue.build()?)
            }
            Self::Sns | Self::SnsRaw => {
                let topic = TopicConfiguration::builder()
                    .topic_arn(outputs.require("TopicArn")?)
                    .events(Event::S3ObjectCreated);
                configuration.topic_configurations(topic.build()?)
            }
            Self::EventBridge => {
                let all = EventBridgeConfiguration::builder().build();
                configuration.event_bridge_configuration(all)
            }
        };
        Ok(configuration.build())
    }
}
