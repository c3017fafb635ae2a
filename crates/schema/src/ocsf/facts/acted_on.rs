//! Whose account it was done to.

use super::{actor, first, says};
use crate::ocsf::class::{Class, is_for_caller};
use trail_event::{Event, Field};

/// The fields that tell of the user an action was done to, who OCSF demands to have a name, an id
/// or an account. Nothing at all is known if none of them is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ActedOn {
    pub(crate) name: Option<Field>,
    pub(crate) id: Option<Field>,
    pub(crate) other_id: Option<Field>,
    pub(crate) account: Option<Field>,
}

impl ActedOn {
    pub(crate) fn of(event: &Event<'_>, class: Class) -> Self {
        match class {
            Class::ApiActivity | Class::DatastoreActivity => Self::default(),
            Class::GroupManagement => {
                Self { name: first(event, &[Field::RequestUserName]), ..Self::default() }
            }
            Class::Authentication => Self::session(event).or_account(event),
            Class::AccountChange => Self::changed(event).or_account(event),
        }
    }

    /// Whether there is a user.
    pub(crate) fn is_known(&self) -> bool {
        *self != Self::default()
    }

    /// Who signs in, or the session that begins.
    fn session(event: &Event<'_>) -> Self {
        let name = first(event, &[Field::RequestRoleSessionName]);
        let id = first(event, &[Field::RequestRoleArn, Field::UserIdentityArn]);
        let other_id = first(event, &[Field::UserIdentityPrincipalId]);
        let signs_in = || first(event, actor::NAMES);
        let name = if id.is_none() { name.or_else(signs_in) } else { name };
        Self { name, id, other_id, account: None }
    }

    /// The user or role that the service answered with, or was asked about; the caller, for what is
    /// done to oneself.
    fn changed(event: &Event<'_>) -> Self {
        let id = first(event, &[Field::ResponseUserArn, Field::ResponseRoleArn]);
        let other_id = first(event, &[Field::ResponseUserId, Field::ResponseRoleId]);
        let name = first(
            event,
            &[
                Field::ResponseUserName,
                Field::ResponseRoleName,
                Field::RequestUserName,
                Field::RequestRoleName,
                Field::RequestGroupName,
            ],
        );
        if name.or(id).is_none() && is_done_to_caller(event) {
            return Self {
                name: first(event, &[Field::UserIdentityUserName]),
                id: first(event, &[Field::UserIdentityArn]),
                other_id: first(event, &[Field::UserIdentityPrincipalId]),
                account: None,
            };
        }
        Self { name, id, other_id, account: None }
    }

    /// The account, where no user is named in it; where there is none, whatever id there is.
    fn or_account(self, event: &Event<'_>) -> Self {
        if self.name.or(self.id).is_some() {
            return self;
        }
        let account = first(event, &[Field::RecipientAccountId, Field::UserIdentityAccountId]);
        let id = if account.is_none() { self.other_id } else { None };
        Self { account, id, ..self }
    }
}

fn is_done_to_caller(event: &Event<'_>) -> bool {
    let name = says(event, Field::EventName);
    name.and_then(|name| name.plain()).is_some_and(is_for_caller)
}
