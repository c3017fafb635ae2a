//! Each fault of SQS as a client meets it.

use crate::client::{NO_ANSWER, sqs};
use crate::sqs::{batch, delete, receive};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::time::{Duration, Instant};
use traild_bench::server::{Server, SqsFaults};

async fn server(messages: usize, change: impl FnOnce(&mut SqsFaults)) -> Server {
    let server = Server::start().await.unwrap();
    for number in 0..messages {
        server.send(number.to_string());
    }
    server.faults().set(|rates| change(&mut rates.sqs));
    server
}

fn bodies(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["Body"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn errors_are_those_of_sqs() {
    type Change = fn(&mut SqsFaults);
    let cases: [(Change, u16, &str); 3] = [
        (|faults| faults.internal_error = 1.0, 500, "InternalFailure;Receiver"),
        (|faults| faults.unavailable = 1.0, 503, "ServiceUnavailable;Receiver"),
        (|faults| faults.throttle = 1.0, 403, "RequestThrottled;Sender"),
    ];
    for (change, status, code) in cases {
        let server = server(1, change).await;
        let answer = sqs(&server, "GetQueueAttributes", json!({})).await;
        assert_eq!((answer.status, answer.header("x-amzn-query-error")), (status, code));
        assert_eq!(server.counts().faults, 1);
    }
}

#[tokio::test]
async fn throttled_receive_says_either_of_two_codes() {
    let server = server(1, |faults| faults.throttle = 1.0).await;
    let mut codes = BTreeSet::new();
    for _call in 0..20 {
        let answer = sqs(&server, "ReceiveMessage", json!({})).await;
        codes.insert(answer.header("x-amzn-query-error").to_owned());
    }
    assert!(codes.iter().eq(["OverLimit;Sender", "RequestThrottled;Sender"]), "{codes:?}");
}

#[tokio::test]
async fn call_whose_connection_is_reset_was_done() {
    let server = server(1, |faults| faults.reset = 1.0).await;
    let answer = sqs(&server, "ReceiveMessage", json!({})).await;
    assert_eq!(answer.status, NO_ANSWER);
    assert_eq!(answer.ending.unwrap_err().kind(), ErrorKind::ConnectionReset);
    server.faults().quiet();
    assert!(receive(&server, 30).await.is_empty(), "it is hidden");
}

#[tokio::test]
async fn stalled_call_is_not_answered() {
    let change = |faults: &mut SqsFaults| {
        faults.stall = 1.0;
        faults.stall_for = Duration::from_millis(300);
    };
    let server = server(1, change).await;
    let started = Instant::now();
    assert_eq!(sqs(&server, "ReceiveMessage", json!({})).await.status, NO_ANSWER);
    assert!(started.elapsed() >= Duration::from_millis(300), "{:?}", started.elapsed());
}

#[tokio::test]
async fn duplicate_is_received_by_another_too() {
    let server = server(2, |faults| faults.duplicate = 1.0).await;
    let first = receive(&server, 30).await;
    server.faults().quiet();
    let second = receive(&server, 30).await;
    assert_eq!((bodies(&first), bodies(&second)), (vec!["0", "1"], vec!["0", "1"]));
    assert!(receive(&server, 30).await.is_empty());
    assert!(delete(&server, &first).await.is_empty());
    assert_eq!(server.messages(), 0);
    assert!(delete(&server, &second).await.is_empty());
    assert_eq!(server.counts().deleted, 2);
}

#[tokio::test]
async fn visibility_ends_early() {
    let server = server(10, |faults| faults.early_expiry = 1.0).await;
    assert_eq!(receive(&server, 2).await.len(), 10);
    server.faults().quiet();
    tokio::time::sleep(Duration::from_millis(1_400)).await;
    let again = receive(&server, 30).await.len();
    assert!((1..10).contains(&again), "{again} of 10");
}

#[tokio::test]
async fn messages_come_out_of_order() {
    let server = server(10, |faults| faults.reordered = 1.0).await;
    let messages = receive(&server, 30).await;
    let mut sorted = bodies(&messages);
    sorted.sort_unstable();
    assert_ne!(bodies(&messages), sorted);
    assert_eq!(sorted.len(), 10);
}

#[tokio::test]
async fn expired_receipt_does_nothing() {
    let server = server(1, |faults| faults.expired_receipt = 1.0).await;
    let messages = receive(&server, 30).await;
    let call = batch(&messages, &json!({ "VisibilityTimeout": 0 }));
    let changed = sqs(&server, "ChangeMessageVisibilityBatch", call).await.json();
    assert_eq!(changed["Failed"][0]["Code"], "ReceiptHandleIsInvalid");
    assert_eq!(delete(&server, &messages).await[0]["Code"], "ReceiptHandleIsInvalid");
    let call = json!({ "ReceiptHandle": messages[0]["ReceiptHandle"] });
    let answer = sqs(&server, "DeleteMessage", call).await;
    assert_eq!(answer.header("x-amzn-query-error"), "ReceiptHandleIsInvalid;Sender");
    assert_eq!((server.messages(), server.counts().faults), (1, 3));
}

#[tokio::test]
async fn lost_delete_answers_success_and_keeps_the_message() {
    let server = server(1, |faults| faults.lost_delete = 1.0).await;
    let messages = receive(&server, 30).await;
    assert!(delete(&server, &messages).await.is_empty());
    assert_eq!((server.messages(), server.counts().deleted), (1, 0));
}

#[tokio::test]
async fn one_entry_of_a_batch_fails() {
    let server = server(10, |faults| faults.partial_batch = 1.0).await;
    let messages = receive(&server, 30).await;
    let failed = delete(&server, &messages).await;
    assert_eq!((failed.len(), &failed[0]["Code"]), (1, &json!("InternalError")));
    assert_eq!(failed[0]["SenderFault"], false);
    assert_eq!(server.messages(), 1);
}

#[tokio::test]
async fn latency_is_that_of_every_answer() {
    let server = server(1, |faults| faults.latency = Duration::from_millis(50)).await;
    let started = Instant::now();
    assert_eq!(receive(&server, 30).await.len(), 1);
    assert!(started.elapsed() >= Duration::from_millis(50), "{:?}", started.elapsed());
}
