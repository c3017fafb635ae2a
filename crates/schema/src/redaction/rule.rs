//! A rule: what is hidden, and how.

use trail_event::Path;

/// What is hidden, and how.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// Where it stands.
    pub path: Path,
    /// How it is hidden.
    pub action: Action,
}

/// How a value is hidden. The first leaves least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// The member is taken out of its object.
    Drop,
    /// The value becomes `"***"`.
    Mask,
    /// The value becomes `"hmac-sha256:"` and 64 hexadecimal digits: HMAC-SHA256 of its text, without
    /// escapes for a string (a lone surrogate counts as U+FFFD), as it is written for anything else.
    /// Equal values have equal hashes.
    Hash,
}

/// Where AWS gives out credentials, or is given some. CloudTrail leaves most of them out itself, but
/// not all: the session token of STS is in the event of every `AssumeRole`.
const SECRETS: [&str; 22] = [
    // STS: AssumeRole and its kin, GetSessionToken, GetFederationToken. S3: CreateSession.
    "responseElements.credentials.sessionToken",
    "responseElements.credentials.secretAccessKey",
    // Cognito: GetCredentialsForIdentity.
    "responseElements.credentials.secretKey",
    // Connect: GetFederationToken.
    "responseElements.credentials.accessToken",
    "responseElements.credentials.refreshToken",
    // Identity Center: GetRoleCredentials.
    "responseElements.roleCredentials.sessionToken",
    "responseElements.roleCredentials.secretAccessKey",
    // Roles Anywhere: CreateSession.
    "responseElements.credentialSet.credentials.sessionToken",
    "responseElements.credentialSet.credentials.secretAccessKey",
    // IAM: CreateAccessKey, CreateServiceSpecificCredential.
    "responseElements.accessKey.secretAccessKey",
    "responseElements.serviceSpecificCredential.servicePassword",
    "responseElements.serviceSpecificCredential.serviceCredentialSecret",
    // Identity Center: CreateToken, CreateTokenWithIAM.
    "responseElements.accessToken",
    "responseElements.refreshToken",
    "responseElements.idToken",
    // Systems Manager: StartSession.
    "responseElements.tokenValue",
    // Redshift: GetClusterCredentials.
    "responseElements.dbPassword",
    // EC2: CreateKeyPair.
    "responseElements.keyMaterial",
    // STS: AssumeRoleWithWebIdentity, AssumeRoleWithSAML.
    "requestParameters.webIdentityToken",
    "requestParameters.sAMLAssertion",
    // Cognito: GetCredentialsForIdentity, a token for each provider.
    "requestParameters.logins.*",
    // IAM: UploadServerCertificate.
    "requestParameters.privateKey",
];

pub(super) fn session_credentials() -> Vec<Rule> {
    let rule = |path| Some(Rule { path: Path::parse(path).ok()?, action: Action::Mask });
    SECRETS.into_iter().filter_map(rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secret_has_a_rule() {
        assert_eq!(session_credentials().len(), SECRETS.len());
    }
}
