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
    let is_email = |name: &Text<'_>| {
        name.escaped().bytes().position(|byte| byte == b'@').is_some_and(|at| at > 0)
    };
    name(about).filter(is_email).map_or(Wrote::Nothing, |name| string(name, line))
}

/// Writes the name of the session, unless the user is given a new name.
pub(super) fn session(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    match session_name(about) {
        Some(name) if text(&about.event, Field::RequestNewUserName).is_none() => {
            string(name, line);
            Wrote::Part
        }
        Some(_) | None => Wrote::Nothing,
    }
}

/// The name of the session.
pub(super) fn session_name<'a>(about: &About<'a>) -> Option<Text<'a>> {
    let arn = about.event.text(Field::UserIdentityArn)?.escaped();
    arn.get(about.facts.session?..).map(Text::new)
}
