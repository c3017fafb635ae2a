//! SQS: what is asked of it, and how long it is waited for.

use crate::server::{Answer, Server, answer};
use std::time::{Duration, Instant};
use trail_aws::{Inspection, inspection};
use trail_ingest::{DeadLetter, Message, Queue as _, QueueError, Receipt};

const VISIBILITY: Duration = Duration::from_secs(77);

fn message() -> Message {
    Message {
        id: "m".to_owned(),
        body: "body".to_owned(),
        receipt: Receipt("r".to_owned()),
        receives: 1,
        sent: None,
        received: tokio::time::Instant::now(),
    }
}

/// How long a call took until it was given up for want of an answer.
async fn given_up<T>(call: impl Future<Output = Result<T, QueueError>>) -> Duration {
    let begun = Instant::now();
    let error = call.await.err().unwrap();
    assert!(matches!(error, QueueError::Unavailable(_)), "{error:?}");
    begun.elapsed()
}

#[tokio::test]
async fn no_call_waits_long_for_a_queue_that_never_answers() {
    let server = Server::start(|_| None).await;
    let queue = server.queue();
    let (wait, receipt) = (Duration::from_secs(2), Receipt("r".to_owned()));
    let reason = DeadLetter { reason: "not_json", detail: String::new(), object: None };
    let (message, receipts) = (message(), [receipt.clone()]);
    let changes = [(receipt, VISIBILITY)];
    let (received, deleted, changed, set_aside, counted) = tokio::join!(
        given_up(queue.receive(10, wait, VISIBILITY)),
        given_up(queue.delete(&receipts)),
        given_up(queue.change_visibility(&changes)),
        given_up(queue.dead_letter(&message, &reason)),
        given_up(queue.depth()),
    );
    let few = Duration::from_secs(8);
    assert!(received > wait + Duration::from_secs(1) && received < wait + few, "{received:?}");
    for took in [deleted, changed, set_aside, counted] {
        assert!(took < few, "{took:?}");
    }
}

#[tokio::test]
async fn look_at_a_queue_that_never_answers_ends() {
    let server = Server::start(|_| None).await;
    let begun = Instant::now();
    let look = inspection::queue(&server.connection(), &server.queue_url()).await;
    assert!(matches!(look, Inspection::Unreachable(_)), "{look:?}");
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn message_that_is_slowly_taken_in_is_given_more_time() {
    let slow_to_take: Answer = |head| {
        if head.contains("sendmessage") {
            return None;
        }
        let arn = "arn:aws:sqs:us-east-1:111122223333:dead";
        let policy = format!(r#"{{\"deadLetterTargetArn\":\"{arn}\",\"maxReceiveCount\":5}}"#);
        answer("200 OK", "", &format!(r#"{{"Attributes":{{"RedrivePolicy":"{policy}"}}}}"#))
    };
    let server = Server::start(slow_to_take).await;
    let reason = DeadLetter { reason: "not_json", detail: String::new(), object: None };
    let took = given_up(server.queue().dead_letter(&message(), &reason)).await;
    assert!((9..13).contains(&took.as_secs()), "{took:?}");
}

#[tokio::test]
async fn receive_and_extension_say_how_long_a_message_is_hidden_whatever_the_queue_is_set_to() {
    let server = Server::start(|_| answer("200 OK", "", r#"{"Successful":[],"Failed":[]}"#)).await;
    let queue = server.queue();
    queue.receive(10, Duration::from_secs(20), VISIBILITY).await.unwrap();
    queue.change_visibility(&[(Receipt("r".to_owned()), VISIBILITY)]).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[0].contains(r#""WaitTimeSeconds":20"#), "{requests:?}");
    for request in requests {
        assert!(request.contains(r#""VisibilityTimeout":77"#), "{request}");
    }
}
