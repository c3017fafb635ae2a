//! Each fault of S3 as a client meets it.

use crate::client::{Answer, NO_ANSWER, get, s3};
use bytes::Bytes;
use std::io::ErrorKind;
use std::time::{Duration, Instant};
use traild_bench::server::{S3Faults, Server};

const LENGTH: usize = 100_000;

async fn server(change: impl FnOnce(&mut S3Faults)) -> Server {
    let server = Server::start().await.unwrap();
    server.put("trail", "key", Bytes::from(vec![b'x'; LENGTH]));
    server.faults().set(|rates| change(&mut rates.s3));
    server
}

async fn faulty(change: impl FnOnce(&mut S3Faults)) -> Answer {
    let server = server(change).await;
    let answer = get(&server, "/trail/key").await;
    assert_eq!(server.counts().faults, 1);
    answer
}

#[tokio::test]
async fn errors_are_those_of_s3() {
    type Change = fn(&mut S3Faults);
    let cases: [(Change, u16, &str); 4] = [
        (|faults| faults.internal_error = 1.0, 500, "InternalError"),
        (|faults| faults.unavailable = 1.0, 503, "ServiceUnavailable"),
        (|faults| faults.slow_down = 1.0, 503, "SlowDown"),
        (|faults| faults.redirect = 1.0, 301, "PermanentRedirect"),
    ];
    for (change, status, code) in cases {
        let answer = faulty(change).await;
        assert_eq!((answer.status, answer.code()), (status, code));
        assert!(answer.is_whole(), "{code}");
    }
}

#[tokio::test]
async fn redirect_is_over_where_it_leads() {
    let server = server(|faults| faults.redirect = 1.0).await;
    let region = get(&server, "/trail/key").await.header("x-amz-bucket-region").to_owned();
    let signed =
        format!("authorization: AWS4-HMAC-SHA256 Credential=a/1/{region}/s3/aws4_request\r\n");
    let answer = s3(&server, "GET", "/trail/key", &signed).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn reset_comes_before_the_answer_or_within_it() {
    let server = server(|faults| faults.reset = 1.0).await;
    let mut answers = Vec::new();
    for _call in 0..20 {
        answers.push(get(&server, "/trail/key").await);
    }
    let (before, within): (Vec<&Answer>, Vec<&Answer>) =
        answers.iter().partition(|answer| answer.status == NO_ANSWER);
    assert!(!before.is_empty() && !within.is_empty(), "{} before", before.len());
    assert!(within.iter().all(|answer| answer.body.len() < LENGTH));
    for answer in &answers {
        let kind = answer.ending.as_ref().unwrap_err().kind();
        assert_eq!(kind, ErrorKind::ConnectionReset);
    }
}

#[tokio::test]
async fn truncated_body_is_shorter_than_announced() {
    let answer = faulty(|faults| faults.truncated = 1.0).await;
    assert_eq!((answer.status, answer.header("content-length")), (200, "100000"));
    assert!(answer.body.len() < LENGTH);
    assert!(answer.ending.is_ok(), "closed, not reset: {:?}", answer.ending);
}

#[tokio::test]
async fn stalled_body_waits_for_as_long_as_is_set() {
    let started = Instant::now();
    let answer = faulty(|faults| {
        faults.stall = 1.0;
        faults.stall_for = Duration::from_millis(300);
    })
    .await;
    assert!(answer.status == 200 && answer.body.len() < LENGTH);
    assert!(started.elapsed() >= Duration::from_millis(300), "{:?}", started.elapsed());
}

#[tokio::test]
async fn corrupted_body_differs_in_one_byte() {
    let answer = faulty(|faults| faults.corrupted = 1.0).await;
    assert!(answer.is_whole() && answer.body.len() == LENGTH);
    assert_eq!(answer.body.iter().filter(|byte| **byte != b'x').count(), 1);
}

#[tokio::test]
async fn wrong_length_is_of_a_whole_answer_and_a_part_of_the_object() {
    let answer = faulty(|faults| faults.wrong_length = 1.0).await;
    assert!(answer.is_whole() && answer.body.len() < LENGTH, "{}", answer.head);
}

#[tokio::test]
async fn latency_is_that_of_every_answer_and_no_fault() {
    let server = server(|faults| faults.latency = Duration::from_millis(50)).await;
    let started = Instant::now();
    assert_eq!(get(&server, "/trail/key").await.status, 200);
    assert!(started.elapsed() >= Duration::from_millis(50), "{:?}", started.elapsed());
    assert_eq!(server.counts().faults, 0);
}

#[tokio::test]
async fn quiet_ends_all_faults() {
    let server = server(|faults| faults.internal_error = 1.0).await;
    assert_eq!(get(&server, "/trail/key").await.status, 500);
    server.faults().quiet();
    assert_eq!(get(&server, "/trail/key").await.status, 200);
}

#[tokio::test]
async fn same_seed_gives_the_same_faults() {
    let server = server(|faults| faults.internal_error = 0.5).await;
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        server.faults().reseed(seed);
        let mut run = Vec::new();
        for _call in 0..40 {
            run.push(get(&server, "/trail/key").await.status);
        }
        runs.push(run);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    let failed = runs[0].iter().filter(|status| **status == 500).count();
    assert!((10..=30).contains(&failed), "{failed} of 40");
}
