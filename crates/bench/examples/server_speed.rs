//! How fast the server is, so that it is known not to be what is measured:
//! `cargo run --release -p traild-bench --example server_speed -- [CONNECTIONS] [OBJECT_BYTES]`.
//!
//! Clients share the machine with it, and do as little as they can: a request that is ready, one
//! after the other on each connection, and answers that are not looked at beyond their length.

#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "it tells what it measured")]

use anyhow::{Context as _, Result};
use bytes::Bytes;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use traild_bench::server::Server;

const KEYS: usize = 10_000;
const LASTS: Duration = Duration::from_secs(5);
const MESSAGES: usize = 20_000;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse());
    let connections = arguments.next().transpose()?.unwrap_or(32);
    let length = arguments.next().transpose()?.unwrap_or(5_000);
    let server = Server::start().await?;
    let object = Bytes::from(vec![b'x'; length]);
    for number in 0..KEYS {
        server.put("trail", &key(number), object.clone());
    }
    let address = server.endpoint().trim_start_matches("http://").parse()?;
    let gets = |client| (0..KEYS).map(move |number| get(number + client * 97)).collect();
    let rate = calls_per_second(address, connections, gets).await?;
    println!("{rate:>9.0} GetObject/s of {length} bytes, {connections} connections");
    server.set_max_receives(u32::MAX);
    for number in 0..MESSAGES {
        server.send(format!("{{\"number\":{number},\"filler\":\"{}\"}}", "x".repeat(800)));
    }
    let receives = |_client| vec![receive(&server.queue_url())];
    let rate = calls_per_second(address, connections, receives).await?;
    let counts = server.counts();
    let each = counts.received / counts.receives.max(1);
    println!(
        "{rate:>9.0} ReceiveMessage/s of {each} messages of 0.8 kB, {connections} connections"
    );
    Ok(())
}

fn key(number: usize) -> String {
    format!("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/07/16/{:08}.json.gz", number % KEYS)
}

fn get(number: usize) -> String {
    let key = key(number);
    format!("GET /trail/{key}?x-id=GetObject HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
}

/// Ten messages, which come again at once: the queue never runs dry.
fn receive(queue_url: &str) -> String {
    let body = format!(
        "{{\"QueueUrl\":\"{queue_url}\",\"MaxNumberOfMessages\":10,\"VisibilityTimeout\":0,\
         \"MessageSystemAttributeNames\":[\"ApproximateReceiveCount\",\"SentTimestamp\"]}}"
    );
    let length = body.len();
    format!(
        "POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-amz-target: AmazonSQS.ReceiveMessage\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
}

async fn calls_per_second(
    address: SocketAddr,
    connections: usize,
    requests: impl Fn(usize) -> Vec<String>,
) -> Result<f64> {
    let started = Instant::now();
    let mut clients = JoinSet::new();
    for client in 0..connections {
        clients.spawn(call(address, requests(client), started + LASTS));
    }
    let mut calls = 0;
    while let Some(ended) = clients.join_next().await {
        calls += ended??;
    }
    Ok(f64::from(calls) / started.elapsed().as_secs_f64())
}

/// Sends the requests again and again until a time; how many.
async fn call(address: SocketAddr, requests: Vec<String>, until: Instant) -> Result<u32> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 1 << 18];
    let mut calls = 0;
    for request in requests.iter().cycle() {
        if Instant::now() >= until {
            break;
        }
        stream.write_all(request.as_bytes()).await?;
        answer(&mut stream, &mut buffer).await?;
        calls += 1;
    }
    Ok(calls)
}

/// Reads one answer to its end.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<()> {
    let mut read = 0;
    let (head, length) = loop {
        read += more(stream, buffer.get_mut(read..).unwrap_or_default()).await?;
        let so_far = buffer.get(..read).unwrap_or_default();
        if let Some(end) = so_far.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = so_far.get(..end).unwrap_or_default();
            break (end + 4, content_length(head).context("no content length")?);
        }
    };
    let mut left = (head + length).saturating_sub(read);
    while left > 0 {
        left = left.saturating_sub(more(stream, buffer).await?);
    }
    Ok(())
}

async fn more(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<usize> {
    let count = stream.read(buffer).await?;
    anyhow::ensure!(count > 0, "the connection ended");
    Ok(count)
}

fn content_length(head: &[u8]) -> Option<usize> {
    let head = std::str::from_utf8(head).ok()?;
    head.strip_prefix("HTTP/1.1 200")?;
    let mut pairs = head.lines().filter_map(|line| line.split_once(": "));
    pairs.find(|(name, _)| *name == "content-length")?.1.parse().ok()
}
