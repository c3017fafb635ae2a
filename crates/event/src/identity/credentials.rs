//! With what a request was made.

use super::Identity;
use crate::field::Field;
use crate::kinds::{EventType, IdentityKind};
use std::fmt;

/// With which kind of credentials a request was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credentials {
    /// Those of an account's root user.
    Root,
    /// Those of an IAM user.
    IamUser,
    /// Those of a session of a role.
    AssumedRole,
    /// Those of a role that acts directly.
    Role,
    /// Those of a session of sts:GetFederationToken.
    Federated,
    /// Those of a user of IAM Identity Center.
    IdentityCenter,
    /// An assertion of a SAML provider.
    Saml,
    /// A token of a web identity provider.
    WebIdentity,
    /// Those of a user of Directory Service.
    Directory,
    /// A service of AWS needs none of an account.
    AwsService,
    /// Those of somebody in another account.
    OtherAccount,
    /// None: an unsigned request.
    Anonymous,
    /// The record does not tell.
    Unknown,
    /// The event is not of one request: an insight, a count.
    None,
}

impl Credentials {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Root,
        Self::IamUser,
        Self::AssumedRole,
        Self::Role,
        Self::Federated,
        Self::IdentityCenter,
        Self::Saml,
        Self::WebIdentity,
        Self::Directory,
        Self::AwsService,
        Self::OtherAccount,
        Self::Anonymous,
        Self::Unknown,
        Self::None,
    ];

    /// In a word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::IamUser => "iam-user",
            Self::AssumedRole => "assumed-role",
            Self::Role => "role",
            Self::Federated => "federated",
            Self::IdentityCenter => "identity-center",
            Self::Saml => "saml",
            Self::WebIdentity => "web-identity",
            Self::Directory => "directory",
            Self::AwsService => "aws-service",
            Self::OtherAccount => "other-account",
            Self::Anonymous => "anonymous",
            Self::Unknown => "unknown",
            Self::None => "none",
        }
    }

    pub(super) fn of(identity: &Identity<'_>) -> Self {
        match identity.kind() {
            Some(IdentityKind::Root) => Self::Root,
            Some(IdentityKind::IamUser) => Self::IamUser,
            Some(IdentityKind::AssumedRole) => Self::AssumedRole,
            Some(IdentityKind::Role) => Self::Role,
            Some(IdentityKind::FederatedUser) => Self::Federated,
            Some(IdentityKind::IdentityCenterUser) => Self::IdentityCenter,
            Some(IdentityKind::SamlUser) => Self::Saml,
            Some(IdentityKind::WebIdentityUser) => Self::WebIdentity,
            Some(IdentityKind::Directory) => Self::Directory,
            Some(IdentityKind::AwsService) => Self::AwsService,
            Some(IdentityKind::AwsAccount) => of_account(identity),
            Some(IdentityKind::Unknown | IdentityKind::Other) => {
                of_hints(identity).unwrap_or(Self::Unknown)
            }
            None => without_kind(identity),
        }
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An account as identity is another one, with two exceptions: unsigned requests to S3 have a word
/// for account, and events of network activity name the recipient's own callers so.
fn of_account(identity: &Identity<'_>) -> Credentials {
    let account = identity.text(Field::UserIdentityAccountId);
    let recipient = identity.text(Field::RecipientAccountId);
    match account {
        Some(account) if account.is("ANONYMOUS_PRINCIPAL") || account.is("anonymous") => {
            Credentials::Anonymous
        }
        Some(account) if Some(account) == recipient => {
            of_principal(identity).unwrap_or(Credentials::Unknown)
        }
        Some(_) | None => Credentials::OtherAccount,
    }
}

/// Events of services have an account and who invoked them, at most.
fn without_kind(identity: &Identity<'_>) -> Credentials {
    let is_service = || {
        identity.invoking_service().is_some()
            || identity.event.event_type() == Some(EventType::AwsServiceEvent)
    };
    if let Some(credentials) = of_hints(identity) {
        credentials
    } else if is_service() {
        Credentials::AwsService
    } else if identity.event.is_of_one_action() {
        Credentials::Unknown
    } else {
        Credentials::None
    }
}

/// What else tells where the kind does not.
fn of_hints(identity: &Identity<'_>) -> Option<Credentials> {
    let has = |field| identity.text(field).is_some();
    if has(Field::OnBehalfOfUserId) || has(Field::CredentialId) {
        return Some(Credentials::IdentityCenter);
    }
    of_principal(identity).or_else(|| of_token(identity))
}

/// The ARN tells, else the first letters of the unique id (IAM User Guide, "Unique identifiers").
fn of_principal(identity: &Identity<'_>) -> Option<Credentials> {
    if let Some(arn) = identity.text(Field::UserIdentityArn)
        && let Some(resource) = arn.plain().and_then(|arn| arn.splitn(6, ':').nth(5))
    {
        return match resource.split('/').next()? {
            "root" => Some(Credentials::Root),
            "user" => Some(Credentials::IamUser),
            "assumed-role" => Some(Credentials::AssumedRole),
            "federated-user" => Some(Credentials::Federated),
            "role" => Some(Credentials::Role),
            _ => None,
        };
    }
    let principal = identity.text(Field::UserIdentityPrincipalId)?;
    if principal.starts_with("AIDA") {
        return Some(Credentials::IamUser);
    }
    let has_session = principal.escaped().contains(':');
    let role = if has_session { Credentials::AssumedRole } else { Credentials::Role };
    principal.starts_with("AROA").then_some(role)
}

/// Who calls these has only a token, whether or not STS understood it.
fn of_token(identity: &Identity<'_>) -> Option<Credentials> {
    if !identity.event.says(Field::EventSource, "sts.amazonaws.com") {
        return None;
    }
    match identity.text(Field::EventName)?.plain()? {
        "AssumeRoleWithSAML" => Some(Credentials::Saml),
        "AssumeRoleWithWebIdentity" => Some(Credentials::WebIdentity),
        _ => None,
    }
}
