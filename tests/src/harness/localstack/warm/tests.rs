use super::*;
use crate::harness::root;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

/// A server that answers one call after the other with these statuses, and then is gone. It
/// returns the service of each call.
fn server(statuses: Vec<u16>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let serve = move || {
        let answer = |status| answer(&listener.accept().unwrap().0, status);
        statuses.into_iter().map(answer).collect()
    };
    (endpoint, thread::spawn(serve))
}

/// Answers the call, and gives the service that its scope names.
fn answer(mut stream: &TcpStream, status: u16) -> String {
    let mut reader = BufReader::new(stream);
    let (mut service, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
        if line.starts_with("authorization: ") {
            line.split('/').nth(3).unwrap().clone_into(&mut service);
        }
    }
    reader.read_exact(&mut vec![0; length]).unwrap();
    let head = format!("HTTP/1.1 {status} It\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    service
}

/// The calls that were made, once the server has had all that it waits for.
fn made(calls: JoinHandle<Vec<String>>) -> Vec<String> {
    let deadline = Instant::now() + Duration::from_secs(5);
    while !calls.is_finished() {
        assert!(Instant::now() < deadline, "the server is still waiting for a call");
        thread::sleep(Duration::from_millis(5));
    }
    calls.join().unwrap()
}

fn names() -> Vec<&'static str> {
    CALLS.iter().map(|(name, _)| *name).collect()
}

#[tokio::test]
async fn each_service_is_called_once_in_its_turn() {
    let (endpoint, calls) = server(vec![200; CALLS.len()]);
    warm(&endpoint, Duration::from_secs(10)).await.unwrap();
    assert_eq!(made(calls), names());
}

#[tokio::test]
async fn service_that_knows_no_operation_yet_is_called_again_before_the_next() {
    let mut statuses = vec![501, 503];
    statuses.extend([200; CALLS.len()]);
    let (endpoint, calls) = server(statuses);
    warm(&endpoint, Duration::from_secs(10)).await.unwrap();
    let mut expected = vec!["s3", "s3"];
    expected.extend(names());
    assert_eq!(made(calls), expected);
}

#[tokio::test]
async fn service_that_never_answers_is_named() {
    let (endpoint, calls) = server(vec![200, 501]);
    let error = warm(&endpoint, Duration::ZERO).await.unwrap_err();
    let error = format!("{error:#}");
    assert!(error.contains("its service sqs does not answer") && error.contains("501"), "{error}");
    assert_eq!(made(calls), ["s3", "sqs"]);
}

#[test]
fn every_service_that_is_started_is_called() {
    for file in
        ["supervise.py", "../src/harness/localstack/container.rs", "../../docker-compose.yml"]
    {
        let text = fs::read_to_string(root().join("tests/localstack").join(file)).unwrap();
        let list = text.lines().find(|line| line.contains("s3,sqs,")).unwrap();
        let list = list.rsplit(['"', '=', ' ']).find(|part| part.contains("s3,")).unwrap();
        let started: BTreeSet<&str> = list.split(',').collect();
        assert_eq!(started, names().into_iter().collect(), "{file}");
    }
}
