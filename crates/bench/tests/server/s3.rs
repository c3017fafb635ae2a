//! S3 when nothing goes wrong.

use crate::client::{get, s3};
use bytes::Bytes;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use traild_bench::server::Server;

async fn server() -> Server {
    let server = Server::start().await.unwrap();
    server.put("trail", "a b+é/1.json.gz", Bytes::from_static(b"0123456789"));
    server
}

const PATH: &str = "/trail/a%20b%2B%C3%A9/1.json.gz";
const ETAG: &str = "\"781e5e245d69b566979b86e28d23f2c7\"";

#[tokio::test]
async fn object_comes_with_its_length_and_md5() {
    let server = server().await;
    let answer = get(&server, &format!("{PATH}?x-id=GetObject")).await;
    assert_eq!((answer.status, answer.text()), (200, "0123456789"));
    assert_eq!((answer.header("etag"), answer.header("content-length")), (ETAG, "10"));
    assert!(answer.header("last-modified").ends_with(" GMT"), "{}", answer.head);
    let head = s3(&server, "HEAD", PATH, "").await;
    assert_eq!((head.status, head.header("content-length"), head.text()), (200, "10", ""));
    let counts = server.counts();
    assert_eq!((counts.gets, counts.bytes_sent), (1, 10));
}

#[tokio::test]
async fn range_is_a_part_of_the_object() {
    let server = server().await;
    let answer = s3(&server, "GET", PATH, "range: bytes=7-\r\n").await;
    assert_eq!((answer.status, answer.text()), (206, "789"));
    assert_eq!(answer.header("content-range"), "bytes 7-9/10");
    assert_eq!((answer.header("etag"), answer.header("content-length")), (ETAG, "3"));
    let answer = s3(&server, "GET", PATH, "range: bytes=10-\r\n").await;
    assert_eq!((answer.status, answer.code()), (416, "InvalidRange"));
}

#[tokio::test]
async fn what_is_not_there_is_said_as_s3_does() {
    let server = server().await;
    let version = format!("{PATH}?versionId=v7");
    let cases = [
        ("/trail/other", 404, "NoSuchKey"),
        ("/other/key", 404, "NoSuchBucket"),
        (&*version, 404, "NoSuchVersion"),
    ];
    for (path, status, code) in cases {
        let answer = get(&server, path).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{path}");
        assert_eq!(answer.header("content-type"), "application/xml");
    }
    assert_eq!(s3(&server, "PUT", PATH, "").await.status, 501);
}

#[tokio::test]
async fn object_that_was_replaced_does_not_match() {
    let server = server().await;
    let condition = format!("if-match: {ETAG}\r\n");
    assert_eq!(s3(&server, "GET", PATH, &condition).await.status, 200);
    server.put("trail", "a b+é/1.json.gz", Bytes::from_static(b"other"));
    let answer = s3(&server, "GET", PATH, &condition).await;
    assert_eq!((answer.status, answer.code()), (412, "PreconditionFailed"));
}

#[tokio::test]
async fn bucket_says_its_keys_and_its_region() {
    let server = server().await;
    for key in ["b/1", "b/2", "b/3"] {
        server.put("trail", key, Bytes::from_static(b"x"));
    }
    let answer = get(&server, "/trail/?list-type=2&prefix=b%2F&max-keys=2").await;
    let listed = answer.text();
    assert!(listed.contains("<Key>b/1</Key>") && listed.contains("<Key>b/2</Key>"), "{listed}");
    assert!(listed.contains("<KeyCount>2</KeyCount>"), "{listed}");
    assert!(listed.contains("<NextContinuationToken>b/2</NextContinuationToken>"), "{listed}");
    let answer = get(&server, "/trail?list-type=2&prefix=b%2F&continuation-token=b%2F2").await;
    assert!(answer.text().contains("<KeyCount>1</KeyCount>"), "{}", answer.text());
    let head = s3(&server, "HEAD", "/trail", "").await;
    assert_eq!((head.status, head.header("x-amz-bucket-region")), (200, "us-east-1"));
    assert_eq!(s3(&server, "HEAD", "/other", "").await.status, 404);
    assert!(get(&server, "/trail?location").await.text().contains("LocationConstraint"));
}

#[tokio::test]
async fn server_ends_when_it_is_dropped() {
    let server = server().await;
    let address = server.endpoint().replace("http://", "");
    let mut open = TcpStream::connect(&address).await.unwrap();
    drop(server);
    let mut byte = [0; 1];
    let end = tokio::time::timeout(Duration::from_secs(5), open.read(&mut byte)).await.unwrap();
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    assert!(TcpStream::connect(&address).await.is_err());
}
