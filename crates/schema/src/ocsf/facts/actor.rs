//! Who did it.

use super::{first, says};
use crate::ocsf::class::Class;
use trail_event::{Event, Field};

/// What can be told of who did it. OCSF wants a user to have a name, an id or an account.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Actor {
    /// The field that holds the user's name.
    pub(crate) name: Option<Field>,
    /// The field that stands in for the user's id, where nothing else makes it a user.
    pub(crate) id: Option<Field>,
    /// Whether the user's account is told.
    pub(crate) has_account: bool,
    /// Whether there is a user at all.
    pub(crate) is_user: bool,
}

/// What may hold the name of who signs in.
pub(crate) const NAMES: &[Field] = &[Field::UserIdentityUserName, Field::AdditionalUserName];

/// What tells users apart, where there is no ARN.
pub(crate) const IDS: &[Field] = &[
    Field::UserIdentityPrincipalId,
    Field::OnBehalfOfUserId,
    Field::UserIdentityAccessKeyId,
    Field::CredentialId,
];

impl Actor {
    pub(crate) fn of(event: &Event<'_>, class: Class) -> Self {
        let name = match class {
            Class::Authentication => first(event, NAMES),
            Class::ApiActivity
            | Class::AccountChange
            | Class::GroupManagement
            | Class::DatastoreActivity => first(event, &[Field::UserIdentityUserName]),
        };
        let has_account = says(event, Field::UserIdentityAccountId).is_some();
        let is_known =
            has_account || name.is_some() || says(event, Field::UserIdentityArn).is_some();
        let id = if is_known { None } else { first(event, IDS) };
        Self { name, id, has_account, is_user: is_known || id.is_some() }
    }
}
