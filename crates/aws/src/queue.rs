//! The SQS queue.

use crate::connection::Connection;
use crate::fault::{Fault, Remedy, answer};
use crate::inspection;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{
    BatchResultErrorEntry, ChangeMessageVisibilityBatchRequestEntry,
    DeleteMessageBatchRequestEntry, MessageAttributeValue, MessageSystemAttributeName,
    QueueAttributeName,
};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;
use trail_ingest::{DeadLetter, DeadLettered, EntryFailure, Message, Queue, QueueError, Receipt};

/// How long an answer may take, beyond what the queue is asked to wait: SQS takes milliseconds, and a
/// connection that is dead is noticed by nothing else.
const PATIENCE: Duration = inspection::PATIENCE;

/// How long sending a message may take, which can be 1 MiB.
const PATIENCE_TO_SEND: Duration = Duration::from_secs(10);

/// An SQS queue, and the dead-letter queue that its redrive policy names.
#[derive(Debug)]
pub struct SqsQueue {
    client: Client,
    url: String,
    /// Once it is known; until then it is looked for each time it is needed.
    dead_letter_url: Mutex<Option<String>>,
}

impl SqsQueue {
    /// The queue at `url`.
    #[must_use]
    pub fn new(connection: &Connection, url: &str) -> Self {
        Self { client: connection.sqs(), url: url.to_owned(), dead_letter_url: Mutex::default() }
    }

    /// The dead-letter queue. One that is given to the queue while the daemon runs is found too.
    async fn dead_letter_url(&self) -> Result<Option<String>, QueueError> {
        if let Some(url) = &*self.known_dead_letter_url() {
            return Ok(Some(url.clone()));
        }
        let attributes =
            inspection::attributes_of(&self.client, &self.url).await.map_err(failure)?;
        let arn = attributes.dead_letter.map(|(arn, _receives)| arn);
        let url = arn.and_then(|arn| inspection::queue_url_of_arn(&arn, &self.url));
        self.known_dead_letter_url().clone_from(&url);
        Ok(url)
    }

    fn known_dead_letter_url(&self) -> MutexGuard<'_, Option<String>> {
        self.dead_letter_url.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl Queue for SqsQueue {
    /// A receive that is given up may have taken messages: they come again after `visibility`, as
    /// those of an answer that is lost do.
    async fn receive(
        &self,
        most: usize,
        wait: Duration,
        visibility: Duration,
    ) -> Result<Vec<Message>, QueueError> {
        let received = Instant::now();
        let request = self.client.receive_message().queue_url(&self.url);
        let request = request
            .max_number_of_messages(i32::try_from(most).unwrap_or(1))
            .wait_time_seconds(seconds(wait))
            .visibility_timeout(seconds(visibility))
            .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp);
        let output = answer(wait + PATIENCE, request.send()).await.map_err(failure)?;
        let messages = output.messages.unwrap_or_default();
        Ok(messages.into_iter().filter_map(|message| understood(message, received)).collect())
    }

    async fn delete(&self, receipts: &[Receipt]) -> Result<Vec<EntryFailure>, QueueError> {
        let entries = receipts.iter().enumerate().filter_map(|(place, receipt)| {
            let entry = DeleteMessageBatchRequestEntry::builder().id(place.to_string());
            entry.receipt_handle(&receipt.0).build().ok()
        });
        let request = self.client.delete_message_batch().queue_url(&self.url);
        let request = request.set_entries(Some(entries.collect()));
        let output = answer(PATIENCE, request.send()).await.map_err(failure)?;
        Ok(entry_failures(output.failed))
    }

    async fn change_visibility(
        &self,
        changes: &[(Receipt, Duration)],
    ) -> Result<Vec<EntryFailure>, QueueError> {
        let entries = changes.iter().enumerate().filter_map(|(place, (receipt, hidden))| {
            let entry = ChangeMessageVisibilityBatchRequestEntry::builder().id(place.to_string());
            let entry = entry.receipt_handle(&receipt.0).visibility_timeout(seconds(*hidden));
            entry.build().ok()
        });
        let request = self.client.change_message_visibility_batch().queue_url(&self.url);
        let request = request.set_entries(Some(entries.collect()));
        let output = answer(PATIENCE, request.send()).await.map_err(failure)?;
        Ok(entry_failures(output.failed))
    }

    async fn dead_letter(
        &self,
        message: &Message,
        reason: &DeadLetter,
    ) -> Result<DeadLettered, QueueError> {
        let Some(url) = self.dead_letter_url().await? else {
            return Ok(DeadLettered::NoDeadLetterQueue);
        };
        let request = self.client.send_message().queue_url(url).message_body(&message.body);
        let request = request.set_message_attributes(Some(attributes(message, reason)));
        answer(PATIENCE_TO_SEND, request.send()).await.map_err(failure)?;
        Ok(DeadLettered::Durable)
    }

    async fn depth(&self) -> Result<u64, QueueError> {
        let names = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
            QueueAttributeName::ApproximateNumberOfMessagesDelayed,
        ];
        let request = self.client.get_queue_attributes().queue_url(&self.url);
        let request = request.set_attribute_names(Some(names.to_vec()));
        let output = answer(PATIENCE, request.send()).await.map_err(failure)?;
        let attributes = output.attributes.unwrap_or_default();
        Ok(attributes.values().filter_map(|value| value.parse::<u64>().ok()).sum())
    }
}

/// SQS sends no message without these; one that came so could neither be read nor deleted.
fn understood(message: aws_sdk_sqs::types::Message, received: Instant) -> Option<Message> {
    let attributes = message.attributes.unwrap_or_default();
    let number = |name: &MessageSystemAttributeName| attributes.get(name)?.parse::<u64>().ok();
    let receives = number(&MessageSystemAttributeName::ApproximateReceiveCount);
    let sent = number(&MessageSystemAttributeName::SentTimestamp);
    Some(Message {
        id: message.message_id.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
        receipt: Receipt(message.receipt_handle?),
        receives: receives.and_then(|count| u32::try_from(count).ok()).unwrap_or(1),
        sent: sent.map(|milliseconds| SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds)),
        received,
    })
}

/// Longest value of an attribute: enough to say what was wrong, small beside the body.
const LONGEST_ATTRIBUTE: usize = 1024;
/// What SQS takes at most, body and attributes together.
const LARGEST_MESSAGE: usize = 1024 * 1024;

fn attributes(message: &Message, reason: &DeadLetter) -> HashMap<String, MessageAttributeValue> {
    let object = reason.object.as_deref().unwrap_or_default();
    let texts = [
        ("traild.reason", reason.reason),
        ("traild.detail", &reason.detail),
        ("traild.object", object),
    ];
    let mut room = LARGEST_MESSAGE.saturating_sub(message.body.len());
    let mut attributes = HashMap::new();
    for (name, text) in texts {
        let value = sendable(text);
        let size = name.len() + "String".len() + value.len();
        // A body of nearly the largest size leaves no room for reasons; the body goes first.
        if value.is_empty() || size > room {
            continue;
        }
        room -= size;
        let built =
            MessageAttributeValue::builder().data_type("String").string_value(value).build();
        attributes.extend(built.ok().map(|value| (name.to_owned(), value)));
    }
    attributes
}

/// The text cut to size, without the characters that SQS does not take (XML 1.0's set).
fn sendable(text: &str) -> String {
    let allowed = |c: &char| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}');
    let mut sendable = String::new();
    for c in text.chars().filter(allowed) {
        if sendable.len() + c.len_utf8() > LONGEST_ATTRIBUTE {
            break;
        }
        sendable.push(c);
    }
    sendable
}

fn entry_failures(failed: Vec<BatchResultErrorEntry>) -> Vec<EntryFailure> {
    let failure = |failed: BatchResultErrorEntry| {
        let gone = failed.code.contains("ReceiptHandleIsInvalid")
            || failed.code.contains("MessageNotInflight")
            || failed.code.contains("InvalidParameterValue");
        let reason = failed.message.unwrap_or(failed.code);
        Some(EntryFailure { entry: failed.id.parse().ok()?, gone, reason })
    };
    failed.into_iter().filter_map(failure).collect()
}

fn failure(fault: Fault) -> QueueError {
    match fault.remedy {
        Remedy::Time => QueueError::Unavailable(fault.text),
        Remedy::Person => QueueError::Refused(fault.text),
    }
}

/// Whole seconds, as SQS counts; a part of a second becomes a whole one, so that nothing turns into
/// zero, which would give a message back.
fn seconds(duration: Duration) -> i32 {
    let whole = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    i32::try_from(whole.min(43_200)).unwrap_or(43_200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_hold_only_what_sqs_takes() {
        assert_eq!(sendable("a\u{0}b\u{FFFF}c\nd"), "abcd");
        assert_eq!(sendable(&"é".repeat(2_000)).len(), LONGEST_ATTRIBUTE);
    }

    #[test]
    fn a_body_of_the_largest_size_is_sent_without_reasons() {
        let body = "x".repeat(LARGEST_MESSAGE - 10);
        let receipt = Receipt(String::new());
        let received = Instant::now();
        let message =
            Message { id: String::new(), body, receipt, receives: 1, sent: None, received };
        let reason = DeadLetter { reason: "not_json", detail: "d".into(), object: None };
        assert!(attributes(&message, &reason).is_empty());
    }

    #[test]
    fn a_part_of_a_second_is_not_zero() {
        assert_eq!(seconds(Duration::from_millis(1)), 1);
        assert_eq!(seconds(Duration::ZERO), 0);
        assert_eq!(seconds(Duration::from_secs(1_000_000)), 43_200);
    }
}
