//! What the daemon's admin server says of it.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

const ANSWER: Duration = Duration::from_secs(1);

/// Whether it says that it is ready, else why it is not; `None` where it does not answer.
pub(super) fn readiness(port: u16) -> Option<Result<(), String>> {
    let answer = ask(port)?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let is_ready = head.starts_with("HTTP/1.1 200 ");
    Some(if is_ready { Ok(()) } else { Err(body.trim().to_owned()) })
}

fn ask(port: u16) -> Option<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, ANSWER).ok()?;
    stream.set_read_timeout(Some(ANSWER)).ok()?;
    stream
        .write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}
