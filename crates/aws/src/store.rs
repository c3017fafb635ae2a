//! The S3 store: one client for each region a bucket is in.

use crate::connection::Connection;
use crate::fault::{Fault, Remedy};
use crate::single_use::SingleUse;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::get_object::{GetObjectError, GetObjectOutput};
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use trail_ingest::{Body, Opened, Store, StoreError};
use trail_notification::ObjectRef;

/// S3, in every region.
#[derive(Clone, Debug)]
pub struct S3Store {
    connection: Connection,
    pub(crate) expected_owner: Option<String>,
    regions: Arc<Mutex<Regions>>,
}

#[derive(Debug, Default)]
struct Regions {
    clients: HashMap<Option<String>, Client>,
    /// Where a bucket turned out to be, when it was not where the notification said.
    buckets: HashMap<String, String>,
}

/// An object of so many bytes has a connection of its own: a handshake is little beside what it takes to
/// decode it.
const LARGE: u64 = 1 << 20;

/// More regions than there are: a message can name any number, and each would have a client.
const MOST_CLIENTS: usize = 64;

impl S3Store {
    /// A store that, where `expected_owner` is given, reads only buckets of that account.
    #[must_use]
    pub fn new(connection: &Connection, expected_owner: Option<String>) -> Self {
        Self { connection: connection.clone(), expected_owner, regions: Arc::default() }
    }

    pub(crate) fn client_for(&self, bucket: &str, region: Option<&str>) -> Client {
        let mut regions = self.lock();
        let known = regions.buckets.get(bucket).cloned();
        // The region comes from the message and ends in a host name: only one that looks like a
        // region is used.
        let named = region.filter(|name| is_region(name)).map(str::to_owned);
        let mut region = known.or(named);
        if regions.clients.len() >= MOST_CLIENTS && !regions.clients.contains_key(&region) {
            region = None;
        }
        let client = regions.clients.entry(region.clone());
        client.or_insert_with(|| self.connection.s3(region.as_deref())).clone()
    }

    pub(crate) fn remember(&self, bucket: &str, region: &str) {
        self.lock().buckets.insert(bucket.to_owned(), region.to_owned());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Regions> {
        self.regions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn get(
        &self,
        object: &ObjectRef,
        from: u64,
    ) -> Result<GetObjectOutput, SdkError<GetObjectError, HttpResponse>> {
        let client = self.client_for(&object.bucket, object.region.as_deref());
        let mut request = client.get_object().bucket(&object.bucket).key(&object.key);
        if from > 0 {
            request = request.range(format!("bytes={from}-"));
        }
        // A version cannot change; without one, the eTag makes sure that it is the same object.
        let if_match = object.version_id.is_none().then_some(()).and(object.etag.as_ref());
        let request = request
            .set_version_id(object.version_id.clone())
            .set_if_match(if_match.map(|etag| format!("\"{etag}\"")))
            .set_expected_bucket_owner(self.expected_owner.clone());
        if object.size.is_some_and(|size| size >= LARGE) {
            return request.customize().interceptor(SingleUse).send().await;
        }
        request.send().await
    }
}

#[async_trait::async_trait]
impl Store for S3Store {
    async fn open(&self, object: &ObjectRef, from: u64) -> Result<Opened, StoreError> {
        let mut result = self.get(object, from).await;
        if let Some(region) = result.as_ref().err().and_then(real_region) {
            self.remember(&object.bucket, &region);
            result = self.get(object, from).await;
        }
        let output = result.map_err(|error| failure(error, &object.bucket))?;
        let etag = output.e_tag.map(|etag| etag.trim_matches('"').to_owned());
        let Some(remaining) = output.content_length.and_then(|length| u64::try_from(length).ok())
        else {
            return Err(StoreError::Unavailable("the answer has no content length".into()));
        };
        Ok(Opened { remaining, etag, body: Box::new(S3Body(output.body)) })
    }
}

struct S3Body(ByteStream);

impl fmt::Debug for S3Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("S3Body")
    }
}

#[async_trait::async_trait]
impl Body for S3Body {
    async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        loop {
            match self.0.next().await {
                Some(Ok(bytes)) if bytes.is_empty() => {}
                Some(Ok(bytes)) => return Ok(Some(bytes)),
                Some(Err(error)) => {
                    return Err(StoreError::Unavailable(trail_ingest::chain(&error).into()));
                }
                None => return Ok(None),
            }
        }
    }
}

/// The region an error says the bucket is in. The SDK does not follow these redirects.
pub(crate) fn real_region<E>(error: &SdkError<E, HttpResponse>) -> Option<String> {
    let response = error.raw_response()?;
    if !matches!(response.status().as_u16(), 301 | 307 | 400) {
        return None;
    }
    let region = response.headers().get("x-amz-bucket-region")?;
    is_region(region).then(|| region.to_owned())
}

/// Whether a text has the form of a region: `eu-west-1`, `us-gov-east-1`, `eusc-de-east-1`.
fn is_region(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let Some((number, words)) = parts.split_last() else {
        return false;
    };
    let is_word = |word: &&str| {
        (1..=12).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    (2..=4).contains(&words.len())
        && words.iter().all(is_word)
        && (1..=2).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn failure(error: SdkError<GetObjectError, HttpResponse>, bucket: &str) -> StoreError {
    let fault = Fault::of(error);
    match (fault.code.as_str(), fault.status) {
        ("NoSuchBucket", _) => {
            StoreError::Denied(format!("the bucket {bucket} does not exist").into())
        }
        // The last three: a delete marker's version, a version id or key that S3 never gave.
        ("NoSuchKey" | "NoSuchVersion" | "MethodNotAllowed" | "InvalidArgument", _)
        | ("KeyTooLongError", _)
        | ("", 404) => StoreError::NotFound(fault.text),
        ("PreconditionFailed", _) | (_, 412) => StoreError::Replaced(fault.text),
        ("InvalidObjectState", _) => StoreError::Archived(fault.text),
        // The object shrank since the read was begun: it is another.
        ("InvalidRange", _) => StoreError::Replaced(fault.text),
        _ if fault.remedy == Remedy::Time => StoreError::Unavailable(fault.text),
        _ => StoreError::Denied(fault.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_region_becomes_part_of_a_host_name() {
        for region in ["eu-west-1", "us-gov-east-1", "cn-northwest-1", "eusc-de-east-1"] {
            assert!(is_region(region), "{region}");
        }
        for other in
            ["", "eu-west", "eu-west-1.evil.example", "eu-west-1/", "x@evil-1", "-1", "EU-WEST-1"]
        {
            assert!(!is_region(other), "{other}");
        }
    }
}
