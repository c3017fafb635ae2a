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
    /// Whether the user is a session that has a name of its own: of a role or a federated user.
    pub(super) is_session: bool,
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
        let action = event.text(Field::EventName).and_then(Text::plain).unwrap_or_default();
        let kind = event.text(Field::UserIdentityType).and_then(Text::plain);
        let is_session = matches!(kind, Some("AssumedRole" | "FederatedUser"));
        let is_sign_in = action == "ConsoleLogin";
        Self {
            time: time(event, Field::EventTime).or_else(|| time(event, Field::WindowStart)),
            class: Class::of(action),
            outcome: Outcome::of(event, is_sign_in),
            is_sign_in,
            is_session,
            address: event.source_address(),
            name: name(event, is_session, action == "UserAuthentication"),
        }
    }
}

impl Outcome {
    /// An error is a failure. A sign-in to the console says itself how it went: when it fails, it
    /// may have no error code.
    fn of(event: &Event<'_>, is_sign_in: bool) -> Self {
        let login = text(event, Field::ResponseConsoleLogin).filter(|_| is_sign_in);
        let is_error = [Field::ErrorCode, Field::ErrorMessage]
            .into_iter()
            .any(|field| text(event, field).is_some());
        match login {
            Some(login) if login.is("Success") => Self::Success,
            Some(login) if login.is("Failure") => Self::Failure,
            Some(_) => Self::Unknown,
            None if is_error => Self::Failure,
            None => Self::Success,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Unknown => "unknown",
        }
    }
}

fn time(event: &Event<'_>, field: Field) -> Option<(Field, Timestamp)> {
    Some((field, Timestamp::of(event.value(field)?)?))
}

/// Who the user is: for sessions of a role, the role.
fn name(event: &Event<'_>, is_session: bool, is_authentication: bool) -> Option<Field> {
    let candidates = [
        (Field::SessionIssuerUserName, is_session),
        (Field::UserIdentityUserName, true),
        (Field::AdditionalUserName, is_authentication),
    ];
    let is_name = |(field, counts): &(Field, bool)| *counts && text(event, *field).is_some();
    candidates.into_iter().find(is_name).map(|(field, _)| field)
}

/// What a field says, if it is a string, number or boolean and not empty.
pub(super) fn text<'a>(event: &Event<'a>, field: Field) -> Option<Text<'a>> {
    event.value(field)?.scalar().filter(|text| !text.is_empty())
}

/// What rows of this schema are asked about.
pub(super) type About<'a> = Subject<'a, Facts>;
