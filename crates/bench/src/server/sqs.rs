//! SQS, in its JSON protocol: each operation is a call that is read, done to a queue, and answered.

mod attributes;
mod batch;
mod error;
mod wire;

use super::body::{Body, Reset};
use super::faults::SqsFault;
use super::queue::{Queue, Received, Wanted};
use super::{ACCOUNT, State};
use bytes::Bytes;
use error::SqsError;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::{Duration, UNIX_EPOCH};

const TARGET: &str = "x-amz-target";
const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");
const JSON: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.0");
/// The longest visibility timeout, in seconds.
const LONGEST_VISIBILITY: u64 = 43_200;

type Answer = Result<Vec<u8>, SqsError>;

/// The operation that a request calls, if it is one to SQS.
pub(super) fn operation(request: &Request<Incoming>) -> Option<String> {
    let target = request.headers().get(TARGET)?.to_str().ok()?;
    target.strip_prefix("AmazonSQS.").map(str::to_owned)
}

/// Answers a call, as far as the faults let it.
pub(super) async fn answer(
    state: &State,
    operation: &str,
    body: Incoming,
) -> Result<Response<Body>, Reset> {
    // A request that breaks off has nobody left to answer.
    let call = body.collect().await.map_err(|_| Reset)?.to_bytes();
    let rates = state.faults.rates().sqs;
    if !rates.latency.is_zero() {
        tokio::time::sleep(rates.latency).await;
    }
    let fault = state.faults.of_sqs();
    let answer = match fault {
        Some(SqsFault::InternalError) => Err(SqsError::INTERNAL),
        Some(SqsFault::Unavailable) => Err(SqsError::UNAVAILABLE),
        Some(SqsFault::Throttle) => Err(throttled(state, operation)),
        Some(SqsFault::Reset | SqsFault::Stall) | None => obey(state, operation, &call).await,
    };
    match fault {
        Some(SqsFault::Reset) => Err(Reset),
        Some(SqsFault::Stall) => {
            tokio::time::sleep(rates.stall_for).await;
            Err(Reset)
        }
        _ => Ok(response(answer)),
    }
}

fn throttled(state: &State, operation: &str) -> SqsError {
    if operation == "ReceiveMessage" && state.faults.any_below(2) == 0 {
        SqsError::OVER_LIMIT
    } else {
        SqsError::THROTTLED
    }
}

async fn obey(state: &State, operation: &str, call: &Bytes) -> Answer {
    match operation {
        "ReceiveMessage" => receive(state, parsed(call)?).await,
        "DeleteMessageBatch" => batch::delete(state, parsed(call)?),
        "ChangeMessageVisibilityBatch" => batch::change_visibility(state, parsed(call)?),
        "SendMessageBatch" => batch::send(state, parsed(call)?),
        "DeleteMessage" => delete(state, &parsed(call)?),
        "ChangeMessageVisibility" => change_visibility(state, &parsed(call)?),
        "SendMessage" => send(state, parsed(call)?),
        "GetQueueAttributes" => attributes::of(state, &parsed(call)?),
        "GetQueueUrl" => queue_url(state, &parsed(call)?),
        _ => Err(SqsError::UNSUPPORTED),
    }
}

async fn receive(state: &State, call: wire::Receive) -> Answer {
    let queue = state.queue_at(&call.queue_url)?;
    let most = call.max_number_of_messages.unwrap_or(1);
    let wait = call.wait_time_seconds.unwrap_or(0);
    if !(1..=10).contains(&most) || wait > 20 {
        return Err(SqsError::INVALID_VALUE);
    }
    let visibility = call.visibility_timeout.map(visibility).transpose()?;
    let wanted = Wanted { most, wait: Duration::from_secs(wait), visibility };
    let received = queue.receive(wanted, &state.faults).await;
    state.counters.receives.add(1);
    state.counters.received.add(received.len());
    let messages = received.iter().map(|received| message(received, &call)).collect();
    json(&wire::Messages { messages })
}

fn message<'m>(received: &'m Received, call: &wire::Receive) -> wire::Message<'m> {
    let milliseconds = |time: std::time::SystemTime| {
        time.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis().to_string()
    };
    let attributes = [
        ("SenderId", ACCOUNT.to_owned()),
        ("SentTimestamp", milliseconds(received.sent)),
        ("ApproximateReceiveCount", received.receives.to_string()),
        ("ApproximateFirstReceiveTimestamp", milliseconds(received.first_received)),
    ];
    let named = attributes::named(&received.attributes, &call.message_attribute_names);
    wire::Message {
        message_id: &received.id,
        receipt_handle: &received.receipt,
        body: &received.body,
        md5_of_body: &received.md5,
        md5_of_message_attributes: attributes::md5(&named),
        attributes: attributes.into_iter().filter(|(name, _)| call.asks_for(name)).collect(),
        message_attributes: attributes::values(&named),
    }
}

fn delete(state: &State, call: &wire::OfReceipt) -> Answer {
    state.counters.deletes.add(1);
    batch::delete_one(state, state.queue_at(&call.queue_url)?, &call.receipt_handle)?;
    json(&wire::Nothing {})
}

fn change_visibility(state: &State, call: &wire::OfReceipt) -> Answer {
    let queue = state.queue_at(&call.queue_url)?;
    batch::change_one(state, queue, &call.receipt_handle, call.visibility_timeout)?;
    json(&wire::Nothing {})
}

fn send(state: &State, call: wire::Send) -> Answer {
    json(&batch::send_one(state.queue_at(&call.queue_url)?, call.message)?)
}

fn queue_url(state: &State, call: &wire::OfName) -> Answer {
    let queue = state.queue_at(&call.queue_name)?;
    json(&wire::QueueUrl { queue_url: state.url_of(queue) })
}

impl State {
    /// The queue that a URL, or a name, is of.
    fn queue_at(&self, url: &str) -> Result<&Queue, SqsError> {
        let name = url.rsplit('/').next().unwrap_or_default();
        let queues = [&self.queue, &self.dead_letters];
        let found = queues.into_iter().find(|queue| queue.name() == name);
        found.map(|queue| &**queue).ok_or(SqsError::NO_SUCH_QUEUE)
    }
}

fn visibility(seconds: u64) -> Result<Duration, SqsError> {
    if seconds > LONGEST_VISIBILITY {
        return Err(SqsError::INVALID_VALUE);
    }
    Ok(Duration::from_secs(seconds))
}

fn parsed<T: DeserializeOwned>(call: &[u8]) -> Result<T, SqsError> {
    serde_json::from_slice(call).map_err(|_| SqsError::MALFORMED)
}

fn json<T: Serialize>(answer: &T) -> Answer {
    serde_json::to_vec(answer).map_err(|_| SqsError::INTERNAL)
}

fn response(answer: Answer) -> Response<Body> {
    let (status, error, bytes) = match answer {
        Ok(bytes) => (StatusCode::OK, None, bytes),
        Err(error) => (error.status, Some(error.query_code()), error.body()),
    };
    let length = bytes.len();
    let mut response = Response::new(Body::whole(bytes.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, JSON);
    headers.insert(CONTENT_LENGTH, length.into());
    if let Some(code) = error.and_then(|code| HeaderValue::try_from(code).ok()) {
        headers.insert(QUERY_ERROR, code);
    }
    response
}
