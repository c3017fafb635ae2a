//! Who calls: a template of `userIdentity` for every type, odd ones included.

/// The kinds of caller, as `userIdentity.type` tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    Root,
    IamUser,
    AssumedRole,
    Role,
    FederatedUser,
    Directory,
    AwsAccount,
    Anonymous,
    AwsService,
    IdentityCenterUser,
    SamlUser,
    WebIdentityUser,
    Unknown,
    /// No type at all: what an AWS service did on its own account.
    Typeless,
}

/// Who calls most APIs, by weight.
pub(super) const PEOPLE: &[Caller] = &[
    Caller::AssumedRole,
    Caller::AssumedRole,
    Caller::AssumedRole,
    Caller::AssumedRole,
    Caller::AssumedRole,
    Caller::AssumedRole,
    Caller::AssumedRole,
    Caller::AssumedRole,
    Caller::IamUser,
    Caller::IamUser,
    Caller::IamUser,
    Caller::FederatedUser,
    Caller::Root,
    Caller::Role,
];

impl Caller {
    /// Whether the call comes from inside AWS: no address, no TLS, a service for a user agent.
    pub(super) fn is_service(self) -> bool {
        matches!(self, Self::AwsService | Self::Typeless)
    }

    /// Templates of `userIdentity`; `$service` is the service that acts for itself or another.
    pub(super) fn identities(self) -> &'static [&'static str] {
        match self {
            Self::Root => ROOT,
            Self::IamUser => IAM_USER,
            Self::AssumedRole => ASSUMED_ROLE,
            Self::Role => ROLE,
            Self::FederatedUser => FEDERATED_USER,
            Self::Directory => DIRECTORY,
            Self::AwsAccount => AWS_ACCOUNT,
            Self::Anonymous => ANONYMOUS,
            Self::AwsService => AWS_SERVICE,
            Self::IdentityCenterUser => IDENTITY_CENTER_USER,
            Self::SamlUser => SAML_USER,
            Self::WebIdentityUser => WEB_IDENTITY_USER,
            Self::Unknown => UNKNOWN,
            Self::Typeless => TYPELESS,
        }
    }
}

const ROOT: &[&str] = &[
    r#"{"type":"Root","principalId":"$account","arn":"arn:aws:iam::$account:root","accountId":"$account","accessKeyId":"$temp_key","sessionContext":{"sessionIssuer":{},"webIdFederationData":{},"attributes":{"creationDate":"$created","mfaAuthenticated":"true"}}}"#,
    r#"{"type":"Root","principalId":"$account","arn":"arn:aws:iam::$account:root","accountId":"$account","accessKeyId":"","userName":"example-alias"}"#,
];

const IAM_USER: &[&str] = &[
    r#"{"type":"IAMUser","principalId":"$user_id","arn":"arn:aws:iam::$account:user/$user","accountId":"$account","accessKeyId":"$user_key","userName":"$user"}"#,
    r#"{"type":"IAMUser","principalId":"$user_id","arn":"arn:aws:iam::$account:user/$user","accountId":"$account","accessKeyId":"AKIAIOSFODNN7EXAMPLE","userName":"$user"}"#,
    r#"{"type":"IAMUser","principalId":"$user_id","arn":"arn:aws:iam::$account:user/$user","accountId":"$account","accessKeyId":"$temp_key","userName":"$user","sessionContext":{"sessionIssuer":{},"webIdFederationData":{},"attributes":{"creationDate":"$created","mfaAuthenticated":"true"}}}"#,
    r#"{"type":"IAMUser","principalId":"$user_id","arn":"arn:aws:iam::$account:user/staff/$user","accountId":"$account","accessKeyId":"$temp_key","userName":"$user","sessionContext":{"attributes":{"creationDate":"$created_basic","mfaAuthenticated":"false"}},"invokedBy":"AWS Internal"}"#,
];

const ASSUMED_ROLE: &[&str] = &[
    r#"{"type":"AssumedRole","principalId":"$role_id:$session","arn":"arn:aws:sts::$account:assumed-role/$role/$session","accountId":"$account","accessKeyId":"$temp_key","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"$role_id","arn":"arn:aws:iam::$account:role$role_path$role","accountId":"$account","userName":"$role"},"webIdFederationData":{},"attributes":{"creationDate":"$created","mfaAuthenticated":"false"}}}"#,
    r#"{"type":"AssumedRole","principalId":"$role_id:$session","arn":"arn:aws:sts::$account:assumed-role/$role/$session","accountId":"$account","accessKeyId":"$temp_key","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"$role_id","arn":"arn:aws:iam::$account:role$role_path$role","accountId":"$account","userName":"$role"},"attributes":{"creationDate":"$created","mfaAuthenticated":"true"},"sourceIdentity":"$user"}}"#,
    r#"{"type":"AssumedRole","principalId":"$role_id:$instance","arn":"arn:aws:sts::$account:assumed-role/$role/$instance","accountId":"$account","accessKeyId":"$temp_key","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"$role_id","arn":"arn:aws:iam::$account:role$role_path$role","accountId":"$account","userName":"$role"},"webIdFederationData":{},"attributes":{"creationDate":"$created","mfaAuthenticated":"false"},"ec2RoleDelivery":"2.0"},"inScopeOf":{"sourceArn":"arn:aws:ec2:$region:$account:instance/$instance","sourceAccount":"$account","issuerType":"AWS::EC2::Instance","credentialsIssuedTo":"arn:aws:ec2:$region:$account:instance/$instance"}}"#,
    r#"{"type":"AssumedRole","principalId":"$role_id:$function","arn":"arn:aws:sts::$account:assumed-role/$role/$function","accountId":"$account","accessKeyId":"$temp_key","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"$role_id","arn":"arn:aws:iam::$account:role$role_path$role","accountId":"$account","userName":"$role"},"attributes":{"creationDate":"$created","mfaAuthenticated":"false"}},"inScopeOf":{"issuerType":"AWS::Lambda::Function","credentialsIssuedTo":"arn:aws:lambda:$region:$account:function:$function"}}"#,
    r#"{"type":"AssumedRole","principalId":"$role_id:$session","arn":"arn:aws:sts::$account:assumed-role/$role/$session","accountId":"$account","accessKeyId":"$temp_key","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"$role_id","arn":"arn:aws:iam::$account:role$role_path$role","accountId":"$account","userName":"$role"},"webIdFederationData":{"federatedProvider":"arn:aws:iam::$account:oidc-provider/token.example.com","attributes":{}},"attributes":{"creationDate":"$created"}},"invokedByDelegate":{"accountId":"$other_account"}}"#,
    r#"{"type":"AssumedRole","principalId":"$account","arn":"arn:aws:sts::$account:assumed-root","accountId":"$account","accessKeyId":"$temp_key","sessionContext":{"attributes":{"creationDate":"$created","mfaAuthenticated":"false"},"assumedRoot":"true"}}"#,
];

const ROLE: &[&str] = &[
    r#"{"type":"Role","principalId":"$role_id","arn":"arn:aws:iam::$account:role$role_path$role","accountId":"$account","userName":"$role"}"#,
];

const FEDERATED_USER: &[&str] = &[
    r#"{"type":"FederatedUser","principalId":"$account:$user","arn":"arn:aws:sts::$account:federated-user/$user","accountId":"$account","accessKeyId":"$temp_key","sessionContext":{"sessionIssuer":{"type":"IAMUser","principalId":"$user_id","arn":"arn:aws:iam::$account:user/$user","accountId":"$account","userName":"$user"},"attributes":{"creationDate":"$created","mfaAuthenticated":"false"}}}"#,
];

const DIRECTORY: &[&str] = &[
    r#"{"type":"Directory","principalId":"d-1234567890:$user","accountId":"$account","userName":"$user@corp.example.com"}"#,
];

const AWS_ACCOUNT: &[&str] = &[
    r#"{"type":"AWSAccount","principalId":"$role_id:$session","accountId":"$other_account"}"#,
    r#"{"type":"AWSAccount","principalId":"$user_id","accountId":"$other_account","invokedBy":"AWS Internal"}"#,
];

const ANONYMOUS: &[&str] =
    &[r#"{"type":"AWSAccount","principalId":"","accountId":"ANONYMOUS_PRINCIPAL"}"#];

const AWS_SERVICE: &[&str] = &[r#"{"type":"AWSService","invokedBy":"$service"}"#];

const IDENTITY_CENTER_USER: &[&str] = &[
    r#"{"type":"IdentityCenterUser","accountId":"$account","onBehalfOf":{"userId":"$shared_guid","identityStoreArn":"arn:aws:identitystore::$account:identitystore/d-1234567890"},"credentialId":"11111111-2222-4333-8444-555555555555"}"#,
];

const SAML_USER: &[&str] = &[
    r#"{"type":"SAMLUser","principalId":"EXAMPLEqualifier0123456789A=:$user@example.com","userName":"$user@example.com","identityProvider":"EXAMPLEqualifier0123456789A="}"#,
];

const WEB_IDENTITY_USER: &[&str] = &[
    r#"{"type":"WebIdentityUser","principalId":"arn:aws:iam::$account:oidc-provider/token.example.com:sts.amazonaws.com:repo:example/orders:ref:refs/heads/main","userName":"repo:example/orders:ref:refs/heads/main","identityProvider":"arn:aws:iam::$account:oidc-provider/token.example.com"}"#,
    r#"{"type":"WebIdentityUser","principalId":"accounts.google.com:EXAMPLE.apps.googleusercontent.com:107$count","userName":"107$count","identityProvider":"accounts.google.com"}"#,
];

const UNKNOWN: &[&str] = &[
    r#"{"type":"Unknown","principalId":"$shared_guid","accountId":"$account","userName":"Zoë Müller"}"#,
    r#"{"type":"Unknown"}"#,
];

const TYPELESS: &[&str] = &[r#"{"accountId":"$account","invokedBy":"$service"}"#];
