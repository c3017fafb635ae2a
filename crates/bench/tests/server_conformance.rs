//! The server keeps the contracts of a queue and a store, as traild's own adapters see it through the
//! AWS SDK.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use bytes::Bytes;
use std::sync::Arc;
use trail_aws::inspection::{self, Inspection, Readable};
use trail_aws::{Connection, S3Store, SqsQueue};
use trail_ingest::conformance::{self, QueueSubject, StoreSubject};
use trail_ingest::{Queue, Store, StoreError};
use trail_notification::ObjectRef;
use traild_bench::server::{S3Faults, Server};

fn connection(server: &Server) -> Connection {
    let credentials = Credentials::new("test", "test", None, None, "test");
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .endpoint_url(server.endpoint())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    Connection::over(sdk, None)
}

struct Subject(Server);

#[async_trait::async_trait]
impl QueueSubject for Subject {
    fn queue(&self) -> Arc<dyn Queue> {
        Arc::new(SqsQueue::new(&connection(&self.0), &self.0.queue_url()))
    }

    async fn send(&self, body: &str) {
        self.0.send(body.to_owned());
    }

    async fn dead_letters(&self) -> Vec<(String, Option<String>)> {
        let letters = self.0.dead_letters().into_iter();
        letters.map(|mut own| (own.body, own.attributes.remove("traild.reason"))).collect()
    }
}

#[async_trait::async_trait]
impl StoreSubject for Subject {
    fn store(&self) -> Arc<dyn Store> {
        Arc::new(S3Store::new(&connection(&self.0), None))
    }

    async fn put(&self, key: &str, bytes: &[u8]) -> ObjectRef {
        self.0.upload("trail", key, Bytes::copy_from_slice(bytes));
        let store = self.store();
        let mut object = ObjectRef::new("trail", key);
        object.etag = store.open(&object, 0).await.unwrap().etag;
        object
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queue_keeps_the_contract() {
    conformance::run_queue(async || Subject(Server::start().await.unwrap())).await;
}

#[tokio::test]
async fn store_keeps_the_contract() {
    conformance::run_store(&Subject(Server::start().await.unwrap())).await;
}

#[tokio::test]
async fn everything_that_a_look_needs_is_there() {
    let server = Server::start().await.unwrap();
    server.put("trail", "AWSLogs/1 & 2.json.gz", Bytes::from_static(b"x"));
    let connection = connection(&server);
    let store = S3Store::new(&connection, None);
    let bucket = inspection::bucket(&store, "trail", "AWSLogs/").await;
    let key = "AWSLogs/1 & 2.json.gz".to_owned();
    assert!(
        matches!(&bucket, Inspection::Well(Readable::Object(own)) if *own == key),
        "{bucket:?}"
    );
    let absent = inspection::bucket(&store, "other", "").await;
    assert!(
        matches!(&absent, Inspection::Refused { code, .. } if code == "NoSuchBucket"),
        "{absent:?}"
    );
    let Inspection::Well(queue) = inspection::queue(&connection, &server.queue_url()).await else {
        panic!("the queue is not there");
    };
    let (arn, most) = queue.dead_letter.unwrap();
    let dead_letters = inspection::queue_url_of_arn(&arn, &server.queue_url()).unwrap();
    assert_eq!((dead_letters, most), (format!("{}-dead", server.queue_url()), 10));
}

#[tokio::test]
async fn redirect_is_followed_and_broken_answers_are_unavailable() {
    let server = Server::start().await.unwrap();
    server.put("trail", "key", Bytes::from(vec![b'x'; 100_000]));
    let store = S3Store::new(&connection(&server), None);
    let object = ObjectRef::new("trail", "key");
    let read = async || -> Result<usize, StoreError> {
        let mut opened = store.open(&object, 0).await?;
        let mut length = 0;
        while let Some(bytes) = opened.body.next().await? {
            length += bytes.len();
        }
        Ok(length)
    };
    let strikes: [fn(&mut S3Faults); 3] = [
        |faults| faults.reset = 1.0,
        |faults| faults.truncated = 1.0,
        |faults| faults.slow_down = 1.0,
    ];
    for strike in strikes {
        server.faults().set(|rates| strike(&mut rates.s3));
        let error = read().await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        server.faults().quiet();
    }
    server.faults().set(|rates| rates.s3.redirect = 1.0);
    assert_eq!(read().await.unwrap(), 100_000);
    assert_eq!(server.counts().faults, 4);
}
