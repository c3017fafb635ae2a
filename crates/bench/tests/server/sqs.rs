//! SQS when nothing goes wrong.

use crate::client::{get, sqs};
use bytes::Bytes;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use traild_bench::server::Server;

/// Receives up to ten messages at once.
pub(crate) async fn receive(server: &Server, visibility: u64) -> Vec<Value> {
    let call = json!({
        "MaxNumberOfMessages": 10,
        "VisibilityTimeout": visibility,
        "MessageSystemAttributeNames": ["ApproximateReceiveCount", "SentTimestamp"],
    });
    let answer = sqs(server, "ReceiveMessage", call).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["Messages"].as_array().cloned().unwrap_or_default()
}

/// A batch of one entry for each message, with what `more` adds to it.
pub(crate) fn batch(messages: &[Value], more: &Value) -> Value {
    let entry = |(place, message): (usize, &Value)| {
        let mut entry =
            json!({ "Id": place.to_string(), "ReceiptHandle": message["ReceiptHandle"] });
        let more = more.as_object().unwrap().clone();
        entry.as_object_mut().unwrap().extend(more);
        entry
    };
    json!({ "Entries": messages.iter().enumerate().map(entry).collect::<Vec<_>>() })
}

/// Deletes all of them; the entries that failed.
pub(crate) async fn delete(server: &Server, messages: &[Value]) -> Vec<Value> {
    let answer = sqs(server, "DeleteMessageBatch", batch(messages, &json!({}))).await;
    answer.json()["Failed"].as_array().cloned().unwrap()
}

#[tokio::test]
async fn message_is_received_hidden_and_deleted() {
    let server = Server::start().await.unwrap();
    let id = server.send("a \"body\"\n".to_owned());
    let messages = receive(&server, 30).await;
    assert_eq!(messages[0]["MessageId"], id);
    assert_eq!(messages[0]["Body"], "a \"body\"\n");
    assert_eq!(messages[0]["MD5OfBody"], "11a8aaa12da876f22bc7296070288980");
    assert_eq!(messages[0]["Attributes"]["ApproximateReceiveCount"], "1");
    assert!(messages[0]["Attributes"].get("SenderId").is_none(), "it was not asked for");
    assert_eq!(receive(&server, 30).await.len(), 0);
    assert_eq!(server.messages(), 1);
    assert!(delete(&server, &messages).await.is_empty());
    assert_eq!((server.messages(), server.lags().len()), (0, 1));
    let counts = server.counts();
    assert_eq!((counts.receives, counts.received), (2, 1));
    assert_eq!((counts.deletes, counts.deleted, counts.faults), (1, 1, 0));
}

#[tokio::test]
async fn hidden_message_comes_again_after_its_time_to_one_who_waits() {
    let server = Server::start().await.unwrap();
    server.send("body".to_owned());
    let first = receive(&server, 1).await;
    let started = Instant::now();
    let again = sqs(&server, "ReceiveMessage", json!({ "WaitTimeSeconds": 10 })).await.json();
    let waited = started.elapsed();
    assert!((900..2_000).contains(&waited.as_millis()), "{waited:?}");
    assert_eq!(again["Messages"][0]["MessageId"], first[0]["MessageId"]);
    assert_ne!(again["Messages"][0]["ReceiptHandle"], first[0]["ReceiptHandle"]);
}

#[tokio::test]
async fn one_who_waited_before_a_message_was_hidden_gets_it_when_it_is_visible_again() {
    let server = Server::start().await.unwrap();
    let call = json!({ "WaitTimeSeconds": 5, "VisibilityTimeout": 1 });
    let wait = || sqs(&server, "ReceiveMessage", call.clone());
    let send = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        server.send("body".to_owned());
    };
    let started = Instant::now();
    let (_sent, one, two) = tokio::join!(send, wait(), wait());
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    let (one, two) = (one.json(), two.json());
    assert_eq!(one["Messages"][0]["MessageId"], two["Messages"][0]["MessageId"]);
}

#[tokio::test]
async fn message_that_is_given_back_comes_at_once_to_one_who_waits() {
    let server = Server::start().await.unwrap();
    server.send("body".to_owned());
    let messages = receive(&server, 30).await;
    let give_back = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let call = batch(&messages, &json!({ "VisibilityTimeout": 0 }));
        sqs(&server, "ChangeMessageVisibilityBatch", call).await
    };
    let wait = sqs(&server, "ReceiveMessage", json!({ "WaitTimeSeconds": 10 }));
    let started = Instant::now();
    let (_given, waited) = tokio::join!(give_back, wait);
    assert_eq!(waited.json()["Messages"].as_array().map(Vec::len), Some(1));
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    assert_eq!((server.counts().released, server.counts().extensions), (1, 0));
}

#[tokio::test]
async fn waiting_ends_when_a_message_is_sent_and_when_none_is() {
    let server = Server::start().await.unwrap();
    let send = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        for number in 0..3 {
            server.send(number.to_string());
        }
    };
    let wait = || sqs(&server, "ReceiveMessage", json!({ "WaitTimeSeconds": 5 }));
    let started = Instant::now();
    let (_sent, one, two, three) = tokio::join!(send, wait(), wait(), wait());
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    for answer in [one, two, three] {
        assert_eq!(answer.json()["Messages"].as_array().map(Vec::len), Some(1));
    }
    let started = Instant::now();
    let none = sqs(&server, "ReceiveMessage", json!({ "WaitTimeSeconds": 1 })).await;
    assert_eq!(none.text(), "{}");
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
}

#[tokio::test]
async fn message_received_too_often_goes_to_the_dead_letter_queue() {
    let server = Server::start().await.unwrap();
    server.set_max_receives(2);
    server.send("poison".to_owned());
    for _receive in 0..2 {
        assert_eq!(receive(&server, 0).await.len(), 1);
    }
    assert_eq!(receive(&server, 0).await.len(), 0);
    let letters = server.dead_letters();
    assert_eq!((letters.len(), &*letters[0].body), (1, "poison"));
    assert_eq!((server.messages(), server.counts().dead_lettered), (0, 1));
}

#[tokio::test]
async fn dead_letter_keeps_its_attributes() {
    let server = Server::start().await.unwrap();
    let dead = format!("{}-dead", server.queue_url());
    let text = |text: &str| json!({ "DataType": "String", "StringValue": text });
    let call = json!({
        "QueueUrl": dead,
        "MessageBody": "body",
        "MessageAttributes": { "traild.reason": text("refused"), "traild.detail": text("é") },
    });
    let sent = sqs(&server, "SendMessage", call).await.json();
    assert_eq!(sent["MD5OfMessageBody"], "841a2d689ad86bd1611447453c22c6fc");
    let letters = server.dead_letters();
    assert_eq!(letters[0].attributes["traild.reason"], "refused");
    let call = json!({ "QueueUrl": dead, "MessageAttributeNames": ["traild.*"] });
    let received = sqs(&server, "ReceiveMessage", call).await.json();
    let message = &received["Messages"][0];
    assert_eq!(message["MessageAttributes"]["traild.detail"], text("é"));
    assert_eq!(message["MD5OfMessageAttributes"], sent["MD5OfMessageAttributes"]);
}

#[tokio::test]
async fn bad_entry_of_a_batch_fails_alone() {
    let server = Server::start().await.unwrap();
    server.send("good".to_owned());
    let mut messages = receive(&server, 30).await;
    messages.insert(0, json!({ "ReceiptHandle": "none at all" }));
    let call = batch(&messages, &json!({ "VisibilityTimeout": 20 }));
    let changed = sqs(&server, "ChangeMessageVisibilityBatch", call).await.json();
    assert_eq!(changed["Successful"], json!([{ "Id": "1" }]));
    let failed = delete(&server, &messages).await;
    assert_eq!((failed.len(), &failed[0]["Id"]), (1, &json!("0")));
    assert_eq!(failed[0]["Code"], "ReceiptHandleIsInvalid");
    assert_eq!(failed[0]["SenderFault"], true);
    assert_eq!((server.messages(), server.counts().extensions), (0, 1));
    let call = batch(&messages[1..], &json!({ "VisibilityTimeout": 20 }));
    let gone = sqs(&server, "ChangeMessageVisibilityBatch", call).await.json();
    assert_eq!(gone["Failed"][0]["Code"], "InvalidParameterValue");
}

#[tokio::test]
async fn call_that_cannot_be_done_is_an_error_of_sqs() {
    let server = Server::start().await.unwrap();
    let of = |name: &str, call: Value| (name.to_owned(), call);
    let entries = vec![json!({ "Id": "1", "ReceiptHandle": "x" }); 2];
    let cases = [
        (of("ReceiveMessage", json!({ "QueueUrl": "http://h/1/other" })), "NonExistentQueue"),
        (of("ReceiveMessage", json!({ "MaxNumberOfMessages": 11 })), "InvalidParameterValue"),
        (of("DeleteMessage", json!({ "ReceiptHandle": "x" })), "ReceiptHandleIsInvalid"),
        (of("DeleteMessageBatch", json!({ "Entries": [] })), "EmptyBatchRequest"),
        (of("DeleteMessageBatch", json!({ "Entries": entries })), "BatchEntryIdsNotDistinct"),
        (of("PurgeQueue", json!({})), "UnsupportedOperation"),
    ];
    for ((operation, call), code) in cases {
        let answer = sqs(&server, &operation, call).await;
        let header = answer.header("x-amzn-query-error");
        assert_eq!(answer.status, 400, "{operation}");
        assert!(header.contains(code) && header.ends_with(";Sender"), "{operation}: {header}");
        assert!(answer.json()["__type"].as_str().unwrap().contains('#'), "{operation}");
    }
}

#[tokio::test]
async fn queue_tells_its_attributes() {
    let server = Server::start().await.unwrap();
    server.set_visibility(Duration::from_secs(90));
    server.set_max_receives(7);
    for body in ["one", "two", "three"] {
        server.send(body.to_owned());
    }
    sqs(&server, "ReceiveMessage", json!({})).await;
    let answer = sqs(&server, "GetQueueAttributes", json!({ "AttributeNames": ["All"] })).await;
    let attributes = &answer.json()["Attributes"];
    assert_eq!(attributes["VisibilityTimeout"], "90");
    assert_eq!(attributes["ApproximateNumberOfMessages"], "2");
    assert_eq!(attributes["ApproximateNumberOfMessagesNotVisible"], "1");
    let policy: Value =
        serde_json::from_str(attributes["RedrivePolicy"].as_str().unwrap()).unwrap();
    let arn = "arn:aws:sqs:us-east-1:000000000000:trail-dead";
    assert_eq!(policy, json!({ "deadLetterTargetArn": arn, "maxReceiveCount": 7 }));
    let url = sqs(&server, "GetQueueUrl", json!({ "QueueName": "trail" })).await.json();
    assert_eq!(url["QueueUrl"], server.queue_url());
}

#[tokio::test]
async fn upload_stores_an_object_and_tells_of_it() {
    let server = Server::start().await.unwrap();
    server.upload("trail", "a b.json.gz", Bytes::from_static(b"abc"));
    let messages = receive(&server, 30).await;
    let body: Value = serde_json::from_str(messages[0]["Body"].as_str().unwrap()).unwrap();
    let s3 = &body["Records"][0]["s3"];
    assert_eq!(
        (&s3["bucket"]["name"], &s3["object"]["key"]),
        (&json!("trail"), &json!("a+b.json.gz"))
    );
    let answer = get(&server, "/trail/a%20b.json.gz").await;
    assert_eq!(answer.text(), "abc");
    assert_eq!(s3["object"]["eTag"], answer.header("etag").trim_matches('"'));
}
