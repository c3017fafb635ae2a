//! The checks of a store.

use super::StoreSubject;
use crate::store::{Store, StoreError};
use trail_notification::ObjectRef;

/// Keys with all that a log file's prefix may hold.
const KEYS: [&str; 3] = ["plain", "a b+c%20d/é/日本", "AWSLogs/1/CloudTrail/x.json.gz"];

/// An object is read as it was put: its length is told before, no piece of it is empty, and it has
/// the eTag it was named with. So is an object without a byte.
///
/// # Panics
/// When it is not.
pub async fn body_holds_what_was_put(subject: &impl StoreSubject) {
    for (key, length) in KEYS.into_iter().zip([0, 1, 300_000]) {
        let bytes = some_bytes(length);
        let object = subject.put(key, &bytes).await;
        assert_eq!(read(&*subject.store(), &object, 0).await, bytes, "{object}");
        let opened = subject.store().open(&object, 0).await.expect("an object");
        assert!(opened.etag.is_some(), "{object} has no eTag");
        assert_eq!(opened.etag, object.etag, "{object}");
    }
}

/// A read may begin at any byte of the object.
///
/// # Panics
/// When it gives something else.
pub async fn reads_begin_where_they_are_told(subject: &impl StoreSubject) {
    let bytes = some_bytes(100_000);
    let object = subject.put("ranges", &bytes).await;
    for from in [1, 65_536, 99_999] {
        let rest = read(&*subject.store(), &object, from as u64).await;
        let expected = bytes.get(from..).expect("within the object");
        assert!(rest == expected, "{} bytes from {from}", rest.len());
    }
}

/// What is not there is not found.
///
/// # Panics
/// When it is another error, or none.
pub async fn absent_object_is_not_found(subject: &impl StoreSubject) {
    let there = subject.put("there", b"there").await;
    let absent = ObjectRef::new(there.bucket, "not there");
    let error = error(&*subject.store(), &absent, 0).await;
    assert!(matches!(error, StoreError::NotFound(_)), "{error:?}");
}

/// An object without a version is read only while it has the eTag asked for.
///
/// # Panics
/// When it is read all the same.
pub async fn other_etag_is_another_object(subject: &impl StoreSubject) {
    let mut object = subject.put("etag", b"now").await;
    object.version_id = None;
    object.etag = Some("0123456789abcdef0123456789abcdef".to_owned());
    for from in [0, 1] {
        let error = error(&*subject.store(), &object, from).await;
        assert!(matches!(error, StoreError::Replaced(_)), "{error:?}");
    }
}

/// After an object was replaced, the one named before is read by its version, or not at all.
///
/// # Panics
/// When the other one is read.
pub async fn replaced_object_is_not_mixed_up(subject: &impl StoreSubject) {
    let before = subject.put("replaced", b"before").await;
    let after = subject.put("replaced", b"after it").await;
    assert_eq!(read(&*subject.store(), &after, 0).await, b"after it");
    if before.version_id.is_some() {
        assert_eq!(read(&*subject.store(), &before, 0).await, b"before");
    } else {
        let error = error(&*subject.store(), &before, 0).await;
        assert!(matches!(error, StoreError::Replaced(_)), "{error:?}");
    }
}

async fn read(store: &dyn Store, object: &ObjectRef, from: u64) -> Vec<u8> {
    let mut opened = store.open(object, from).await.expect("an object");
    let mut bytes = Vec::new();
    while let Some(piece) = opened.body.next().await.expect("a piece") {
        assert!(!piece.is_empty(), "an empty piece");
        bytes.extend_from_slice(&piece);
    }
    assert_eq!(opened.remaining, bytes.len() as u64, "{object} from {from}");
    bytes
}

async fn error(store: &dyn Store, object: &ObjectRef, from: u64) -> StoreError {
    let opened = store.open(object, from).await;
    opened.map(|_| ()).expect_err("no object")
}

fn some_bytes(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n * 31 % 251).to_le_bytes()[0]).collect()
}
