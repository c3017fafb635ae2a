//! Ready sets of selectors, for what is wanted most often.

#[cfg(test)]
mod tests;

/// A ready set: selectors under a name, of which any suffices.
///
/// Two of them choose what is worth keeping least and are meant to be excluded. They never choose a
/// call that failed: a denied one is what somebody looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set {
    /// What it is called.
    pub name: &'static str,
    /// What it chooses, in a few sentences.
    pub doc: &'static str,
    /// Its expressions, as [`Selectors`](crate::Selectors) reads them.
    pub expressions: &'static [&'static str],
}

impl Set {
    /// Every set.
    pub const ALL: [Self; 6] =
        [MANAGEMENT, WRITES, ERRORS, CONSOLE_AND_IDENTITY, KMS_DECRYPT, SERVICE_READS];

    /// The set of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        const { &Self::ALL }.iter().find(|set| set.name == name)
    }
}

const MANAGEMENT: Set = Set {
    name: "management",
    doc: "Management events: no data, network activity, aggregated or Insights events. Before \
          version 1.07 records have no category, and managementEvent says it; before 1.06 nothing \
          does, and what is left then is taken for a management event.",
    expressions: &[
        "eventCategory equals Management",
        r#"eventCategory not_starts_with "" and managementEvent not_equals false, False
           and eventType not_equals AwsCloudTrailInsight, AwsVpceEvent, AwsVpceEvents,
           AwsAggregatedEvent"#,
    ],
};

const WRITES: Set = Set {
    name: "writes",
    doc: "What may have changed something, or tried to: readOnly is false. Where a record does not \
          say (old ones, network activity), every action but those whose name says that it reads. \
          Insights and aggregated events are no calls and not in it.",
    expressions: &[
        "readOnly equals false, False",
        r#"readOnly not_starts_with "" and eventName starts_with ""
           and eventName not_starts_with Get, List, Describe, Head, BatchGet, Lookup, Search, Query,
           Scan, Select, View"#,
    ],
};

const ERRORS: Set = Set {
    name: "errors",
    doc: "What failed: an error code or message, or a sign-in, a second factor or a step of an \
          Identity Center sign-in that says Failure (a failed console sign-in has no error code).",
    expressions: &[
        r#"errorCode starts_with "" and errorCode not_equals """#,
        r#"errorMessage starts_with "" and errorMessage not_equals """#,
        "responseElements.ConsoleLogin equals Failure",
        "responseElements.CheckMfa equals Failure",
        "serviceEventDetails.CredentialChallenge equals Failure",
        "serviceEventDetails.CredentialVerification equals Failure",
        "serviceEventDetails.UserAuthentication equals Failure",
    ],
};

/// Event sources of Identity Center: IAM Identity Center User Guide, "Logging IAM Identity Center
/// API calls with AWS CloudTrail".
const CONSOLE_AND_IDENTITY: Set = Set {
    name: "console-and-identity",
    doc: "Who may get in, and who did: sign-ins and actions of the console; every call to IAM, IAM \
          Roles Anywhere and Identity Center, reads too, since listing users and roles is how an \
          intruder begins; changes to Organizations and to accounts, and refused reads there; and \
          STS, except GetCallerIdentity that succeeded and roles that AWS services assume.",
    expressions: &[
        "eventType equals AwsConsoleSignIn, AwsConsoleAction",
        "eventSource equals iam.amazonaws.com, signin.amazonaws.com, rolesanywhere.amazonaws.com, \
         sso.amazonaws.com, sso-directory.amazonaws.com, sso-oauth.amazonaws.com, \
         identitystore.amazonaws.com, identitystore-scim.amazonaws.com",
        "eventSource equals organizations.amazonaws.com, account.amazonaws.com \
         and readOnly not_equals true, True",
        r#"eventSource equals organizations.amazonaws.com, account.amazonaws.com
           and errorCode starts_with """#,
        r#"eventSource equals sts.amazonaws.com and eventName not_equals GetCallerIdentity
           and userIdentity.type not_equals AWSService
           and userIdentity.invokedBy not_starts_with """#,
        r#"eventSource equals sts.amazonaws.com and errorCode starts_with """#,
    ],
};

const KMS_DECRYPT: Set = Set {
    name: "kms-decrypt",
    doc: "Noise: Decrypt, Encrypt and GenerateDataKey of KMS that AWS services make for themselves \
          or for a caller, and that succeed. A caller's own are not in it, nor is what the caller \
          asked of the service, which is an event of its own.",
    expressions: &[
        r#"eventSource equals kms.amazonaws.com and eventName equals Decrypt, Encrypt, GenerateDataKey,
           GenerateDataKeyWithoutPlaintext, GenerateDataKeyPair, GenerateDataKeyPairWithoutPlaintext
           and userIdentity.invokedBy starts_with "" and errorCode not_starts_with """#,
        r#"eventSource equals kms.amazonaws.com and eventName equals Decrypt, Encrypt, GenerateDataKey,
           GenerateDataKeyWithoutPlaintext, GenerateDataKeyPair, GenerateDataKeyPairWithoutPlaintext
           and userIdentity.type equals AWSService and errorCode not_starts_with """#,
    ],
};

const SERVICE_READS: Set = Set {
    name: "service-reads",
    doc: "Noise: read-only calls that AWS services make for themselves or for a caller, and that \
          succeed. Calls to STS are not in it: AssumeRole says that it is read-only, and gives out \
          the credentials that later events are signed with.",
    expressions: &[
        r#"readOnly equals true, True and userIdentity.invokedBy starts_with ""
           and errorCode not_starts_with "" and eventSource not_equals sts.amazonaws.com"#,
        r#"readOnly equals true, True and userIdentity.type equals AWSService
           and errorCode not_starts_with "" and eventSource not_equals sts.amazonaws.com"#,
    ],
};
