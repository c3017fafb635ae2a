//! A server that answers as it is told.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use trail_aws::{Connection, S3Store, SqsQueue};

/// A server for one test: answers each request as `answer` says of its head, and keeps them.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    _tasks: JoinSet<()>,
}

/// What to answer to a request with this head, in lower case; nothing is never an answer.
pub(crate) type Answer = fn(&str) -> Option<String>;

impl Server {
    pub(crate) async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::default();
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, answer, Arc::clone(&requests)));
        Self { address, requests, _tasks: tasks }
    }

    pub(crate) fn store(&self, owner: Option<&str>) -> S3Store {
        S3Store::new(&self.connection(), owner.map(str::to_owned))
    }

    pub(crate) fn queue(&self) -> SqsQueue {
        SqsQueue::new(&self.connection(), &self.queue_url())
    }

    pub(crate) fn queue_url(&self) -> String {
        format!("http://{}/111122223333/trail", self.address)
    }

    pub(crate) fn connection(&self) -> Connection {
        let credentials = Credentials::new("test", "test", None, None, "test");
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            .endpoint_url(format!("http://{}", self.address))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build();
        Connection::over(sdk, None)
    }

    /// The heads of the requests so far, in lower case, each with its body behind it.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn serve(listener: TcpListener, answer: Answer, requests: Arc<Mutex<Vec<String>>>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(converse(stream, answer, Arc::clone(&requests)));
    }
}

async fn converse(mut stream: TcpStream, answer: Answer, requests: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).await.unwrap();
    requests.lock().unwrap().push(format!("{head}{}", String::from_utf8(body).unwrap()));
    match answer(&head) {
        Some(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
        None => std::future::pending().await,
    }
}

pub(crate) fn answer(status: &str, headers: &str, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    ))
}

pub(crate) fn error(status: &str, headers: &str, code: &str) -> Option<String> {
    answer(status, headers, &format!("<Error><Code>{code}</Code><Message>no</Message></Error>"))
}
