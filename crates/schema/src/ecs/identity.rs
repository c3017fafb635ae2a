//! Who: the names of users.

use super::facts::{About, text};
use crate::convert::string;
use crate::table::Wrote;
use trail_event::{Field, Text};

/// The fields that `user.id` is the first of.
pub(super) const ID: &[Field] = &[Field::UserIdentityPrincipalId, Field::OnBehalfOfUserId];

/// The name of the user.
pub(super) fn name<'a>(about: &About<'a>) -> Option<Text<'a>> {
    text(&about.event, about.facts.name?)
}

/// Writes the name of the user where it is an address of electronic mail.
pub(super) fn email(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    let is_email = |name: &Text<'_>| name.escaped().find('@').is_some_and(|at| at > 0);
    name(about).filter(is_email).map_or(Wrote::Nothing, |name| string(name, line))
}

/// Writes the name of the session, unless the user is given a new name.
pub(super) fn session(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    if text(&about.event, Field::RequestNewUserName).is_some() {
        return Wrote::Nothing;
    }
    match session_name(about) {
        Some(name) => {
            string(name, line);
            Wrote::Part
        }
        None => Wrote::Nothing,
    }
}

/// What stands last in `arn:aws:sts::111122223333:assumed-role/ROLE/SESSION`.
pub(super) fn session_name<'a>(about: &About<'a>) -> Option<Text<'a>> {
    if !about.facts.is_session {
        return None;
    }
    let arn = about.event.text(Field::UserIdentityArn)?.escaped();
    let slash = memchr::memrchr(b'/', arn.as_bytes())?;
    let (before, name) = (arn.get(..slash)?, arn.get(slash + 1..)?);
    let mut parts = before.split(':');
    let is_sts = parts.next() == Some("arn") && parts.nth(1) == Some("sts");
    (is_sts && !name.is_empty()).then(|| Text::new(name))
}
