//! One entry of `Records`: an S3 event, or an SNS envelope in the form Lambda gets it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde::Deserialize;

use crate::body::Envelope;
use crate::escape::excerpt;
use crate::location::Location;
use crate::notification::Finding;
use crate::unrecognized::Unrecognized;
use crate::wire::{Object, Raw, Text};

/// An entry understood.
pub(crate) enum Entry<'a> {
    S3(Finding),
    Sns(Envelope<'a>),
}

/// Reads entry `index` of `Records`.
pub(crate) fn entry(index: usize, raw: &Raw) -> Result<Entry<'_>, Unrecognized> {
    let Object(record) = serde_json::from_str::<Object<Record<'_>>>(raw.get())
        .map_err(|_| Unrecognized::MalformedEntry { index })?;
    match (record.source.as_deref(), record.lambda_source.as_deref()) {
        (Some("aws:s3"), None) => record.finding(index).map(Entry::S3),
        (None, Some("aws:sns")) => {
            let Object(envelope) = record.sns.ok_or(Unrecognized::MalformedEntry { index })?;
            Ok(Entry::Sns(envelope))
        }
        (source, lambda_source) => {
            let source = source.or(lambda_source).unwrap_or("a source it does not name");
            Err(Unrecognized::ForeignEntry { index, source_name: excerpt(source) })
        }
    }
}

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow, rename = "eventSource")]
    source: Option<Text<'a>>,
    #[serde(borrow, rename = "EventSource")]
    lambda_source: Option<Text<'a>>,
    #[serde(borrow, rename = "eventVersion")]
    version: Option<Text<'a>>,
    #[serde(borrow, rename = "eventName")]
    name: Option<Text<'a>>,
    #[serde(borrow, rename = "awsRegion")]
    region: Option<Text<'a>>,
    #[serde(borrow)]
    s3: Option<Object<Location<'a>>>,
    #[serde(borrow, rename = "Sns")]
    sns: Option<Object<Envelope<'a>>>,
}

impl Record<'_> {
    fn finding(self, index: usize) -> Result<Finding, Unrecognized> {
        let version = self.version.as_deref().unwrap_or("none");
        if version.split('.').next() != Some("2") {
            let version = excerpt(version);
            return Err(Unrecognized::UnsupportedVersion { index, version });
        }
        let name = self.name.as_deref().ok_or(Unrecognized::MalformedEntry { index })?;
        if !is_creation(name) {
            return Ok(Finding::not_created(name));
        }
        let Object(location) = self.s3.ok_or(Unrecognized::NoObject { index })?;
        let object = location.object(index, self.region.as_deref(), form_decoded)?;
        Ok(Finding::Created(object))
    }
}

/// Messages say `ObjectCreated:Put` where the configuration said `s3:ObjectCreated:Put`, but some
/// senders keep the prefix.
fn is_creation(name: &str) -> bool {
    let name = name.strip_prefix("s3:").unwrap_or(name);
    name.split(':').next() == Some("ObjectCreated")
}

/// Decodes `application/x-www-form-urlencoded`, as S3 encodes keys: a plus is a space, and only
/// then are percent signs read, so that `%2B` stays a plus.
fn form_decoded(encoded: &str) -> Option<String> {
    let spaced = if encoded.contains('+') {
        Cow::Owned(encoded.replace('+', " "))
    } else {
        Cow::Borrowed(encoded)
    };
    percent_decode_str(&spaced).decode_utf8().ok().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_is_form_decoded_plus_before_percent() {
        let check = |encoded: &str, expected: Option<&str>| {
            assert_eq!(form_decoded(encoded).as_deref(), expected, "{encoded}");
        };
        check("AWSLogs/1/CloudTrail/a.json.gz", Some("AWSLogs/1/CloudTrail/a.json.gz"));
        check("red+flower.jpg", Some("red flower.jpg"));
        check("red%2Bflower.jpg", Some("red+flower.jpg"));
        check("red%2bflower.jpg", Some("red+flower.jpg"));
        check("a%2520b", Some("a%20b"));
        check("Happy%20Face.jpg", Some("Happy Face.jpg"));
        check("%E6%97%A5%E6%9C%AC/%C3%A9.gz", Some("日本/é.gz"));
        check("日本+é", Some("日本 é"));
        check("100%", Some("100%"));
        check("%zz", Some("%zz"));
        check("%FF", None);
        check("%E6%97", None);
    }

    #[test]
    fn creation_is_told_with_and_without_the_prefix() {
        let check = |name: &str, expected: bool| assert_eq!(is_creation(name), expected, "{name}");
        check("ObjectCreated:Put", true);
        check("ObjectCreated:CompleteMultipartUpload", true);
        check("s3:ObjectCreated:Copy", true);
        check("ObjectCreatedNot:Put", false);
        check("ObjectRemoved:Delete", false);
        check("s3:ObjectRemoved:DeleteMarkerCreated", false);
        check("s3:ObjectRestore:Completed", false);
        check("ObjectTagging:Put", false);
        check("", false);
    }
}
