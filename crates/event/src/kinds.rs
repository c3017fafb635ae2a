//! What an event is: the words of CloudTrail's open sets, and what they say together.
//!
//! A word that is not known is `Other`, never an error: AWS adds to each of the sets.

use crate::event::Event;
use crate::field::Field;
use crate::text::Text;
use crate::value::Value;

macro_rules! words {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $each:literal])+ $word:ident = $first:literal $(| $more:literal)*;)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[doc = $each])+ $word,)+
            /// A word that is not known here.
            Other,
        }

        impl $name {
            /// What the text stands for.
            #[must_use]
            pub fn of(text: Text<'_>) -> Self {
                // Known words are hardly ever written with escapes.
                Self::known(text.escaped()).unwrap_or_else(|| match text.plain() {
                    Some(_unknown) => Self::Other,
                    None => Self::known(&text.unescaped()).unwrap_or(Self::Other),
                })
            }

            fn known(word: &str) -> Option<Self> {
                match word {
                    $($first $(| $more)* => Some(Self::$word),)+
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use words;

words! {
    /// Category of an event (`eventCategory`, from version 1.07 on).
    Category {
        /// Operations on resources: the control plane.
        Management = "Management";
        /// Operations in resources: the data plane.
        Data = "Data";
        /// Unusual activity that CloudTrail found.
        Insight = "Insight";
        /// Calls through a VPC endpoint, as the endpoint's owner sees them.
        NetworkActivity = "NetworkActivity";
        /// Data events of five minutes, counted.
        Aggregated = "Aggregated";
    }
}

words! {
    /// Kind of an event (`eventType`, from version 1.02 on).
    EventType {
        /// A call of an API.
        AwsApiCall = "AwsApiCall";
        /// Something that a service did by itself.
        AwsServiceEvent = "AwsServiceEvent";
        /// Something done in the console that is no API call.
        AwsConsoleAction = "AwsConsoleAction";
        /// A sign-in to the console.
        AwsConsoleSignIn = "AwsConsoleSignIn";
        /// Start or end of unusual activity.
        AwsCloudTrailInsight = "AwsCloudTrailInsight";
        /// A call through a VPC endpoint. The documentation has it in the plural, records in the
        /// singular.
        AwsVpceEvent = "AwsVpceEvent" | "AwsVpceEvents";
        /// Counts of data events.
        AwsAggregatedEvent = "AwsAggregatedEvent";
    }
}

words! {
    /// Kind of identity (`userIdentity.type`).
    ///
    /// Source: CloudTrail User Guide, "userIdentity element".
    IdentityKind {
        /// The root user of an account.
        Root = "Root";
        /// An IAM user.
        IamUser = "IAMUser";
        /// A session of a role.
        AssumedRole = "AssumedRole";
        /// A role acting directly.
        Role = "Role";
        /// A session of sts:GetFederationToken.
        FederatedUser = "FederatedUser";
        /// A user of Directory Service.
        Directory = "Directory";
        /// Another account: all that its owner is told of the caller.
        AwsAccount = "AWSAccount";
        /// A service that belongs to AWS.
        AwsService = "AWSService";
        /// A user of IAM Identity Center.
        IdentityCenterUser = "IdentityCenterUser";
        /// Who calls sts:AssumeRoleWithSAML.
        SamlUser = "SAMLUser";
        /// Who calls sts:AssumeRoleWithWebIdentity.
        WebIdentityUser = "WebIdentityUser";
        /// One that CloudTrail could not find out.
        Unknown = "Unknown";
    }
}

/// Version of the record's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Raised when older readers would fail: 1 until now.
    pub major: u32,
    /// Raised when something is added. 1.10 comes after 1.09.
    pub minor: u32,
}

impl Version {
    /// The version that `text` says: two numbers and a dot.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        let number = |digits: &str| {
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| digits.parse().ok()).flatten()
        };
        Some(Self { major: number(major)?, minor: number(minor)? })
    }
}

/// How the request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// As was asked.
    Success,
    /// Refused or failed.
    Failure,
}

/// Where services say how a step of a sign-in ended, in words.
const SIGN_IN: [Field; 5] = [
    Field::ResponseConsoleLogin,
    Field::ResponseCheckMfa,
    Field::CredentialChallenge,
    Field::CredentialVerification,
    Field::UserAuthentication,
];

impl Event<'_> {
    /// Version of the record's format; none where it is none (`...` in examples).
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        Version::parse(self.text(Field::EventVersion)?.plain()?)
    }

    /// Category of the event.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        self.text(Field::EventCategory).map(Category::of)
    }

    /// Kind of event.
    #[must_use]
    pub fn event_type(&self) -> Option<EventType> {
        self.text(Field::EventType).map(EventType::of)
    }

    /// Whether the action only reads. Written as a boolean, seen as a string.
    #[must_use]
    pub fn is_read_only(&self) -> Option<bool> {
        self.value(Field::ReadOnly).and_then(Value::boolean)
    }

    /// Whether it is a management event. Written as a boolean, seen as a string.
    #[must_use]
    pub fn is_management(&self) -> Option<bool> {
        self.value(Field::ManagementEvent).and_then(Value::boolean)
    }

    /// Whether the credentials came from a session of the console. Written only when they did, as
    /// the string "true", seen as a boolean.
    #[must_use]
    pub fn is_from_console(&self) -> bool {
        self.value(Field::SessionCredentialFromConsole).and_then(Value::boolean) == Some(true)
    }

    /// Whether it tells of a request, or of what a service did by itself. Insights and counts tell
    /// of many.
    #[must_use]
    pub fn is_of_one_action(&self) -> bool {
        !matches!(self.category(), Some(Category::Insight | Category::Aggregated))
    }

    /// How the request ended: a failure has an error, or only its message, or says `Failure` (a
    /// sign-in to the console that failed has no `errorCode`). Insights and counts are no requests.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        if !self.is_of_one_action() {
            return None;
        }
        let has = |field| self.text(field).is_some();
        let failed = has(Field::ErrorCode)
            || has(Field::ErrorMessage)
            || SIGN_IN.into_iter().any(|field| self.says(field, "Failure"));
        Some(if failed { Outcome::Failure } else { Outcome::Success })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reader;

    #[test]
    fn versions_are_compared_by_number() {
        let version = |text| Version::parse(text).unwrap();
        assert!(version("1.10") > version("1.09") && version("1.11") > version("1.10"));
        assert!(version("1.0") < version("1.01") && version("2.0") > version("1.11"));
        for text in ["", "1", "...", "1.", ".1", "1.0.0", "1.+1", "a.b", "1.99999999999"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    fn unknown_words_pass() {
        assert_eq!(Category::of(Text::new("NetworkActivity")), Category::NetworkActivity);
        assert_eq!(Category::of(Text::new(r"D\u0061ta")), Category::Data);
        assert_eq!(Category::of(Text::new("Tomorrow")), Category::Other);
        assert_eq!(EventType::of(Text::new("AwsVpceEvents")), EventType::AwsVpceEvent);
        assert_eq!(EventType::of(Text::new("")), EventType::Other);
        assert_eq!(IdentityKind::of(Text::new("iamuser")), IdentityKind::Other);
    }

    #[test]
    fn booleans_are_read_from_both_forms() {
        let check = |json: &str, expect: (Option<bool>, Option<bool>, bool)| {
            let mut reader = Reader::new();
            let event = reader.read(0, json);
            let found = (event.is_read_only(), event.is_management(), event.is_from_console());
            assert_eq!(found, expect, "{json}");
        };
        check("{}", (None, None, false));
        check(
            r#"{"readOnly":true,"managementEvent":false,"sessionCredentialFromConsole":"true"}"#,
            (Some(true), Some(false), true),
        );
        check(
            r#"{"readOnly":"false","managementEvent":"true","sessionCredentialFromConsole":true}"#,
            (Some(false), Some(true), true),
        );
        check(r#"{"readOnly":null,"managementEvent":1}"#, (None, None, false));
    }

    #[test]
    fn a_failure_is_known_by_its_error_its_message_or_its_word() {
        let check = |json: &str, expect: Option<Outcome>| {
            assert_eq!(Reader::new().read(0, json).outcome(), expect, "{json}");
        };
        check("{}", Some(Outcome::Success));
        check(r#"{"errorCode":"AccessDenied"}"#, Some(Outcome::Failure));
        check(r#"{"errorCode":null,"errorMessage":""}"#, Some(Outcome::Success));
        check(r#"{"errorMessage":"Failed authentication"}"#, Some(Outcome::Failure));
        check(r#"{"responseElements":{"ConsoleLogin":"Failure"}}"#, Some(Outcome::Failure));
        check(r#"{"responseElements":{"ConsoleLogin":"Success"}}"#, Some(Outcome::Success));
        check(
            r#"{"serviceEventDetails":{"UserAuthentication":"Failure"}}"#,
            Some(Outcome::Failure),
        );
        check(r#"{"eventCategory":"Insight"}"#, None);
    }
}
