//! Who acted, in one string.

use super::Identity;
use crate::field::Field;
use crate::text::Text;
use std::fmt;

/// Who acted, in one string: the ARN if there is one, which for a session of a role ends in the
/// names of both; else a name, the unique id, the service, the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor<'a> {
    parts: [Text<'a>; 3],
}

/// Where a name is, the best first.
const NAMES: [Field; 6] = [
    Field::UserIdentityUserName,
    // For a user of Identity Center who signs in.
    Field::AdditionalUserName,
    Field::OnBehalfOfUserId,
    Field::UserIdentityPrincipalId,
    Field::CredentialId,
    Field::SessionIssuerArn,
];

impl<'a> Actor<'a> {
    pub(super) fn of(identity: &Identity<'a>) -> Option<Self> {
        let text = |field| identity.text(field);
        let whole = |name| Self { parts: [name, Text::new(""), Text::new("")] };
        let service = || identity.by_service().map(whole);
        text(Field::UserIdentityArn)
            .map(whole)
            .or_else(|| role_session(identity))
            .or_else(|| NAMES.into_iter().find_map(text).map(whole))
            .or_else(service)
            .or_else(|| text(Field::UserIdentityAccountId).map(whole))
    }

    /// Its parts, to be put together.
    pub fn parts(self) -> [Text<'a>; 3] {
        self.parts
    }

    /// Appends it.
    pub fn append(self, to: &mut String) {
        for part in self.parts {
            to.extend(part.chars());
        }
    }
}

/// `ROLE/SESSION`, as in the ARN, for a session of a role whose ARN is missing: the session is
/// the end of its unique id.
fn role_session<'a>(identity: &Identity<'a>) -> Option<Actor<'a>> {
    let role = identity.text(Field::SessionIssuerUserName)?;
    let principal = identity.text(Field::UserIdentityPrincipalId)?;
    let (id, session) = principal.escaped().split_once(':')?;
    id.starts_with("AROA").then(|| Actor { parts: [role, Text::new("/"), Text::new(session)] })
}

impl fmt::Display for Actor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| part.fmt(f))
    }
}
