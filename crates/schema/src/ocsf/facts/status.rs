//! How it ended.

use super::{first, says};
use crate::ocsf::class::Class;
use trail_event::{Event, Field};

/// How an action ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Success,
    Failure,
    /// As this field says, in words of its own.
    Other(Field),
}

/// Where sign-ins say how they ended.
const OUTCOMES: &[Field] = &[
    Field::ResponseConsoleLogin,
    Field::ResponseCheckMfa,
    Field::CredentialChallenge,
    Field::CredentialVerification,
    Field::UserAuthentication,
];

impl Status {
    /// An error is a failure. A sign-in that fails has a message and no code, and says so itself.
    pub(crate) fn of(event: &Event<'_>, class: Class) -> Self {
        if has(event, Field::ErrorCode) {
            return Self::Failure;
        }
        if class != Class::Authentication {
            return Self::Success;
        }
        if has(event, Field::ErrorMessage) {
            return Self::Failure;
        }
        first(event, OUTCOMES).map_or(Self::Success, |field| match says(event, field) {
            Some(outcome) if outcome.is("Failure") => Self::Failure,
            Some(outcome) if outcome.is("Success") => Self::Success,
            Some(_) | None => Self::Other(field),
        })
    }

    /// Its `status_id`.
    pub(crate) fn id(self) -> u8 {
        match self {
            Self::Success => 1,
            Self::Failure => 2,
            Self::Other(_) => 99,
        }
    }
}

/// Whether a field says anything, whatever its type.
fn has(event: &Event<'_>, field: Field) -> bool {
    let value = event.value(field);
    value.is_some_and(|value| !value.is_empty() && value.text().is_none_or(|text| !text.is_empty()))
}
