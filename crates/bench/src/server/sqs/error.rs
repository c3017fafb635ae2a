//! The errors of SQS, in both of its tongues: the shape's name of the JSON protocol, and the code
//! of the older query protocol, which clients go by.

use crate::server::queue::ReceiptError;
use hyper::StatusCode;
use serde_json::json;

/// An error of a call, or of an entry in a batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct SqsError {
    pub(super) status: StatusCode,
    shape: &'static str,
    pub(super) code: &'static str,
    pub(super) message: &'static str,
}

impl SqsError {
    pub(super) const NO_SUCH_QUEUE: Self = Self::of_client(
        "com.amazonaws.sqs#QueueDoesNotExist",
        "AWS.SimpleQueueService.NonExistentQueue",
        "The specified queue does not exist.",
    );
    pub(super) const UNSUPPORTED: Self = Self::of_client(
        "com.amazonaws.sqs#UnsupportedOperation",
        "AWS.SimpleQueueService.UnsupportedOperation",
        "The operation is not supported.",
    );
    pub(super) const MALFORMED: Self = Self::of_client(
        "com.amazon.coral.service#SerializationException",
        "MalformedInput",
        "The request is not what the operation takes.",
    );
    pub(super) const INVALID_VALUE: Self = Self::of_client(
        "com.amazon.coral.service#InvalidParameterValueException",
        "InvalidParameterValue",
        "A value is out of its range.",
    );
    pub(super) const INVALID_RECEIPT: Self = Self::of_client(
        "com.amazonaws.sqs#ReceiptHandleIsInvalid",
        "ReceiptHandleIsInvalid",
        "The input receipt handle is invalid.",
    );
    pub(super) const NOT_IN_FLIGHT: Self = Self::of_client(
        "com.amazonaws.sqs#MessageNotInflight",
        "AWS.SimpleQueueService.MessageNotInflight",
        "The message referred to is not in flight.",
    );
    pub(super) const GONE: Self = Self::of_client(
        "com.amazon.coral.service#InvalidParameterValueException",
        "InvalidParameterValue",
        "Value for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not \
         available for visibility timeout change.",
    );
    pub(super) const EMPTY_BATCH: Self = Self::of_client(
        "com.amazonaws.sqs#EmptyBatchRequest",
        "AWS.SimpleQueueService.EmptyBatchRequest",
        "There should be at least one entry in the request.",
    );
    pub(super) const LARGE_BATCH: Self = Self::of_client(
        "com.amazonaws.sqs#TooManyEntriesInBatchRequest",
        "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
        "Maximum number of entries per request are 10.",
    );
    pub(super) const REPEATED_ID: Self = Self::of_client(
        "com.amazonaws.sqs#BatchEntryIdsNotDistinct",
        "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
        "Two or more batch entries have the same Id.",
    );
    pub(super) const THROTTLED: Self = Self {
        status: StatusCode::FORBIDDEN,
        ..Self::of_client(
            "com.amazonaws.sqs#RequestThrottled",
            "RequestThrottled",
            "The request was denied due to request throttling.",
        )
    };
    pub(super) const OVER_LIMIT: Self = Self {
        status: StatusCode::FORBIDDEN,
        ..Self::of_client(
            "com.amazonaws.sqs#OverLimit",
            "OverLimit",
            "Too many messages in flight.",
        )
    };
    pub(super) const INTERNAL: Self = Self {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        shape: "com.amazon.coral.service#InternalFailure",
        code: "InternalFailure",
        message: "The request processing has failed because of an unknown error.",
    };
    pub(super) const UNAVAILABLE: Self = Self {
        status: StatusCode::SERVICE_UNAVAILABLE,
        shape: "com.amazon.coral.service#ServiceUnavailableException",
        code: "ServiceUnavailable",
        message: "The request has failed due to a temporary failure of the server.",
    };
    /// An entry of a batch that failed on the way.
    pub(super) const INTERNAL_ENTRY: Self = Self { code: "InternalError", ..Self::INTERNAL };

    const fn of_client(shape: &'static str, code: &'static str, message: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, shape, code, message }
    }

    pub(super) fn is_of_client(&self) -> bool {
        self.status.is_client_error()
    }

    pub(super) fn query_code(&self) -> String {
        let side = if self.is_of_client() { "Sender" } else { "Receiver" };
        format!("{};{side}", self.code)
    }

    pub(super) fn body(&self) -> Vec<u8> {
        json!({ "__type": self.shape, "message": self.message }).to_string().into_bytes()
    }
}

impl From<ReceiptError> for SqsError {
    fn from(error: ReceiptError) -> Self {
        match error {
            ReceiptError::Invalid => Self::INVALID_RECEIPT,
            ReceiptError::Gone => Self::GONE,
            ReceiptError::NotInFlight => Self::NOT_IN_FLIGHT,
        }
    }
}
