//! `traild healthcheck`: asks the running daemon, for containers that have no other program.

use crate::complain;
use crate::config::Listen;
use crate::exit::Exit;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(3);

/// Whether the daemon that listens there answers.
pub(crate) fn healthcheck(listen: Listen) -> Exit {
    let Listen::At(address) = listen else {
        complain("traild: admin.listen is \"off\": there is nothing to ask");
        return Exit::Usage;
    };
    match ask(reachable(address)) {
        Ok(true) => Exit::Done,
        Ok(false) => {
            complain(&format!("traild: {address} answered, and not with 200"));
            Exit::Failed
        }
        Err(error) => {
            complain(&format!("traild: no answer from {address}: {error}"));
            Exit::Failed
        }
    }
}

/// An address that means every interface is listened on, and cannot be connected to everywhere.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        IpAddr::V4(_) | IpAddr::V6(_) => {}
    }
    address
}

fn ask(address: SocketAddr) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(b"GET /healthz HTTP/1.0\r\nHost: traild\r\n\r\n")?;
    let mut status = [0; 12];
    stream.read_exact(&mut status)?;
    Ok(status.ends_with(b" 200"))
}
