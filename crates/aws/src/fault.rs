//! Sorting the SDK's errors by what can be done about them.

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sqs::config::http::HttpResponse;
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use std::error::Error;
use std::time::Duration;
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

/// The answer to a call, waited for no longer than `patience`. A call given up may still be carried
/// out.
pub(crate) async fn answer<T, E>(
    patience: Duration,
    call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
) -> Result<T, Fault>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    match tokio::time::timeout(patience, call).await {
        Ok(answer) => answer.map_err(Fault::of),
        Err(_elapsed) => Err(Fault {
            remedy: Remedy::Time,
            status: 0,
            code: String::new(),
            text: format!("there was no answer within {} s", patience.as_secs()).into(),
        }),
    }
}

impl Fault {
    pub(crate) fn of<E>(error: SdkError<E, HttpResponse>) -> Self
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let status = error.raw_response().map_or(0, |response| response.status().as_u16());
        let code = error.code().unwrap_or_default().to_owned();
        let passes = status >= 500
            || status == 429
            || status == 0
            || is_about_the_clock(&code, error.message().unwrap_or_default());
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

/// A request signed for another time than it is. The SDK learns from the answer how far off the clock
/// is, and signs the next request for the right one. A wrong secret has the same code in SQS, and
/// another message (AWS General Reference, "Troubleshoot Signature Version 4 signing").
fn is_about_the_clock(code: &str, message: &str) -> bool {
    let expired = ["Signature expired", "Signature not yet current"];
    matches!(code, "RequestTimeTooSkewed" | "RequestExpired")
        || (code.ends_with("InvalidSignatureException")
            && expired.iter().any(|begin| message.starts_with(begin)))
}

/// Credentials that cannot be had surface as a failed dispatch, as a broken connection does. A
/// provider that only did not answer in time is asked again.
fn is_about_credentials(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(current) = cause {
        if let Some(error) = current.downcast_ref::<CredentialsError>() {
            return !matches!(error, CredentialsError::ProviderTimedOut(_));
        }
        cause = current.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_that_is_off_is_told_from_a_wrong_secret() {
        let sqs = "com.amazonaws.sqs#InvalidSignatureException";
        let expired = "Signature expired: 20261121T000000Z is now earlier than 20261124T000000Z";
        let wrong =
            "The request signature we calculated does not match the signature you provided.";
        assert!(is_about_the_clock(sqs, expired));
        assert!(is_about_the_clock("RequestTimeTooSkewed", "The difference is too large."));
        assert!(!is_about_the_clock(sqs, wrong));
        assert!(!is_about_the_clock("AccessDenied", expired));
    }
}
