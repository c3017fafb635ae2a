//! A [`Gate`] before the server: it refuses what is signed for another time, as AWS does.

use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// SQS allows so much; S3 allows 15 minutes.
const ALLOWED: SignedDuration = SignedDuration::from_mins(5);

pub(super) struct Gate {
    endpoint: String,
    refused: Arc<AtomicUsize>,
}

/// A request, as far as it matters here.
struct Request {
    head: String,
    body: Vec<u8>,
}

impl Gate {
    /// Lets through to `endpoint`, until the test ends.
    pub(super) fn before(endpoint: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let gate = Self {
            endpoint: format!("http://{}", listener.local_addr().unwrap()),
            refused: Arc::default(),
        };
        let server = endpoint.strip_prefix("http://").unwrap().to_owned();
        let refused = Arc::clone(&gate.refused);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (server, refused) = (server.clone(), Arc::clone(&refused));
                // Either end may break off at any time: the other one sees it.
                thread::spawn(move || pass(client, &server, &refused).unwrap_or_default());
            }
        });
        gate
    }

    pub(super) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Requests refused so far.
    pub(super) fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }
}

/// One request; the connection ends with its answer.
fn pass(mut client: TcpStream, server: &str, refused: &AtomicUsize) -> io::Result<()> {
    let request = Request::read(&client)?;
    if request.is_skewed() {
        refused.fetch_add(1, Ordering::Relaxed);
        return client.write_all(request.refusal().as_bytes());
    }
    let mut server = TcpStream::connect(server)?;
    server.write_all(request.head.as_bytes())?;
    server.write_all(b"connection: close\r\n\r\n")?;
    server.write_all(&request.body)?;
    io::copy(&mut server, &mut client).map(drop)
}

impl Request {
    fn read(client: &TcpStream) -> io::Result<Self> {
        let mut reader = BufReader::new(client);
        let mut head = String::new();
        while reader.read_line(&mut head)? > 2 {}
        head.truncate(head.len().saturating_sub(2));
        let mut request = Self { head, body: Vec::new() };
        let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
        reader.take(length).read_to_end(&mut request.body)?;
        Ok(request)
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn is_skewed(&self) -> bool {
        let Some(date) = self.header("x-amz-date") else { return false };
        let signed = DateTime::strptime("%Y%m%dT%H%M%SZ", date).unwrap();
        let signed = signed.to_zoned(TimeZone::UTC).unwrap().timestamp();
        Timestamp::now().duration_since(signed).abs() > ALLOWED
    }

    fn refusal(&self) -> String {
        let body = if self.header("x-amz-target").is_some() {
            r#"{"__type":"com.amazon.coral.service#InvalidSignatureException","message":"Signature expired"}"#
        } else {
            "<Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the request time \
             and the current time is too large.</Message></Error>"
        };
        let date = Timestamp::now().strftime("%a, %d %b %Y %H:%M:%S GMT");
        let length = body.len();
        format!(
            "HTTP/1.1 403 Forbidden\r\ndate: {date}\r\ncontent-length: {length}\r\n\
             connection: close\r\n\r\n{body}"
        )
    }
}
