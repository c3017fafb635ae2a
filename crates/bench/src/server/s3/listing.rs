//! What S3 says of a bucket.

use super::parameter;
use crate::server::REGION;
use crate::server::objects::{Object, Objects};
use std::fmt::Write as _;

const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
const MOST_KEYS: usize = 1_000;

/// The answer of `GetBucketLocation`. The first region has no name there.
pub(super) fn location() -> String {
    let region = if REGION == "us-east-1" { "" } else { REGION };
    format!("<LocationConstraint xmlns=\"{NAMESPACE}\">{region}</LocationConstraint>")
}

/// The answer of `ListObjectsV2`. A continuation token is the last key that was listed.
pub(super) fn keys(objects: &Objects, bucket: &str, query: &str) -> String {
    let prefix = parameter(query, "prefix").unwrap_or_default();
    let after = parameter(query, "continuation-token").or_else(|| parameter(query, "start-after"));
    let most = parameter(query, "max-keys").and_then(|most| most.parse().ok());
    let most = most.unwrap_or(MOST_KEYS).min(MOST_KEYS);
    let found = objects.list(bucket, &prefix, &after.unwrap_or_default(), most + 1);
    let mut found = found.unwrap_or_default();
    let is_truncated = found.len() > most;
    found.truncate(most);
    let token = match found.last() {
        Some((key, _)) if is_truncated => {
            format!("<NextContinuationToken>{}</NextContinuationToken>", escaped(key))
        }
        _ => String::new(),
    };
    let count = found.len();
    let contents: String = found.iter().map(|(key, object)| contents(key, object)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"{NAMESPACE}\">\
         <Name>{bucket}</Name><Prefix>{prefix}</Prefix><KeyCount>{count}</KeyCount>\
         <MaxKeys>{most}</MaxKeys><IsTruncated>{is_truncated}</IsTruncated>{token}{contents}\
         </ListBucketResult>",
        prefix = escaped(&prefix),
    )
}

fn contents(key: &str, object: &Object) -> String {
    format!(
        "<Contents><Key>{key}</Key><LastModified>{modified:.3}</LastModified><ETag>{etag}</ETag>\
         <Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>",
        key = escaped(key),
        modified = object.modified,
        etag = escaped(object.etag.to_str().unwrap_or_default()),
        size = object.bytes.len(),
    )
}

/// The text as XML holds it.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // Writing to a `String` does not fail.
            c if c.is_control() => write!(escaped, "&#{};", u32::from(c)).unwrap_or_default(),
            c => escaped.push(c),
        }
    }
    escaped
}
