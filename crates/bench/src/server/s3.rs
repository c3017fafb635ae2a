//! S3, path style: `GetObject`, `HeadObject`, `ListObjectsV2`, `HeadBucket`, `GetBucketLocation`.

mod error;
mod listing;
mod range;

use super::body::{Body, Reset};
use super::faults::S3Fault;
use super::objects::{Absent, Object};
use super::{REGION, State};
use bytes::Bytes;
use error::S3Error;
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::time::Duration;

/// Where a bucket is that a request is redirected to.
const ELSEWHERE: &str = "eu-west-1";
const BUCKET_REGION: HeaderName = HeaderName::from_static("x-amz-bucket-region");
/// Long enough for what was sent so far to leave before the connection ends.
const BREATH: Duration = Duration::from_millis(5);

/// An answer before anything goes wrong with it.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Bytes,
}

/// Answers a request, as far as the faults let it.
pub(super) async fn answer(
    state: &State,
    request: &Request<Incoming>,
) -> Result<Response<Body>, Reset> {
    let rates = state.faults.rates().s3;
    if !rates.latency.is_zero() {
        tokio::time::sleep(rates.latency).await;
    }
    let fault = state.faults.of_s3(!is_signed_for(request.headers(), ELSEWHERE));
    let path = request.uri().path().trim_start_matches('/');
    let (bucket, encoded_key) = path.split_once('/').unwrap_or((path, ""));
    let key = percent_decode_str(encoded_key).decode_utf8_lossy();
    let reads = request.method() == Method::GET && !key.is_empty();
    if reads {
        state.counters.gets.add(1);
    }
    let result = match fault {
        Some(S3Fault::InternalError) => Err(S3Error::INTERNAL),
        Some(S3Fault::Unavailable) => Err(S3Error::UNAVAILABLE),
        Some(S3Fault::SlowDown) => Err(S3Error::SLOW_DOWN),
        Some(S3Fault::Redirect) => Err(S3Error::REDIRECT),
        _ => obey(state, request, bucket, &key),
    };
    let answer = result.unwrap_or_else(|error| error.answer(path));
    let answer = spoiled(state, fault, answer);
    if reads && answer.status.is_success() {
        state.counters.bytes_sent.add(answer.bytes.len());
    }
    sent(state, fault, answer, rates.stall_for)
}

fn obey(
    state: &State,
    request: &Request<Incoming>,
    bucket: &str,
    key: &str,
) -> Result<Answer, S3Error> {
    let query = request.uri().query().unwrap_or_default();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || bucket.is_empty() {
        return Err(S3Error::NOT_IMPLEMENTED);
    }
    if !key.is_empty() {
        return object(state, request.headers(), query, (bucket, key));
    }
    if !state.objects.has_bucket(bucket) {
        return Err(S3Error::NO_SUCH_BUCKET);
    }
    if request.method() == Method::HEAD {
        return Ok(Answer::new(StatusCode::OK, Bytes::new()).with(BUCKET_REGION, REGION));
    }
    if parameter(query, "location").is_some() {
        return Ok(Answer::xml(StatusCode::OK, listing::location()));
    }
    Ok(Answer::xml(StatusCode::OK, listing::keys(&state.objects, bucket, query)))
}

fn object(
    state: &State,
    headers: &HeaderMap,
    query: &str,
    (bucket, key): (&str, &str),
) -> Result<Answer, S3Error> {
    let object = state.objects.get(bucket, key).map_err(|absent| match absent {
        Absent::Bucket => S3Error::NO_SUCH_BUCKET,
        Absent::Key => S3Error::NO_SUCH_KEY,
    })?;
    // Buckets keep no versions: the only one that S3 gives an object then is called null.
    if parameter(query, "versionId").is_some_and(|version| version != "null") {
        return Err(S3Error::NO_SUCH_VERSION);
    }
    if !is_match(&object, headers.get(header::IF_MATCH)) {
        return Err(S3Error::PRECONDITION_FAILED);
    }
    let length = object.bytes.len();
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let answer = match asked.and_then(|asked| range::parse(asked, length)) {
        None => Answer::new(StatusCode::OK, object.bytes),
        Some(None) => return Err(S3Error::INVALID_RANGE),
        Some(Some(range)) => {
            let place = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            Answer::new(StatusCode::PARTIAL_CONTENT, object.bytes.slice(range))
                .with(header::CONTENT_RANGE, &place)
        }
    };
    Ok(answer
        .with_value(header::ETAG, object.etag)
        .with_value(header::LAST_MODIFIED, object.last_modified))
}

fn is_match(object: &Object, wanted: Option<&HeaderValue>) -> bool {
    let bare = |value: &HeaderValue| value.to_str().map(|text| text.trim_matches('"').to_owned());
    wanted.is_none_or(|wanted| wanted == "*" || bare(wanted).ok() == bare(&object.etag).ok())
}

/// What the answer says after a fault that its receiver cannot see in the protocol.
fn spoiled(state: &State, fault: Option<S3Fault>, mut answer: Answer) -> Answer {
    let length = answer.bytes.len();
    let place = |end| state.faults.any_below(end);
    match fault {
        Some(S3Fault::Corrupted) => {
            let mut bytes = answer.bytes.to_vec();
            if let Some(byte) = bytes.get_mut(place(length)) {
                *byte ^= 0x20;
            }
            answer.bytes = bytes.into();
        }
        Some(S3Fault::WrongLength) => answer.bytes.truncate(place(length)),
        _ => {}
    }
    answer
}

/// The answer on its way, which a fault may break off.
fn sent(
    state: &State,
    fault: Option<S3Fault>,
    answer: Answer,
    stall_for: Duration,
) -> Result<Response<Body>, Reset> {
    let Answer { status, headers, bytes } = answer;
    let length = bytes.len();
    let part = || bytes.slice(..state.faults.any_below(length));
    let body = match fault {
        Some(S3Fault::Reset) if state.faults.any_below(2) == 0 => return Err(Reset),
        Some(S3Fault::Reset) => Body::reset(part(), BREATH),
        Some(S3Fault::Truncated) => Body::cut(part(), BREATH),
        Some(S3Fault::Stall) => Body::cut(part(), stall_for),
        _ => Body::whole(bytes),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    Ok(response)
}

impl Answer {
    fn new(status: StatusCode, bytes: Bytes) -> Self {
        Self { status, headers: HeaderMap::with_capacity(8), bytes }
    }

    fn xml(status: StatusCode, text: String) -> Self {
        Self::new(status, text.into()).with(header::CONTENT_TYPE, "application/xml")
    }

    fn with(self, name: HeaderName, value: &str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(value) => self.with_value(name, value),
            Err(_not_a_header) => self,
        }
    }

    fn with_value(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

/// A parameter of the query; empty where it has no value.
fn parameter<'q>(query: &'q str, name: &str) -> Option<Cow<'q, str>> {
    let mut pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let (_name, value) = pairs.find(|(own, _)| *own == name)?;
    Some(percent_decode_str(value).decode_utf8_lossy())
}

/// Whether the signature, which nobody checks, is for S3 in a region.
fn is_signed_for(headers: &HeaderMap, region: &str) -> bool {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    authorization.is_some_and(|text| text.contains(&format!("/{region}/s3/")))
}
