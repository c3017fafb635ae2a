//! Which class an event is of, and which activity of it.

mod account;
mod api;
mod authentication;
mod datastore;
mod group;

use super::{Detail, Target};
use trail_event::{Event, Field};

pub(super) use account::is_for_caller;

/// A class of OCSF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    ApiActivity,
    Authentication,
    AccountChange,
    GroupManagement,
    DatastoreActivity,
}

/// What was done, as a class tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Activity {
    /// Its `activity_id`.
    pub(crate) id: u8,
    /// What OCSF calls it.
    pub(crate) caption: &'static str,
}

/// The action that was called.
#[derive(Clone, Copy, Debug)]
struct Call<'a> {
    event: &'a Event<'a>,
    /// The first part of the service's DNS name: `iam`.
    service: &'a str,
    name: &'a str,
    target: Target,
}

impl Activity {
    /// One that the class has no name for.
    pub(crate) const OTHER: Self = Self::new(99, "Other");

    const fn new(id: u8, caption: &'static str) -> Self {
        Self { id, caption }
    }
}

impl Class {
    pub(crate) const ALL: [Self; 5] = [
        Self::ApiActivity,
        Self::Authentication,
        Self::AccountChange,
        Self::GroupManagement,
        Self::DatastoreActivity,
    ];

    /// Its `class_uid`.
    pub(crate) const fn uid(self) -> &'static str {
        match self {
            Self::ApiActivity => "6003",
            Self::Authentication => "3002",
            Self::AccountChange => "3001",
            Self::GroupManagement => "3006",
            Self::DatastoreActivity => "6005",
        }
    }

    /// What OCSF calls it.
    pub(crate) const fn caption(self) -> &'static str {
        match self {
            Self::ApiActivity => "API Activity",
            Self::Authentication => "Authentication",
            Self::AccountChange => "Account Change",
            Self::GroupManagement => "Group Management",
            Self::DatastoreActivity => "Datastore Activity",
        }
    }

    /// Its `class_name`: the caption as JSON.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ApiActivity => r#""API Activity""#,
            Self::Authentication => r#""Authentication""#,
            Self::AccountChange => r#""Account Change""#,
            Self::GroupManagement => r#""Group Management""#,
            Self::DatastoreActivity => r#""Datastore Activity""#,
        }
    }

    /// The `category_uid` of its category: the first digit of its own.
    pub(crate) const fn category_uid(self) -> &'static str {
        match self {
            Self::ApiActivity | Self::DatastoreActivity => "6",
            Self::Authentication | Self::AccountChange | Self::GroupManagement => "3",
        }
    }

    /// The `category_name`, as JSON.
    pub(crate) const fn category_name(self) -> &'static str {
        match self {
            Self::ApiActivity | Self::DatastoreActivity => r#""Application Activity""#,
            Self::Authentication | Self::AccountChange | Self::GroupManagement => {
                r#""Identity & Access Management""#
            }
        }
    }

    /// The class of an event, and the activity. A name alone does not make a sign-in or a change of
    /// an account: it counts only for the service that has it.
    pub(crate) fn of(event: &Event<'_>, target: Target) -> (Self, Activity) {
        let name = event.text(Field::EventName).and_then(|name| name.plain()).unwrap_or_default();
        let source = event.text(Field::EventSource).and_then(|source| source.plain());
        let service = source.and_then(service).unwrap_or_default();
        let call = Call { event, service, name, target };
        call.special().unwrap_or_else(|| (Self::ApiActivity, api::activity(&call)))
    }
}

impl Call<'_> {
    /// The class, if it is not API Activity, which takes all others.
    fn special(&self) -> Option<(Class, Activity)> {
        let Self { service, .. } = *self;
        let is_extended = self.target.detail == Detail::Extended;
        if is_extended && let Some(activity) = group::activity(self) {
            return Some((Class::GroupManagement, activity));
        }
        if matches!(service, "signin" | "sts" | "sso" | "sso-directory")
            && let Some(activity) = authentication::activity(self)
        {
            return Some((Class::Authentication, activity));
        }
        if matches!(service, "iam" | "signin" | "account")
            && let Some(activity) = account::activity(self)
        {
            return Some((Class::AccountChange, activity));
        }
        if is_extended && let Some(activity) = datastore::activity(self) {
            return Some((Class::DatastoreActivity, activity));
        }
        None
    }
}

/// `iam` of `iam.amazonaws.com`; other partitions have other endings.
fn service(source: &str) -> Option<&str> {
    let dot = memchr::memchr(b'.', source.as_bytes())?;
    source.get(dot..)?.strip_prefix(".amazonaws.").and_then(|_rest| source.get(..dot))
}

#[cfg(test)]
mod tests;
