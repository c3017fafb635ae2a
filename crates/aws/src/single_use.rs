//! [`SingleUse`]: a request whose connection is not used again.

use aws_sdk_s3::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;

/// Asks the server to close the connection behind the answer.
///
/// A connection keeps a buffer as large as the largest pieces it has read, up to 408 KiB, for as long as
/// it lives, and the next request may have another one. Small answers do not make it grow.
#[derive(Debug)]
pub(crate) struct SingleUse;

impl Intercept for SingleUse {
    fn name(&self) -> &'static str {
        "SingleUse"
    }

    /// The header is between the two ends of a connection, so it is not signed: a proxy may take it out.
    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        context.request_mut().headers_mut().insert("connection", "close");
        Ok(())
    }
}
