//! S3: which request goes where, and what its errors mean.

use crate::server::{Answer, Server, answer, error};
use trail_aws::S3Store;
use trail_ingest::{Store as _, StoreError};
use trail_notification::ObjectRef;

async fn read(store: &S3Store, object: &ObjectRef, from: u64) -> Result<Vec<u8>, StoreError> {
    let mut opened = store.open(object, from).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = opened.body.next().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

#[tokio::test]
async fn bucket_in_another_region_is_found_by_its_redirect_and_remembered() {
    let server = Server::start(|head| {
        if head.contains("/eu-central-1/s3/") {
            return answer("200 OK", "etag: \"e\"\r\n", "bytes");
        }
        error("301 Moved Permanently", "x-amz-bucket-region: eu-central-1\r\n", "PermanentRedirect")
    })
    .await;
    let store = server.store(None);
    let object = ObjectRef::new("org-trail", "k");
    assert_eq!(read(&store, &object, 0).await.unwrap(), b"bytes");
    assert_eq!(read(&store, &object, 0).await.unwrap(), b"bytes");
    assert_eq!(server.requests().len(), 3, "redirected once, not each time");
}

#[tokio::test]
async fn region_of_the_notification_signs_the_request_and_a_false_one_does_not() {
    let server = Server::start(|_| answer("200 OK", "", "")).await;
    let store = server.store(None);
    let mut object = ObjectRef::new("org-trail", "k");
    for (region, signed) in [("eu-west-3", "/eu-west-3/s3/"), ("evil.example", "/us-east-1/s3/")] {
        object.region = Some(region.to_owned());
        read(&store, &object, 0).await.unwrap();
        let last = server.requests().pop().unwrap();
        assert!(last.contains(signed), "{region}: {last}");
    }
}

#[tokio::test]
async fn request_names_the_very_object_and_the_owner_of_its_bucket() {
    let server = Server::start(|_| answer("206 Partial Content", "", "rest")).await;
    let store = server.store(Some("111122223333"));
    let mut object = ObjectRef::new("org-trail", "a b+c");
    object.etag = Some("0af1".to_owned());
    read(&store, &object, 7).await.unwrap();
    let head = server.requests().pop().unwrap();
    for part in [
        "get /org-trail/a%20b%2bc?",
        "if-match: \"0af1\"",
        "range: bytes=7-",
        "x-amz-expected-bucket-owner: 111122223333",
    ] {
        assert!(head.contains(part), "{part} in {head}");
    }
    object.version_id = Some("v7".to_owned());
    read(&store, &object, 0).await.unwrap();
    let head = server.requests().pop().unwrap();
    assert!(head.contains("versionid=v7") && !head.contains("if-match"), "{head}");
}

#[tokio::test]
async fn large_object_has_a_connection_of_its_own_and_a_small_one_has_not() {
    let server = Server::start(|_| answer("200 OK", "", "bytes")).await;
    let store = server.store(None);
    let mut object = ObjectRef::new("org-trail", "k");
    for (size, closes) in [(None, false), (Some((1 << 20) - 1), false), (Some(1 << 20), true)] {
        object.size = size;
        read(&store, &object, 0).await.unwrap();
        let head = server.requests().pop().unwrap();
        assert_eq!(head.contains("connection: close"), closes, "{size:?}: {head}");
        let (_, signed) = head.split_once("signedheaders=").unwrap();
        assert!(!signed.split(',').next().unwrap().contains("connection"), "{head}");
    }
}

#[tokio::test]
async fn errors_say_who_can_mend_them() {
    type Kind = fn(&StoreError) -> bool;
    let cases: [(Answer, Kind); 8] = [
        (
            |_| error("405 Method Not Allowed", "", "MethodNotAllowed"),
            |e| matches!(e, StoreError::NotFound(_)),
        ),
        (|_| error("404 Not Found", "", "NoSuchKey"), |e| matches!(e, StoreError::NotFound(_))),
        (|_| error("404 Not Found", "", "NoSuchBucket"), |e| matches!(e, StoreError::Denied(_))),
        (|_| error("403 Forbidden", "", "AccessDenied"), |e| matches!(e, StoreError::Denied(_))),
        (
            |_| error("403 Forbidden", "", "InvalidObjectState"),
            |e| matches!(e, StoreError::Archived(_)),
        ),
        (
            |_| error("412 Precondition Failed", "", "PreconditionFailed"),
            |e| matches!(e, StoreError::Replaced(_)),
        ),
        (|_| error("503 Slow Down", "", "SlowDown"), |e| matches!(e, StoreError::Unavailable(_))),
        (
            |_| error("400 Bad Request", "", "KMS.DisabledException"),
            |e| matches!(e, StoreError::Denied(_)),
        ),
    ];
    for (answer, is_kind) in cases {
        let server = Server::start(answer).await;
        let error = read(&server.store(None), &ObjectRef::new("b-1", "k"), 0).await.unwrap_err();
        assert!(is_kind(&error), "{error:?}");
        assert_eq!(server.requests().len(), 1, "the SDK does not retry: {error:?}");
    }
}

#[tokio::test]
async fn server_that_accepts_and_never_answers_is_an_error_in_the_end() {
    let server = Server::start(|_| None).await;
    let started = std::time::Instant::now();
    let error = read(&server.store(None), &ObjectRef::new("b-1", "k"), 0).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[tokio::test]
async fn body_that_breaks_off_is_an_error_and_not_an_end() {
    let server = Server::start(|_| {
        Some("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this".to_owned())
    })
    .await;
    let error = read(&server.store(None), &ObjectRef::new("b-1", "k"), 0).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
}
