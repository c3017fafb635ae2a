//! Everything of one kind that an event names, for those who look for one of them.

use super::facts::{About, text};
use super::identity;
use crate::convert::string;
use crate::table::Wrote;
use trail_event::{Field, Text};

/// Fields that name users.
pub(super) const USERS: &[Field] = &[
    Field::UserIdentityPrincipalId,
    Field::OnBehalfOfUserId,
    Field::SessionIssuerUserName,
    Field::UserIdentityUserName,
    Field::AdditionalUserName,
    Field::UserIdentityArn,
    Field::RequestUserName,
    Field::RequestNewUserName,
    Field::ResponseUserId,
];

/// Fields that name hosts.
pub(super) const HOSTS: &[Field] = &[Field::SourceIpAddress, Field::ClientProvidedHostHeader];

/// Writes the users.
pub(super) fn users(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    let event = &about.event;
    let id = identity::ID.iter().find_map(|field| text(event, *field));
    let changed = text(event, Field::RequestNewUserName);
    let users = [
        id,
        identity::name(about),
        identity::session_name(about).filter(|_| changed.is_none()),
        text(event, Field::RequestUserName),
        changed,
        text(event, Field::ResponseUserId),
    ];
    array(&users, line)
}

/// Writes the address.
pub(super) fn addresses(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    let address = about.event.text(Field::SourceIpAddress);
    array(&[address.filter(|_| about.facts.address.is_some())], line)
}

/// Writes the host that the request came from and the one that it went to.
pub(super) fn hosts(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    let host = |field| about.event.text(field).filter(|text| is_host(text.escaped()));
    let source = match about.facts.address {
        Some(_) => None,
        None => host(Field::SourceIpAddress),
    };
    array(&[source, host(Field::ClientProvidedHostHeader)], line)
}

/// Whether it is a name in DNS: services call themselves `AWS Internal` too, and anonymised
/// addresses have numbers that are none.
fn is_host(name: &str) -> bool {
    let name = name.as_bytes();
    let last = name.iter().rposition(|byte| *byte == b'.').and_then(|dot| name.get(dot + 1..));
    let is_top = |label: &[u8]| label.iter().any(u8::is_ascii_alphabetic);
    last.is_some_and(is_top) && name.first() != Some(&b'.') && are_known(name)
}

/// Bytes that are looked at together, in a form that compilers turn into vector instructions.
const BLOCK: usize = 16;

/// Whether all are letters, digits, hyphens or dots.
fn are_known(name: &[u8]) -> bool {
    let is_known = |byte: u8| {
        // From the hyphen to the nine stand these and the slash.
        let is_mark_or_digit = byte.wrapping_sub(b'-') <= b'9' - b'-' && byte != b'/';
        is_mark_or_digit | ((byte | 0x20).wrapping_sub(b'a') < 26)
    };
    let are_known = |block: &[u8; BLOCK]| block.map(is_known) == [true; BLOCK];
    let (blocks, _) = name.as_chunks::<BLOCK>();
    match name.last_chunk::<BLOCK>() {
        Some(last) => blocks.iter().all(are_known) && are_known(last),
        None => name.iter().all(|byte| is_known(*byte)),
    }
}

/// Writes an array of those that are there, each once.
fn array(texts: &[Option<Text<'_>>], line: &mut Vec<u8>) -> Wrote {
    let start = line.len();
    line.push(b'[');
    for (place, text) in texts.iter().enumerate() {
        let Some(text) = text else { continue };
        let mut before = texts.get(..place).unwrap_or_default().iter().flatten();
        if !before.any(|other| other == text) {
            string(*text, line);
            line.push(b',');
        }
    }
    match line.last_mut() {
        Some(last @ b',') => {
            *last = b']';
            Wrote::Part
        }
        _ => {
            line.truncate(start);
            Wrote::Nothing
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_dns_are_hosts() {
        let hosts = ["a.b", "s3.eu-central-1.amazonaws.com", "A-Z.0-9.org", "under16bytes.com"];
        assert!(hosts.into_iter().all(is_host));
        for byte in (0..=127_u8).map(char::from) {
            let is_known = byte.is_ascii_alphanumeric() || matches!(byte, '-' | '.');
            for name in [format!("a{byte}.b"), format!("a{byte}bcdefghijklmnopqrstuvwxyz.b")] {
                assert_eq!(is_host(&name), is_known, "{name}");
            }
        }
    }

    #[test]
    fn others_are_not() {
        let others = ["", "localhost", ".a", "a.", "192.0.2.999", "AWS Internal", "a.b\u{e9}"];
        assert!(!others.into_iter().any(is_host));
    }
}
