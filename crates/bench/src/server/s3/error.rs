//! The errors of S3, as it words them.

use super::{Answer, BUCKET_REGION, ELSEWHERE};
use crate::server::s3::listing::escaped;
use hyper::StatusCode;

/// An error: its status, its code and what it says.
#[derive(Clone, Copy, Debug)]
pub(super) struct S3Error(StatusCode, &'static str, &'static str);

impl S3Error {
    pub(super) const NO_SUCH_BUCKET: Self =
        Self(StatusCode::NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist");
    pub(super) const NO_SUCH_KEY: Self =
        Self(StatusCode::NOT_FOUND, "NoSuchKey", "The specified key does not exist.");
    pub(super) const NO_SUCH_VERSION: Self =
        Self(StatusCode::NOT_FOUND, "NoSuchVersion", "The specified version does not exist.");
    pub(super) const PRECONDITION_FAILED: Self = Self(
        StatusCode::PRECONDITION_FAILED,
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
    );
    pub(super) const INVALID_RANGE: Self = Self(
        StatusCode::RANGE_NOT_SATISFIABLE,
        "InvalidRange",
        "The requested range is not satisfiable",
    );
    pub(super) const NOT_IMPLEMENTED: Self = Self(
        StatusCode::NOT_IMPLEMENTED,
        "NotImplemented",
        "A header you provided implies functionality that is not implemented",
    );
    pub(super) const REDIRECT: Self = Self(
        StatusCode::MOVED_PERMANENTLY,
        "PermanentRedirect",
        "The bucket you are attempting to access must be addressed using the specified endpoint.",
    );
    pub(super) const INTERNAL: Self = Self(
        StatusCode::INTERNAL_SERVER_ERROR,
        "InternalError",
        "We encountered an internal error. Please try again.",
    );
    pub(super) const UNAVAILABLE: Self = Self(
        StatusCode::SERVICE_UNAVAILABLE,
        "ServiceUnavailable",
        "Service is unable to handle request.",
    );
    pub(super) const SLOW_DOWN: Self =
        Self(StatusCode::SERVICE_UNAVAILABLE, "SlowDown", "Please reduce your request rate.");

    /// The error as an answer about a resource.
    pub(super) fn answer(self, resource: &str) -> Answer {
        let Self(status, code, message) = self;
        let resource = escaped(resource);
        let answer = Answer::xml(
            status,
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code>\
                 <Message>{message}</Message><Resource>/{resource}</Resource>\
                 <RequestId>0000000000000000</RequestId><HostId>0</HostId></Error>"
            ),
        );
        if status == StatusCode::MOVED_PERMANENTLY {
            return answer.with(BUCKET_REGION, ELSEWHERE);
        }
        answer
    }
}
