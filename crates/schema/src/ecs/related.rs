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
    let [source, asked] = [Field::SourceIpAddress, Field::ClientProvidedHostHeader];
    let host = |field| about.event.text(field).filter(|text| is_host(*text));
    array(&[host(source).filter(|_| about.facts.address.is_none()), host(asked)], line)
}

/// Whether it is a name in DNS: services call themselves `AWS Internal` too, and anonymised
/// addresses have numbers that are none.
fn is_host(text: Text<'_>) -> bool {
    let name = text.escaped().as_bytes();
    let is_known = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let last = memchr::memrchr(b'.', name).and_then(|dot| name.get(dot + 1..));
    let is_top = |label: &[u8]| label.iter().any(u8::is_ascii_alphabetic);
    last.is_some_and(is_top) && name.first() != Some(&b'.') && name.iter().all(is_known)
}

/// Writes an array of those that are there, each once.
fn array(texts: &[Option<Text<'_>>], line: &mut Vec<u8>) -> Wrote {
    let start = line.len();
    line.push(b'[');
    for (place, text) in texts.iter().enumerate() {
        let before = texts.get(..place).unwrap_or_default();
        if let Some(text) = text.filter(|_| !before.contains(text)) {
            string(text, line);
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
