//! HTTP by hand: one request on a connection of its own, and whatever comes of it.

use serde_json::Value;
use std::io;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use traild_bench::server::Server;

/// An answer, as far as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    /// How the connection ended.
    pub(crate) ending: io::Result<()>,
}

impl Answer {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.find(|(own, _)| *own == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The code of an error in XML.
    pub(crate) fn code(&self) -> &str {
        let rest = self.text().split_once("<Code>").map_or("", |(_, rest)| rest);
        rest.split_once("</Code>").map_or("", |(code, _)| code)
    }

    /// Whether all that was announced came.
    pub(crate) fn is_whole(&self) -> bool {
        self.header("content-length") == self.body.len().to_string()
    }
}

/// What is left of a connection that ends before there is a head.
pub(crate) const NO_ANSWER: u16 = 0;

async fn exchange(server: &Server, request: String) -> Answer {
    let address = server.endpoint().replace("http://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let ending = stream.read_to_end(&mut bytes).await.map(|_| ());
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let Some(end) = end else {
        return Answer { status: NO_ANSWER, head: String::new(), body: Vec::new(), ending };
    };
    let body = bytes.split_off(end + 4);
    let head = String::from_utf8(bytes).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head, body, ending }
}

/// A request to S3: the path, and headers with line ends.
pub(crate) async fn s3(server: &Server, method: &str, path: &str, headers: &str) -> Answer {
    let request =
        format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n");
    exchange(server, request).await
}

/// `GetObject` without more.
pub(crate) async fn get(server: &Server, path: &str) -> Answer {
    s3(server, "GET", path, "").await
}

/// A call to the queue of SQS, or to another that the body names.
pub(crate) async fn sqs(server: &Server, operation: &str, mut call: Value) -> Answer {
    let url = server.queue_url();
    call.as_object_mut().unwrap().entry("QueueUrl").or_insert(url.into());
    let (body, target) = (call.to_string(), format!("AmazonSQS.{operation}"));
    let length = body.len();
    let request = format!(
        "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-amz-target: {target}\r\n\
         content-length: {length}\r\n\r\n{body}"
    );
    exchange(server, request).await
}
