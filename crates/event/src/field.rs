//! The fields of a record that have a name here, and where they stand.
//!
//! One table. What a record holds beyond it is kept, under the path it has there.

use std::fmt;

/// What the value of a field is made of, as far as a reader has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A string, number or boolean, or whatever else is found there.
    Scalar,
    /// An object of CloudTrail's own: each of its members is a member of the event.
    Structured,
    /// What a service was asked or has answered: kept whole, and looked into for the fields named.
    Freeform,
}

macro_rules! fields {
    ($($(#[doc = $doc:literal])+ $name:ident = $parent:ident / $key:literal $shape:ident;)+) => {
        /// A field of CloudTrail's records that is known by name.
        ///
        /// Source: CloudTrail User Guide, "Contents of CloudTrail events" and "userIdentity
        /// element".
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Field {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Field {
            /// Every field, in the order in which CloudTrail documents them.
            pub const ALL: [Self; fields!(@count $($name)+)] = [$(Self::$name,)+];

            /// The key it has in its object.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)+ }
            }

            /// The object it stands in; none for the record itself.
            #[must_use]
            pub const fn parent(self) -> Option<Self> {
                match self { $(Self::$name => fields!(@parent $parent),)+ }
            }

            /// What its value is made of.
            #[must_use]
            pub const fn shape(self) -> Shape {
                match self { $(Self::$name => Shape::$shape,)+ }
            }

            /// What it says, in a sentence.
            #[must_use]
            pub const fn doc(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii(),)+ }
            }
        }
    };
    (@count $($name:ident)+) => { [$(fields!(@unit $name)),+].len() };
    (@unit $name:ident) => { () };
    (@parent Record) => { None };
    (@parent $parent:ident) => { Some(Self::$parent) };
}

fields! {
    /// Version of the record's format, `major.minor`.
    EventVersion = Record / "eventVersion" Scalar;
    /// Who made the request.
    UserIdentity = Record / "userIdentity" Structured;
    /// Kind of identity.
    UserIdentityType = UserIdentity / "type" Scalar;
    /// Name of the user; an alias for the root user.
    UserIdentityUserName = UserIdentity / "userName" Scalar;
    /// Unique id of the identity.
    UserIdentityPrincipalId = UserIdentity / "principalId" Scalar;
    /// ARN of the identity.
    UserIdentityArn = UserIdentity / "arn" Scalar;
    /// Account the identity belongs to.
    UserIdentityAccountId = UserIdentity / "accountId" Scalar;
    /// Access key the request was signed with.
    UserIdentityAccessKeyId = UserIdentity / "accessKeyId" Scalar;
    /// Session, for temporary credentials.
    SessionContext = UserIdentity / "sessionContext" Structured;
    /// Who gave the temporary credentials.
    SessionIssuer = SessionContext / "sessionIssuer" Structured;
    /// Kind of issuer.
    SessionIssuerType = SessionIssuer / "type" Scalar;
    /// Name of the issuer, a role's name for an assumed role.
    SessionIssuerUserName = SessionIssuer / "userName" Scalar;
    /// Unique id of the issuer.
    SessionIssuerPrincipalId = SessionIssuer / "principalId" Scalar;
    /// ARN of the issuer.
    SessionIssuerArn = SessionIssuer / "arn" Scalar;
    /// Account of the issuer.
    SessionIssuerAccountId = SessionIssuer / "accountId" Scalar;
    /// Web identity federation, often empty.
    WebIdFederationData = SessionContext / "webIdFederationData" Structured;
    /// The identity provider of the federation.
    FederatedProvider = WebIdFederationData / "federatedProvider" Scalar;
    /// Application and user as the provider says.
    FederationAttributes = WebIdFederationData / "attributes" Freeform;
    /// Attributes of the session.
    SessionAttributes = SessionContext / "attributes" Structured;
    /// When the temporary credentials were given.
    SessionCreationDate = SessionAttributes / "creationDate" Scalar;
    /// Whether the session was made with multi-factor authentication: "true" or "false".
    MfaAuthenticated = SessionAttributes / "mfaAuthenticated" Scalar;
    /// Source identity set when the role was assumed.
    SourceIdentity = SessionContext / "sourceIdentity" Scalar;
    /// Version of the instance metadata service that gave the credentials.
    Ec2RoleDelivery = SessionContext / "ec2RoleDelivery" Scalar;
    /// Whether the session is one of sts:AssumeRoot.
    AssumedRoot = SessionContext / "assumedRoot" Scalar;
    /// Service that made the request on the identity's behalf.
    InvokedBy = UserIdentity / "invokedBy" Scalar;
    /// Identity Center user on whose behalf the request was made.
    OnBehalfOf = UserIdentity / "onBehalfOf" Structured;
    /// Id of the Identity Center user.
    OnBehalfOfUserId = OnBehalfOf / "userId" Scalar;
    /// Identity store of the Identity Center user.
    IdentityStoreArn = OnBehalfOf / "identityStoreArn" Scalar;
    /// The service resource that holds the credentials.
    InScopeOf = UserIdentity / "inScopeOf" Structured;
    /// ARN of the resource that holds the credentials.
    InScopeOfSourceArn = InScopeOf / "sourceArn" Scalar;
    /// Its account.
    InScopeOfSourceAccount = InScopeOf / "sourceAccount" Scalar;
    /// What gave the credentials, a service's DNS name and more.
    InScopeOfIssuerType = InScopeOf / "issuerType" Scalar;
    /// To what the credentials were given.
    InScopeOfCredentialsIssuedTo = InScopeOf / "credentialsIssuedTo" Scalar;
    /// Id of the credential, for Identity Center users.
    CredentialId = UserIdentity / "credentialId" Scalar;
    /// Identity provider of a SAML or web identity.
    IdentityProvider = UserIdentity / "identityProvider" Scalar;
    /// Account that delegated temporarily.
    InvokedByDelegate = UserIdentity / "invokedByDelegate" Structured;
    /// Its id.
    InvokedByDelegateAccountId = InvokedByDelegate / "accountId" Scalar;
    /// When the request was completed, UTC.
    EventTime = Record / "eventTime" Scalar;
    /// Service that was called, as a DNS name.
    EventSource = Record / "eventSource" Scalar;
    /// Action that was called.
    EventName = Record / "eventName" Scalar;
    /// Region of the request.
    AwsRegion = Record / "awsRegion" Scalar;
    /// Address the request came from, or the name of a service.
    SourceIpAddress = Record / "sourceIPAddress" Scalar;
    /// Agent that made the request.
    UserAgent = Record / "userAgent" Scalar;
    /// Error of the service.
    ErrorCode = Record / "errorCode" Scalar;
    /// Description of the error.
    ErrorMessage = Record / "errorMessage" Scalar;
    /// What was asked.
    RequestParameters = Record / "requestParameters" Freeform;
    /// Role that is assumed.
    RequestRoleArn = RequestParameters / "roleArn" Scalar;
    /// Session that is begun.
    RequestRoleSessionName = RequestParameters / "roleSessionName" Scalar;
    /// User that is acted on.
    RequestUserName = RequestParameters / "userName" Scalar;
    /// New name of the user that is acted on.
    RequestNewUserName = RequestParameters / "newUserName" Scalar;
    /// Role that is acted on.
    RequestRoleName = RequestParameters / "roleName" Scalar;
    /// Group that is acted on.
    RequestGroupName = RequestParameters / "groupName" Scalar;
    /// Policy that is acted on.
    RequestPolicyArn = RequestParameters / "policyArn" Scalar;
    /// Inline policy that is acted on.
    RequestPolicyName = RequestParameters / "policyName" Scalar;
    /// Bucket that is acted on.
    RequestBucketName = RequestParameters / "bucketName" Scalar;
    /// Object of the bucket that is acted on.
    RequestKey = RequestParameters / "key" Scalar;
    /// Table that is acted on.
    RequestTableName = RequestParameters / "tableName" Scalar;
    /// What was answered.
    ResponseElements = Record / "responseElements" Freeform;
    /// Outcome of a sign-in to the console.
    ResponseConsoleLogin = ResponseElements / "ConsoleLogin" Scalar;
    /// Outcome of a check of multi-factor authentication.
    ResponseCheckMfa = ResponseElements / "CheckMfa" Scalar;
    /// User that was acted on.
    ResponseUser = ResponseElements / "user" Freeform;
    /// Its ARN.
    ResponseUserArn = ResponseUser / "arn" Scalar;
    /// Its unique id.
    ResponseUserId = ResponseUser / "userId" Scalar;
    /// Its name.
    ResponseUserName = ResponseUser / "userName" Scalar;
    /// Role that was acted on.
    ResponseRole = ResponseElements / "role" Freeform;
    /// Its ARN.
    ResponseRoleArn = ResponseRole / "arn" Scalar;
    /// Its unique id.
    ResponseRoleId = ResponseRole / "roleId" Scalar;
    /// Its name.
    ResponseRoleName = ResponseRole / "roleName" Scalar;
    /// Group that was acted on.
    ResponseGroup = ResponseElements / "group" Freeform;
    /// Its unique id.
    ResponseGroupId = ResponseGroup / "groupId" Scalar;
    /// Role session that was begun.
    AssumedRoleUser = ResponseElements / "assumedRoleUser" Freeform;
    /// Its ARN.
    AssumedRoleUserArn = AssumedRoleUser / "arn" Scalar;
    /// Its unique id.
    AssumedRoleId = AssumedRoleUser / "assumedRoleId" Scalar;
    /// Credentials that were given.
    ResponseCredentials = ResponseElements / "credentials" Freeform;
    /// Their access key.
    ResponseAccessKeyId = ResponseCredentials / "accessKeyId" Scalar;
    /// When they expire.
    ResponseExpiration = ResponseCredentials / "expiration" Scalar;
    /// More about the event that is neither request nor response.
    AdditionalEventData = Record / "additionalEventData" Structured;
    /// Page a sign-in leads to.
    LoginTo = AdditionalEventData / "LoginTo" Scalar;
    /// Whether a sign-in came from a mobile device: Yes or No.
    MobileVersion = AdditionalEventData / "MobileVersion" Scalar;
    /// Whether a sign-in used multi-factor authentication: Yes or No.
    MfaUsed = AdditionalEventData / "MFAUsed" Scalar;
    /// Name of the user that signs in.
    AdditionalUserName = AdditionalEventData / "UserName" Scalar;
    /// Id of the request, given by the service.
    RequestId = Record / "requestID" Scalar;
    /// Id of the event.
    EventId = Record / "eventID" Scalar;
    /// Id of an aggregated event.
    AggregatedEventId = Record / "eventId" Scalar;
    /// Whether the action only reads.
    ReadOnly = Record / "readOnly" Scalar;
    /// Resources that were accessed.
    Resources = Record / "resources" Freeform;
    /// Kind of event.
    EventType = Record / "eventType" Scalar;
    /// Version of the API.
    ApiVersion = Record / "apiVersion" Scalar;
    /// Whether it is a management event.
    ManagementEvent = Record / "managementEvent" Scalar;
    /// Account that received the record.
    RecipientAccountId = Record / "recipientAccountId" Scalar;
    /// Account of an aggregated event.
    AggregatedAccountId = Record / "accountId" Scalar;
    /// What triggered a service event.
    ServiceEventDetails = Record / "serviceEventDetails" Structured;
    /// Outcome of a challenge for credentials.
    CredentialChallenge = ServiceEventDetails / "CredentialChallenge" Scalar;
    /// Outcome of the verification of credentials.
    CredentialVerification = ServiceEventDetails / "CredentialVerification" Scalar;
    /// Outcome of a user's authentication.
    UserAuthentication = ServiceEventDetails / "UserAuthentication" Scalar;
    /// Id shared by the events of one action in several accounts.
    SharedEventId = Record / "sharedEventID" Scalar;
    /// VPC endpoint the request came through.
    VpcEndpointId = Record / "vpcEndpointId" Scalar;
    /// Owner of the VPC endpoint.
    VpcEndpointAccountId = Record / "vpcEndpointAccountId" Scalar;
    /// Category of the event.
    EventCategory = Record / "eventCategory" Scalar;
    /// Why an event is late or was updated.
    Addendum = Record / "addendum" Structured;
    /// Reason of the addendum.
    AddendumReason = Addendum / "reason" Scalar;
    /// Fields that were updated.
    AddendumUpdatedFields = Addendum / "updatedFields" Scalar;
    /// Request id of the event that was updated.
    OriginalRequestId = Addendum / "originalRequestID" Scalar;
    /// Id of the event that was updated.
    OriginalEventId = Addendum / "originalEventID" Scalar;
    /// Whether the credentials came from a session of the console.
    SessionCredentialFromConsole = Record / "sessionCredentialFromConsole" Scalar;
    /// Details of an edge device.
    EdgeDeviceDetails = Record / "edgeDeviceDetails" Structured;
    /// TLS connection of the request.
    TlsDetails = Record / "tlsDetails" Structured;
    /// Version of TLS.
    TlsVersion = TlsDetails / "tlsVersion" Scalar;
    /// Cipher suite.
    CipherSuite = TlsDetails / "cipherSuite" Scalar;
    /// Host name the client asked for.
    ClientProvidedHostHeader = TlsDetails / "clientProvidedHostHeader" Scalar;
    /// Key exchange.
    KeyExchange = TlsDetails / "keyExchange" Scalar;
    /// What is unusual, for Insights events.
    InsightDetails = Record / "insightDetails" Structured;
    /// Whether it starts or ends.
    InsightState = InsightDetails / "state" Scalar;
    /// Service that is called unusually.
    InsightEventSource = InsightDetails / "eventSource" Scalar;
    /// Action that is called unusually.
    InsightEventName = InsightDetails / "eventName" Scalar;
    /// Kind of insight.
    InsightType = InsightDetails / "insightType" Scalar;
    /// Error that is met unusually often.
    InsightErrorCode = InsightDetails / "errorCode" Scalar;
    /// Statistics and attributions.
    InsightContext = InsightDetails / "insightContext" Freeform;
    /// Window of an aggregated event.
    TimeWindow = Record / "timeWindow" Structured;
    /// Its start, inclusive.
    WindowStart = TimeWindow / "windowStart" Scalar;
    /// Its end, exclusive.
    WindowEnd = TimeWindow / "windowEnd" Scalar;
    /// Its length, ISO 8601.
    WindowSize = TimeWindow / "windowSize" Scalar;
    /// Counts of an aggregated event.
    Summary = Record / "summary" Freeform;
    /// Context added by event data stores: resource tags and condition keys.
    EventContext = Record / "eventContext" Freeform;
    /// What users noted on the event.
    Annotation = Record / "annotation" Freeform;
}

impl Field {
    /// How many fields there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Where the field stands in [`Field::ALL`].
    #[must_use]
    pub const fn place(self) -> usize {
        self as usize
    }

    /// [`place`](Self::place) as a byte.
    #[inline(always)]
    pub(crate) const fn as_byte(self) -> u8 {
        self as u8
    }

    /// Whether fields are known that stand in this one.
    #[must_use]
    #[inline]
    pub fn has_members(self) -> bool {
        PARENTS.get(self.place()).copied().unwrap_or_default()
    }

    /// Whether it stands in `object`, at any depth.
    #[must_use]
    pub fn is_within(self, object: Self) -> bool {
        std::iter::successors(self.parent(), |field| field.parent()).any(|field| field == object)
    }

    /// The field at a path as selectors spell it: `userIdentity.sessionContext.sourceIdentity`.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.is_at(path))
    }

    fn is_at(self, path: &str) -> bool {
        let Some(before) = path.strip_suffix(self.key()) else { return false };
        match (self.parent(), before.strip_suffix('.')) {
            (None, None) => before.is_empty(),
            (Some(parent), Some(before)) => parent.is_at(before),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }
}

static PARENTS: [bool; Field::COUNT] = {
    let mut parents = [false; Field::COUNT];
    let mut place = 0;
    while place < Field::COUNT {
        #[expect(clippy::indexing_slicing, reason = "at compile time")]
        if let Some(parent) = Field::ALL[place].parent() {
            parents[parent.place()] = true;
        }
        place += 1;
    }
    parents
};

/// The path, with dots: `userIdentity.arn`.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent() {
            write!(f, "{parent}.")?;
        }
        f.write_str(self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_at_its_path() {
        for (place, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field.place(), place);
            assert_eq!(Field::at(&field.to_string()), Some(field));
        }
        assert_eq!(
            Field::at("userIdentity.sessionContext.sessionIssuer.arn"),
            Some(Field::SessionIssuerArn)
        );
        for path in
            ["", ".", "arn", "userIdentity.", "userIdentity.arn.", "x.eventName", "userIdentityarn"]
        {
            assert_eq!(Field::at(path), None, "{path}");
        }
    }

    #[test]
    fn fields_stand_in_objects_that_are_looked_into() {
        for field in Field::ALL {
            assert!(field.parent().is_none_or(|parent| parent.shape() != Shape::Scalar), "{field}");
        }
    }
}
