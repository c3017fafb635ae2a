//! Who made a request.
//!
//! Every service's documentation of its events promises that the identity element tells "whether
//! the request was made with root or IAM user credentials; with temporary security credentials for
//! a role or federated user; by another AWS service". Here it is asked.

mod actor;
mod credentials;
#[cfg(test)]
mod tests;

pub use actor::Actor;
pub use credentials::Credentials;

use crate::details::Origin;
use crate::event::Event;
use crate::field::Field;
use crate::kinds::IdentityKind;
use crate::text::Text;
use crate::time::Timestamp;
use crate::value::Value;

/// Who made a request, as `userIdentity` and the fields around it tell.
///
/// Source: CloudTrail User Guide, "userIdentity element".
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    event: Event<'a>,
}

/// How `invokedBy` starts when it is the console. That one signs with what the person was given
/// who uses it, and asks for what that person clicked on: it is no service that acts.
const CONSOLE: [&str; 2] = ["signin.", "console."];

impl<'a> Event<'a> {
    /// Who made the request.
    #[must_use]
    pub fn identity(&self) -> Identity<'a> {
        Identity { event: *self }
    }
}

impl<'a> Identity<'a> {
    /// Kind of identity, as the record names it.
    #[must_use]
    pub fn kind(&self) -> Option<IdentityKind> {
        self.event.text(Field::UserIdentityType).map(IdentityKind::of)
    }

    /// With which kind of credentials the request was made.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        Credentials::of(self)
    }

    /// Whether the request was made with temporary security credentials; none when nothing says.
    ///
    /// Sessions of roles and federated users are. Users and root are when the record tells of their
    /// session, as it does "if the request was made with temporary security credentials", or when
    /// the access key is one of STS. A service, a token that is no AWS credential yet, nobody:
    /// nothing says.
    #[must_use]
    pub fn is_temporary(&self) -> Option<bool> {
        match self.credentials() {
            Credentials::AssumedRole | Credentials::Role | Credentials::Federated => Some(true),
            Credentials::Root | Credentials::IamUser => Some(self.has_session()),
            Credentials::AwsService | Credentials::Anonymous | Credentials::None => None,
            Credentials::IdentityCenter
            | Credentials::Saml
            | Credentials::WebIdentity
            | Credentials::Directory
            | Credentials::OtherAccount
            | Credentials::Unknown => self.has_session().then_some(true).or(self.long_lived()),
        }
    }

    /// Which service made the request, by itself or on the identity's behalf: its DNS name, or
    /// `AWS Internal` where the record does not say more. The console is none: a person asks, and
    /// `invokedBy` is `signin.amazonaws.com` then.
    #[must_use]
    pub fn by_service(&self) -> Option<Text<'a>> {
        self.invoking_service().or_else(|| {
            let is_service = self.credentials() == Credentials::AwsService;
            is_service.then(|| self.service_at_source())?
        })
    }

    /// Who acted.
    #[must_use]
    pub fn actor(&self) -> Option<Actor<'a>> {
        Actor::of(self)
    }

    /// Whether the session was made with multi-factor authentication. Written as a string.
    #[must_use]
    pub fn has_mfa(&self) -> Option<bool> {
        self.event.value(Field::MfaAuthenticated).and_then(Value::boolean)
    }

    /// When the temporary credentials were given, in the extended or the basic form.
    #[must_use]
    pub fn session_began(&self) -> Option<Timestamp> {
        self.event.value(Field::SessionCreationDate).and_then(Timestamp::of)
    }

    /// Whether the session is one of sts:AssumeRoot. Seen as a string.
    #[must_use]
    pub fn is_assumed_root(&self) -> bool {
        self.event.value(Field::AssumedRoot).and_then(Value::boolean) == Some(true)
    }

    fn text(&self, field: Field) -> Option<Text<'a>> {
        self.event.text(field)
    }

    fn invoking_service(&self) -> Option<Text<'a>> {
        let by = self.text(Field::InvokedBy)?;
        (!CONSOLE.into_iter().any(|console| by.starts_with(console))).then_some(by)
    }

    /// For a service that `invokedBy` does not name: where the request came from, else what it was
    /// sent to.
    fn service_at_source(&self) -> Option<Text<'a>> {
        match self.event.origin() {
            Some(Origin::Service(name)) => Some(name),
            Some(Origin::Address(_) | Origin::Other(_)) | None => self.text(Field::EventSource),
        }
    }

    /// Whether the key is one of STS, or a session is told of: by itself, or in the unique id,
    /// which for a role has the name of its session after a colon.
    fn has_session(&self) -> bool {
        let principal = self.text(Field::UserIdentityPrincipalId);
        let of_role = |id: Text<'_>| id.starts_with("AROA") && id.escaped().contains(':');
        self.key_starts_with("ASIA")
            || principal.is_some_and(of_role)
            || self.text(Field::SessionCreationDate).is_some()
            || self.text(Field::SessionIssuerArn).is_some()
    }

    fn long_lived(&self) -> Option<bool> {
        self.key_starts_with("AKIA").then_some(false)
    }

    fn key_starts_with(&self, prefix: &str) -> bool {
        self.text(Field::UserIdentityAccessKeyId).is_some_and(|key| key.starts_with(prefix))
    }
}
