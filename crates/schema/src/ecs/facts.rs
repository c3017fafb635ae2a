//! What is found out about an event once, before its rows are asked.

use super::class::Class;
use crate::table::Subject;
use std::net::IpAddr;
use trail_event::{Event, Field, Text, Timestamp};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    /// When it was, if it says so.
    pub(super) time: Option<(Field, Timestamp)>,
    pub(super) class: Option<&'static Class>,
    pub(super) outcome: Outcome,
    /// Whether someone signs in to the console.
    pub(super) is_sign_in: bool,
    /// Where in `userIdentity.arn` the name of the session begins, if the user is one that has a
    /// name of its own: of a role or a federated user.
    pub(super) session: Option<usize>,
    /// Where the request came from, unless it says a name.
    pub(super) address: Option<IpAddr>,
    /// The field that is the user's name.
    pub(super) name: Option<Field>,
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Success,
    Failure,
    Unknown,
}

impl Facts {
    pub(super) fn of(event: &Event<'_>) -> Self {
        let escaped = |field| event.text(field).map_or("", Text::escaped);
        // As it is escaped: the names that are looked for have no escapes.
        let action = escaped(Field::EventName);
        let kind = escaped(Field::UserIdentityType);
        let is_session = matches!(kind, "AssumedRole" | "FederatedUser");
        let is_sign_in = action == "ConsoleLogin";
        Self {
            time: time(event, Field::EventTime).or_else(|| time(event, Field::WindowStart)),
            class: Class::of(action),
            outcome: Outcome::of(event, is_sign_in),
            is_sign_in,
            session: if is_session { session(escaped(Field::UserIdentityArn)) } else { None },
            address: event.source_address(),
            name: name(event, is_session, action == "UserAuthentication"),
        }
    }
}

/// Where the last part begins of `arn:aws:sts::111122223333:assumed-role/ROLE/SESSION`.
fn session(arn: &str) -> Option<usize> {
    let slash = memchr::memrchr(b'/', arn.as_bytes())?;
    let before = arn.get(..slash)?.strip_prefix("arn:")?;
    let partition = before.bytes().position(|byte| byte == b':')?;
    let service = before.as_bytes().get(partition + 1..)?;
    let is_sts = matches!(service, b"sts" | [b's', b't', b's', b':', ..]);
    (is_sts && slash + 1 < arn.len()).then_some(slash + 1)
}

impl Outcome {
    /// An error is a failure. A sign-in to the console says itself how it went: when it fails, it
    /// may have no error code.
    fn of(event: &Event<'_>, is_sign_in: bool) -> Self {
        let login = if is_sign_in { text(event, Field::ResponseConsoleLogin) } else { None };
        let has_text = |field| text(event, field).is_some();
        let is_error = has_text(Field::ErrorCode) || has_text(Field::ErrorMessage);
        match login {
            Some(login) if login.is("Success") => Self::Success,
            Some(login) if login.is("Failure") => Self::Failure,
            Some(_) => Self::Unknown,
            None if is_error => Self::Failure,
            None => Self::Success,
        }
    }

    pub(super) const fn json(self) -> &'static str {
        match self {
            Self::Success => "\"success\"",
            Self::Failure => "\"failure\"",
            Self::Unknown => "\"unknown\"",
        }
    }
}

fn time(event: &Event<'_>, field: Field) -> Option<(Field, Timestamp)> {
    Some((field, Timestamp::of(event.value(field)?)?))
}

/// Who the user is: for sessions of a role, the role.
fn name(event: &Event<'_>, is_session: bool, is_authentication: bool) -> Option<Field> {
    let is_name = |field| text(event, field).is_some();
    if is_session && is_name(Field::SessionIssuerUserName) {
        Some(Field::SessionIssuerUserName)
    } else if is_name(Field::UserIdentityUserName) {
        Some(Field::UserIdentityUserName)
    } else {
        (is_authentication && is_name(Field::AdditionalUserName))
            .then_some(Field::AdditionalUserName)
    }
}

/// What a field says, if it is a string, number or boolean and not empty.
#[inline]
pub(super) fn text<'a>(event: &Event<'a>, field: Field) -> Option<Text<'a>> {
    event.says_something(field)
}

/// What rows of this schema are asked about.
pub(super) type About<'a> = Subject<'a, Facts>;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arn: &str, name: Option<&str>) {
        assert_eq!(session(arn).and_then(|start| arn.get(start..)), name, "{arn}");
    }

    #[test]
    fn sessions_of_sts_have_names() {
        check("arn:aws:sts::111122223333:assumed-role/ROLE/me@example.org", Some("me@example.org"));
        check("arn:aws-cn:sts::111122223333:federated-user/me", Some("me"));
        check("arn:aws:sts/me", Some("me"));
        for none in [
            "arn:aws:iam::1:user/me",
            "arn:aws:stst::1:a/me",
            "arn:aws:sts::1:a/",
            "arn:sts/a",
            "x:aws:sts:/a",
            "arn:aws:sts::1",
            "",
        ] {
            check(none, None);
        }
    }
}
