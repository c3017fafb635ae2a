//! The calls and answers of SQS as JSON has them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `ReceiveMessage`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Receive {
    pub(super) queue_url: String,
    pub(super) max_number_of_messages: Option<usize>,
    pub(super) wait_time_seconds: Option<u64>,
    pub(super) visibility_timeout: Option<u64>,
    #[serde(default)]
    message_system_attribute_names: Vec<String>,
    /// The older name of the same.
    #[serde(default)]
    attribute_names: Vec<String>,
    #[serde(default)]
    pub(super) message_attribute_names: Vec<String>,
}

impl Receive {
    /// Whether it asks for a system attribute.
    pub(super) fn asks_for(&self, attribute: &str) -> bool {
        let mut names = self.message_system_attribute_names.iter().chain(&self.attribute_names);
        names.any(|name| name == attribute || name == "All")
    }
}

/// A call about one receipt.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfReceipt {
    pub(super) queue_url: String,
    pub(super) receipt_handle: String,
    #[serde(default)]
    pub(super) visibility_timeout: u64,
}

/// `GetQueueUrl`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfName {
    pub(super) queue_name: String,
}

/// `GetQueueAttributes`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfQueue {
    pub(super) queue_url: String,
    #[serde(default)]
    pub(super) attribute_names: Vec<String>,
}

/// `SendMessage`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Send {
    pub(super) queue_url: String,
    #[serde(flatten)]
    pub(super) message: ToSend,
}

/// A message to send.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ToSend {
    pub(super) message_body: String,
    #[serde(default)]
    pub(super) message_attributes: BTreeMap<String, Attribute>,
}

/// An attribute of a message.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Attribute {
    pub(super) data_type: String,
    pub(super) string_value: Option<String>,
}

/// A batch.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Batch<E> {
    pub(super) queue_url: String,
    pub(super) entries: Vec<Entry<E>>,
}

/// An entry of a batch.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entry<E> {
    pub(super) id: String,
    #[serde(flatten)]
    pub(super) content: E,
}

/// A receipt to delete or to change.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ReceiptEntry {
    pub(super) receipt_handle: String,
    #[serde(default)]
    pub(super) visibility_timeout: u64,
}

/// An answer that says only that it is done.
#[derive(Debug, Serialize)]
pub(super) struct Nothing {}

/// The answer of `ReceiveMessage`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Messages<'m> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) messages: Vec<Message<'m>>,
}

/// A received message.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Message<'m> {
    pub(super) message_id: &'m str,
    pub(super) receipt_handle: &'m str,
    pub(super) body: &'m str,
    #[serde(rename = "MD5OfBody")]
    pub(super) md5_of_body: &'m str,
    #[serde(rename = "MD5OfMessageAttributes", skip_serializing_if = "Option::is_none")]
    pub(super) md5_of_message_attributes: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) attributes: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) message_attributes: BTreeMap<&'m str, AttributeValue<'m>>,
}

/// An attribute of a received message.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AttributeValue<'m> {
    pub(super) data_type: &'static str,
    pub(super) string_value: &'m str,
}

/// The answer of `SendMessage`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sent {
    pub(super) message_id: String,
    #[serde(rename = "MD5OfMessageBody")]
    pub(super) md5_of_message_body: String,
    #[serde(rename = "MD5OfMessageAttributes", skip_serializing_if = "Option::is_none")]
    pub(super) md5_of_message_attributes: Option<String>,
}

/// The answer of a batch.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BatchAnswer<D> {
    pub(super) successful: Vec<Done<D>>,
    pub(super) failed: Vec<Failed>,
}

/// An entry of a batch that was done.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Done<D> {
    pub(super) id: String,
    #[serde(flatten)]
    pub(super) result: D,
}

/// An entry of a batch that failed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Failed {
    pub(super) id: String,
    pub(super) sender_fault: bool,
    pub(super) code: &'static str,
    pub(super) message: &'static str,
}

/// The answer of `GetQueueUrl`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct QueueUrl {
    pub(super) queue_url: String,
}

/// The answer of `GetQueueAttributes`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct QueueAttributes {
    pub(super) attributes: BTreeMap<&'static str, String>,
}
