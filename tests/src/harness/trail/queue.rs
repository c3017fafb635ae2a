//! What is in the queues.

use super::Trail;
use anyhow::Context as _;
use aws_sdk_sqs::types::{Message, QueueAttributeName};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Longer than a look at a queue takes, so that no message is met twice in it.
const LOOK_SECONDS: i32 = 30;
const POLL: Duration = Duration::from_millis(100);

/// How many messages a queue holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Those that a receive would get.
    pub visible: usize,
    /// Those that somebody has received and not deleted.
    pub in_flight: usize,
}

impl Depth {
    /// Both.
    #[must_use]
    pub fn total(self) -> usize {
        self.visible + self.in_flight
    }
}

/// A message set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// The message as it was.
    pub body: String,
    /// Its attributes: `traild.reason`, `traild.detail`, `traild.object`.
    pub attributes: BTreeMap<String, String>,
}

impl DeadLetter {
    /// The value of an attribute, or nothing.
    #[must_use]
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

impl Trail {
    /// What the queue holds.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn queue_depth(&self) -> anyhow::Result<Depth> {
        self.depth_of(&self.queue_url).await
    }

    /// Waits until the queue holds nothing, not even in flight.
    ///
    /// # Errors
    /// When it does not come to that in time.
    pub async fn wait_until_empty(&self, patience: Duration) -> anyhow::Result<()> {
        let deadline = Instant::now() + patience;
        loop {
            let depth = self.queue_depth().await?;
            if depth.total() == 0 {
                return Ok(());
            }
            if Instant::now() > deadline {
                anyhow::bail!("the queue is not empty after {patience:?}: {depth:?}");
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Sends a message to the queue.
    ///
    /// # Errors
    /// When it is not taken.
    pub async fn send(&self, body: &str) -> anyhow::Result<()> {
        let sent = self.sqs.send_message().queue_url(&self.queue_url).message_body(body);
        sent.send().await.context("could not send a message")?;
        Ok(())
    }

    /// Empties the queue.
    ///
    /// # Errors
    /// When it cannot be.
    pub async fn purge(&self) -> anyhow::Result<()> {
        let purged = self.sqs.purge_queue().queue_url(&self.queue_url).send().await;
        purged.context("could not purge the queue")?;
        Ok(())
    }

    /// Looks at the dead letters, and leaves them where they are. Not for two at a time.
    ///
    /// # Errors
    /// When they cannot be received.
    pub async fn dead_letters(&self) -> anyhow::Result<Vec<DeadLetter>> {
        let mut letters = Vec::new();
        let mut receipts = Vec::new();
        loop {
            let messages = self.look_at_dead_letters().await?;
            if messages.is_empty() {
                break;
            }
            for message in messages {
                receipts.extend(message.receipt_handle.clone());
                letters.push(dead_letter(message));
            }
        }
        for receipt in receipts {
            let show = self.sqs.change_message_visibility().queue_url(&self.dead_letter_url);
            let show = show.receipt_handle(receipt).visibility_timeout(0).send().await;
            show.context("could not put a dead letter back")?;
        }
        Ok(letters)
    }

    async fn look_at_dead_letters(&self) -> anyhow::Result<Vec<Message>> {
        let received = self
            .sqs
            .receive_message()
            .queue_url(&self.dead_letter_url)
            .max_number_of_messages(10)
            .visibility_timeout(LOOK_SECONDS)
            .wait_time_seconds(0)
            .message_attribute_names("All")
            .send()
            .await;
        let received = received.context("could not look at the dead letters")?;
        Ok(received.messages.unwrap_or_default())
    }

    async fn depth_of(&self, url: &str) -> anyhow::Result<Depth> {
        use QueueAttributeName::{
            ApproximateNumberOfMessages as Visible,
            ApproximateNumberOfMessagesNotVisible as InFlight,
        };
        let asked = self.sqs.get_queue_attributes().queue_url(url);
        let asked = asked.attribute_names(Visible).attribute_names(InFlight).send().await;
        let attributes = asked.context("could not ask for the depth of a queue")?.attributes;
        let attributes = attributes.unwrap_or_default();
        let count = |name| attributes.get(&name).and_then(|count: &String| count.parse().ok());
        let (visible, in_flight) =
            count(Visible).zip(count(InFlight)).context("a queue does not tell its depth")?;
        Ok(Depth { visible, in_flight })
    }
}

fn dead_letter(message: Message) -> DeadLetter {
    let attributes = message.message_attributes.unwrap_or_default();
    let text = |(name, value): (String, aws_sdk_sqs::types::MessageAttributeValue)| {
        Some((name, value.string_value?))
    };
    DeadLetter {
        body: message.body.unwrap_or_default(),
        attributes: attributes.into_iter().filter_map(text).collect(),
    }
}
