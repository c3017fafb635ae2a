//! Sorting the SDK's errors by what can be done about them.

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sqs::config::http::HttpResponse;
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use std::error::Error;
use trail_ingest::BoxError;

/// Who can do something about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Waiting.
    Time,
    /// A person: credentials, permission, configuration.
    Person,
}

/// What an error says about itself.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) remedy: Remedy,
    pub(crate) status: u16,
    pub(crate) code: String,
    /// One line for a log: the service's own words, without the SDK's wrapping.
    pub(crate) text: BoxError,
}

/// Codes that come with a status of the 400s and still pass by themselves.
const PASSING: [&str; 14] = [
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "PriorRequestNotComplete",
    "RequestTimeout",
    "OverLimit",
    "KmsThrottled",
    "KMS.ThrottlingException",
    "KMS.KMSInvalidStateException",
];

impl Fault {
    pub(crate) fn of<E>(error: SdkError<E, HttpResponse>) -> Self
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let status = error.raw_response().map_or(0, |response| response.status().as_u16());
        let code = error.code().unwrap_or_default().to_owned();
        let passes = status >= 500 || status == 429 || status == 0;
        let remedy = if is_about_credentials(&error) {
            Remedy::Person
        } else if passes || PASSING.iter().any(|passing| code.ends_with(passing)) {
            Remedy::Time
        } else {
            Remedy::Person
        };
        let text = match error.message() {
            Some(message) if !code.is_empty() => format!("{code}: {message}").into(),
            _ if !code.is_empty() => code.clone().into(),
            _ if status != 0 => format!("status {status} without an error code").into(),
            _ => trail_ingest::chain(&error).into(),
        };
        Self { remedy, status, code, text }
    }
}

/// Credentials that cannot be had surface as a failed dispatch, as a broken connection does.
fn is_about_credentials(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(current) = cause {
        if current.is::<CredentialsError>() {
            return true;
        }
        cause = current.source();
    }
    false
}
