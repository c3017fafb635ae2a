//! The attributes of queues and of messages.

use super::wire::{AttributeValue, OfQueue, QueueAttributes};
use super::{Answer, json};
use crate::server::objects::hex_md5;
use crate::server::{ACCOUNT, REGION, State};
use serde_json::json as value;
use std::collections::BTreeMap;

/// The type of an attribute that is a text. No other is taken.
pub(super) const TEXT: &str = "String";

/// `GetQueueAttributes`.
pub(super) fn of(state: &State, call: &OfQueue) -> Answer {
    let queue = state.queue_at(&call.queue_url)?;
    let depth = queue.depth();
    let number = |number: usize| number.to_string();
    let mut attributes = BTreeMap::from([
        ("QueueArn", arn(queue.name())),
        ("VisibilityTimeout", queue.visibility().as_secs().to_string()),
        ("ApproximateNumberOfMessages", number(depth.messages - depth.hidden)),
        ("ApproximateNumberOfMessagesNotVisible", number(depth.hidden)),
        ("ApproximateNumberOfMessagesDelayed", number(0)),
        ("MessageRetentionPeriod", number(345_600)),
        ("MaximumMessageSize", number(1_048_576)),
        ("DelaySeconds", number(0)),
        ("ReceiveMessageWaitTimeSeconds", number(0)),
    ]);
    if let Some((dead_letters, max_receives)) = queue.dead_letters().zip(queue.max_receives()) {
        let policy = value!({
            "deadLetterTargetArn": arn(dead_letters),
            "maxReceiveCount": max_receives,
        });
        attributes.insert("RedrivePolicy", policy.to_string());
    }
    attributes
        .retain(|own, _| call.attribute_names.iter().any(|name| name == own || name == "All"));
    json(&QueueAttributes { attributes })
}

fn arn(queue: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}")
}

/// Those of a message's attributes that a receive asks for: by name, by the start of it, or all.
pub(super) fn named<'m>(
    attributes: &'m BTreeMap<String, String>,
    names: &[String],
) -> BTreeMap<&'m str, &'m str> {
    let is_named = |own: &str| {
        names.iter().any(|name| match name.strip_suffix(".*") {
            Some(start) => own.starts_with(start),
            None => name == own || name == "All",
        })
    };
    let all = attributes.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    all.filter(|(name, _)| is_named(name)).collect()
}

/// Attributes as a receive answers them.
pub(super) fn values<'m>(
    attributes: &BTreeMap<&'m str, &'m str>,
) -> BTreeMap<&'m str, AttributeValue<'m>> {
    let value = |text| AttributeValue { data_type: TEXT, string_value: text };
    attributes.iter().map(|(name, text)| (*name, value(*text))).collect()
}

/// The MD5 of attributes in hex; none of no attributes.
pub(super) fn md5(attributes: &BTreeMap<&str, &str>) -> Option<String> {
    let typed = attributes.iter().map(|(name, text)| (*name, TEXT, *text));
    (!attributes.is_empty()).then(|| md5_of(typed))
}

/// The MD5 in hex as SQS computes it of names, types and values in the order of the names: each part
/// after its length, and a 1 before a value that is no bytes.
fn md5_of<'a>(attributes: impl Iterator<Item = (&'a str, &'a str, &'a str)>) -> String {
    let mut bytes = Vec::new();
    for (name, data_type, text) in attributes {
        append(&mut bytes, name);
        append(&mut bytes, data_type);
        bytes.push(1);
        append(&mut bytes, text);
    }
    hex_md5(&bytes)
}

fn append(bytes: &mut Vec<u8>, part: &str) {
    let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(part.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn md5_of_attributes_is_the_one_of_sqs() {
        // An answer of SQS, as the tests of moto have it.
        let attributes = [("timestamp", "Number", "1493147359900")];
        assert_eq!(md5_of(attributes.into_iter()), "235c5c510d26fb653d073faed50ae77c");
        assert_eq!(md5(&BTreeMap::new()), None);
    }
}
