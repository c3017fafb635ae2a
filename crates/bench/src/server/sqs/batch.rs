//! The calls that delete, change and send, one at a time and in batches.

use super::error::SqsError;
use super::wire::{Batch, BatchAnswer, Done, Entry, Failed, Nothing, ReceiptEntry, Sent, ToSend};
use super::{Answer, attributes, json, visibility};
use crate::server::State;
use crate::server::queue::Queue;
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// What SQS takes at most in a batch.
const MOST_ENTRIES: usize = 10;

pub(super) fn delete(state: &State, batch: Batch<ReceiptEntry>) -> Answer {
    state.counters.deletes.add(1);
    each(state, batch, |queue, entry| {
        delete_one(state, queue, &entry.receipt_handle).map(|()| Nothing {})
    })
}

pub(super) fn change_visibility(state: &State, batch: Batch<ReceiptEntry>) -> Answer {
    each(state, batch, |queue, entry| {
        change_one(state, queue, &entry.receipt_handle, entry.visibility_timeout)
            .map(|()| Nothing {})
    })
}

pub(super) fn send(state: &State, batch: Batch<ToSend>) -> Answer {
    each(state, batch, send_one)
}

pub(super) fn delete_one(state: &State, queue: &Queue, receipt: &str) -> Result<(), SqsError> {
    if state.faults.strikes(|sqs| sqs.expired_receipt) {
        return Err(SqsError::INVALID_RECEIPT);
    }
    if state.faults.strikes(|sqs| sqs.lost_delete) {
        return Ok(());
    }
    if queue.delete(receipt)? {
        state.counters.deleted.add(1);
    }
    Ok(())
}

pub(super) fn change_one(
    state: &State,
    queue: &Queue,
    receipt: &str,
    seconds: u64,
) -> Result<(), SqsError> {
    let visibility = visibility(seconds)?;
    if state.faults.strikes(|sqs| sqs.expired_receipt) {
        return Err(SqsError::INVALID_RECEIPT);
    }
    queue.change_visibility(receipt, visibility)?;
    let counters = &state.counters;
    let counter = if seconds == 0 { &counters.released } else { &counters.extensions };
    counter.add(1);
    Ok(())
}

pub(super) fn send_one(queue: &Queue, message: ToSend) -> Result<Sent, SqsError> {
    let mut texts = BTreeMap::new();
    for (name, attribute) in message.message_attributes {
        let text = attribute.string_value.filter(|_| attribute.data_type == attributes::TEXT);
        texts.insert(name, text.ok_or(SqsError::INVALID_VALUE)?);
    }
    let named = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let md5_of_message_attributes = attributes::md5(&named);
    let sent = queue.send(message.message_body, texts);
    let md5_of_message_body = sent.md5.to_string();
    Ok(Sent { message_id: sent.id, md5_of_message_body, md5_of_message_attributes })
}

/// Does something for each entry; what fails does not keep the others.
fn each<E, D: Serialize>(
    state: &State,
    batch: Batch<E>,
    mut act: impl FnMut(&Queue, E) -> Result<D, SqsError>,
) -> Answer {
    let queue = state.queue_at(&batch.queue_url)?;
    verify(&batch.entries)?;
    let fails = state.faults.strikes(|sqs| sqs.partial_batch);
    let failing = fails.then(|| state.faults.any_below(batch.entries.len()));
    let mut answer = BatchAnswer { successful: Vec::new(), failed: Vec::new() };
    for (place, Entry { id, content }) in batch.entries.into_iter().enumerate() {
        let result = if failing == Some(place) {
            Err(SqsError::INTERNAL_ENTRY)
        } else {
            act(queue, content)
        };
        match result {
            Ok(result) => answer.successful.push(Done { id, result }),
            Err(error) => answer.failed.push(Failed {
                id,
                sender_fault: error.is_of_client(),
                code: error.code,
                message: error.message,
            }),
        }
    }
    json(&answer)
}

fn verify<E>(entries: &[Entry<E>]) -> Result<(), SqsError> {
    let ids: HashSet<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    match entries.len() {
        0 => Err(SqsError::EMPTY_BATCH),
        count if count > MOST_ENTRIES => Err(SqsError::LARGE_BATCH),
        count if count > ids.len() => Err(SqsError::REPEATED_ID),
        _ => Ok(()),
    }
}
