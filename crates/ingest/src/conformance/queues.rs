//! The checks of a queue.

use super::QueueSubject;
use crate::disposition::DeadLetter;
use crate::queue::{BATCH, DeadLettered, Message, Queue, Receipt};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// The visibility timeout the checks ask for.
const VISIBILITY: Duration = Duration::from_secs(2);
/// How long a check waits for what must come. A real queue may be late.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a check waits for what must not come.
const BRIEFLY: Duration = Duration::from_secs(1);

/// Nothing is an empty list, after the wait that was asked for.
///
/// # Panics
/// When it is not.
pub async fn empty_queue_answers_with_nothing(subject: &impl QueueSubject) {
    let begun = Instant::now();
    assert_eq!(receive(&*subject.queue(), BATCH, BRIEFLY).await.len(), 0);
    assert!(begun.elapsed() < PATIENCE, "took {:?}", begun.elapsed());
}

/// A received message is hidden for the timeout, and comes again after it, unchanged, counted, and
/// under another receipt.
///
/// # Panics
/// When it is not.
pub async fn received_message_comes_again_after_its_timeout(subject: &impl QueueSubject) {
    let (queue, body) = (subject.queue(), "{\"é\":\"a \\\" and a\\nline\"}");
    subject.send(body).await;
    let first = one(&*queue).await;
    assert_eq!((first.body.as_str(), first.receives), (body, 1));
    assert_eq!(receive(&*queue, BATCH, BRIEFLY).await.len(), 0, "it is hidden");
    let second = one(&*queue).await;
    assert_eq!((second.body.as_str(), second.receives), (body, 2));
    assert_eq!(second.id, first.id, "it is the same message");
    assert!(second.receipt != first.receipt, "each receive has its own receipt");
    assert!(second.received > first.received);
}

/// A message whose visibility was extended stays hidden beyond the first timeout.
///
/// # Panics
/// When it does not.
pub async fn extended_message_stays_hidden(subject: &impl QueueSubject) {
    let queue = subject.queue();
    subject.send("extended").await;
    let message = one(&*queue).await;
    change(&*queue, &message.receipt, VISIBILITY * 3).await;
    sleep(VISIBILITY).await;
    assert_eq!(receive(&*queue, BATCH, BRIEFLY).await.len(), 0, "it is hidden");
    assert_eq!(one(&*queue).await.receives, 2);
}

/// A message given back with a timeout of zero is there for the next receive.
///
/// # Panics
/// When it is not.
pub async fn given_back_message_comes_at_once(subject: &impl QueueSubject) {
    let queue = subject.queue();
    subject.send("given back").await;
    let message = one_for(&*queue, VISIBILITY * 100).await;
    change(&*queue, &message.receipt, Duration::ZERO).await;
    assert_eq!(one(&*queue).await.receives, 2);
}

/// Ten messages are deleted in one call; what is deleted does not come again, and to delete it once
/// more is at most an entry that is gone.
///
/// # Panics
/// When it is not.
pub async fn deleted_message_never_comes_again(subject: &impl QueueSubject) {
    let queue = subject.queue();
    for number in 0..BATCH {
        subject.send(&format!("deleted {number}")).await;
    }
    let messages = many(&*queue, BATCH).await;
    let receipts: Vec<Receipt> = messages.into_iter().map(|message| message.receipt).collect();
    let failures = queue.delete(&receipts).await.expect("a delete");
    assert!(failures.is_empty(), "{failures:?}");
    sleep(VISIBILITY).await;
    assert_eq!(receive(&*queue, BATCH, BRIEFLY).await.len(), 0, "all are deleted");
    let again = queue.delete(&receipts).await.expect("a delete of what is gone");
    assert!(again.iter().all(|failure| failure.gone), "{again:?}");
}

/// An entry with a receipt that is none fails as gone, at its place, and the others succeed.
///
/// # Panics
/// When it does not.
pub async fn bad_entry_fails_alone(subject: &impl QueueSubject) {
    let queue = subject.queue();
    subject.send("good").await;
    let good = one(&*queue).await.receipt;
    let bad = Receipt("no receipt at all".to_owned());
    let changes = [(bad.clone(), VISIBILITY), (good.clone(), VISIBILITY)];
    let failures = queue.change_visibility(&changes).await.expect("a change");
    let places = failures.iter().map(|failure| (failure.entry, failure.gone));
    assert_eq!(places.collect::<Vec<_>>(), [(0, true)]);
    let failures = queue.delete(&[bad, good]).await.expect("a delete");
    let places = failures.iter().map(|failure| (failure.entry, failure.gone));
    assert_eq!(places.collect::<Vec<_>>(), [(0, true)]);
    sleep(VISIBILITY).await;
    assert_eq!(receive(&*queue, BATCH, BRIEFLY).await.len(), 0, "the good one is deleted");
}

/// A dead letter holds the body as it was and the reason; the message itself stays.
///
/// # Panics
/// When it does not.
pub async fn dead_letter_keeps_the_body_and_the_message(subject: &impl QueueSubject) {
    let (queue, body) = (subject.queue(), "{ \"odd\" :\t\"body é\" }\n");
    subject.send(body).await;
    let message = one(&*queue).await;
    let reason = DeadLetter {
        reason: "unknown_shape",
        detail: "a check, with a line\nbreak".to_owned(),
        object: Some("s3://b/k".to_owned()),
    };
    let stored = queue.dead_letter(&message, &reason).await.expect("a send");
    assert_eq!(stored, DeadLettered::Durable);
    let expected = (body.to_owned(), Some("unknown_shape".to_owned()));
    assert_eq!(subject.dead_letters().await, [expected]);
    assert_eq!(one(&*queue).await.body, body, "the message stays where it is");
}

/// A hidden message counts for the depth, a deleted one does not.
///
/// # Panics
/// When it is otherwise.
pub async fn depth_counts_hidden_messages(subject: &impl QueueSubject) {
    let queue = subject.queue();
    subject.send("deep").await;
    let message = one_for(&*queue, VISIBILITY * 30).await;
    until_depth(&*queue, 1).await;
    let failures = queue.delete(&[message.receipt]).await.expect("a delete");
    assert!(failures.is_empty(), "{failures:?}");
    until_depth(&*queue, 0).await;
}

async fn until_depth(queue: &dyn Queue, depth: u64) {
    let reached = async {
        while queue.depth().await.expect("a depth") != depth {
            sleep(Duration::from_millis(200)).await;
        }
    };
    let waited = timeout(PATIENCE, reached).await;
    assert!(waited.is_ok(), "the depth does not become {depth}");
}

async fn receive(queue: &dyn Queue, most: usize, wait: Duration) -> Vec<Message> {
    let messages = queue.receive(most, wait, VISIBILITY).await.expect("a receive");
    assert!(messages.len() <= most, "{} where {most} were asked for", messages.len());
    messages
}

async fn one(queue: &dyn Queue) -> Message {
    one_for(queue, VISIBILITY).await
}

async fn one_for(queue: &dyn Queue, visibility: Duration) -> Message {
    let messages = queue.receive(1, PATIENCE, visibility).await.expect("a receive");
    assert_eq!(messages.len(), 1, "the message does not come");
    messages.into_iter().next().expect("one message")
}

/// So many messages, which may take several receives, on a queue that is not in a hurry.
async fn many(queue: &dyn Queue, count: usize) -> Vec<Message> {
    let mut messages = Vec::new();
    let begun = Instant::now();
    while messages.len() < count && begun.elapsed() < PATIENCE {
        let more = queue.receive(BATCH, BRIEFLY, PATIENCE).await.expect("a receive");
        messages.extend(more);
    }
    assert_eq!(messages.len(), count, "messages are missing");
    messages
}

async fn change(queue: &dyn Queue, receipt: &Receipt, hidden: Duration) {
    let changes = [(receipt.clone(), hidden)];
    let failures = queue.change_visibility(&changes).await.expect("a change");
    assert!(failures.is_empty(), "{failures:?}");
}
