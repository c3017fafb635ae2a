//! An object that a message names.

use std::fmt;

use crate::escape::escape_into;
use crate::unrecognized::Unrecognized;

/// S3's limit on a key, in bytes of UTF-8. Version ids share it.
const MAX_KEY: usize = 1_024;
/// The longest bucket names, in bytes: those made in us-east-1 before 2018. Today's end at 63.
const MAX_BUCKET: usize = 255;
/// Characters of `s3://bucket/key` that [`ObjectRef`] shows: any ordinary name is shown whole.
const MAX_SHOWN: usize = 1_100;

/// An object to read. Everything in it was written by the sender of the message: whether its
/// bucket and key may be read is for the caller to decide.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectRef {
    /// The bucket's name: not empty, at most 255 bytes.
    pub bucket: String,
    /// The key as S3 stores it, decoded: not empty, at most 1,024 bytes.
    pub key: String,
    /// The percent-decoded key, where it differs. EventBridge sends keys as they are, but
    /// LocalStack 4.9 encodes them: to be tried once, after `NoSuchKey`, under the same allow-list.
    pub percent_decoded_key: Option<String>,
    /// The version, if the bucket is versioned and the sender says so.
    pub version_id: Option<String>,
    /// The entity tag without quotes, in visible ASCII (fit for an `If-Match` header).
    pub etag: Option<String>,
    /// The bucket's region, if it looks like one (it becomes part of a host name).
    pub region: Option<String>,
    /// Bytes, as the sender says.
    pub size: Option<u64>,
}

impl ObjectRef {
    /// An object of which only the name is known.
    #[must_use]
    pub fn new(bucket: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            bucket: bucket.into(),
            key: key.into(),
            percent_decoded_key: None,
            version_id: None,
            etag: None,
            region: None,
            size: None,
        }
    }

    /// The object that entry `index` of a message names; `key` is decoded already.
    pub(crate) fn found(
        index: usize,
        bucket: &str,
        key: impl Into<String> + AsRef<str>,
    ) -> Result<Self, Unrecognized> {
        if bucket.is_empty() || key.as_ref().is_empty() {
            return Err(Unrecognized::NoObject { index });
        }
        if bucket.len() > MAX_BUCKET || key.as_ref().len() > MAX_KEY {
            return Err(Unrecognized::OversizedName { index });
        }
        Ok(Self::new(bucket, key))
    }

    /// Adds a version; some emulators send an empty one for none.
    pub(crate) fn with_version(
        mut self,
        index: usize,
        version: Option<&str>,
    ) -> Result<Self, Unrecognized> {
        let version = version.filter(|id| !id.is_empty());
        if version.is_some_and(|id| id.len() > MAX_KEY) {
            return Err(Unrecognized::OversizedName { index });
        }
        self.version_id = version.map(str::to_owned);
        Ok(self)
    }

    /// Adds what only speeds up or guards the read. What is odd here is left out, not refused.
    pub(crate) fn with_hints(
        mut self,
        etag: Option<&str>,
        region: Option<&str>,
        size: Option<u64>,
    ) -> Self {
        self.etag = etag.and_then(unquoted);
        self.region = region.filter(|name| is_region(name)).map(str::to_owned);
        self.size = size;
        self
    }
}

fn unquoted(etag: &str) -> Option<String> {
    let bare = etag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(etag);
    let fit = (1..=128).contains(&bare.len())
        && bare.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    fit.then(|| bare.to_owned())
}

fn is_region(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// `s3://bucket/key`, on one line, for logs: control and invisible characters are escaped, and at
/// most 1,100 characters are shown.
impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape_into(f, ["s3://", &self.bucket, "/", &self.key], MAX_SHOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_name_cannot_forge_a_log_line() {
        let object = ObjectRef::new("b", "a\nERROR \u{202e}x\u{7}\\ it's é");
        assert_eq!(object.to_string(), r"s3://b/a\nERROR \u{202e}x\u{7}\\ it's é");
    }

    #[test]
    fn shown_name_is_whole_up_to_the_longest_key_and_bounded_beyond() {
        let longest = ObjectRef::new("b".repeat(63), "k".repeat(1_024));
        assert!(longest.to_string().ends_with("kkk"));
        let hostile = ObjectRef::new("b", "\u{1}".repeat(1_024)).to_string();
        assert!(hostile.ends_with("...") && hostile.chars().count() <= MAX_SHOWN + 3);
    }

    #[test]
    fn etag_is_unquoted_and_fit_for_a_header() {
        let check = |etag: &str, expected: Option<&str>| {
            let object = ObjectRef::new("b", "k").with_hints(Some(etag), None, None);
            assert_eq!(object.etag.as_deref(), expected, "{etag:?}");
        };
        check("d41d8cd98f", Some("d41d8cd98f"));
        check("\"d41d8cd98f-12\"", Some("d41d8cd98f-12"));
        check("", None);
        check("\"\"", None);
        check("\"", None);
        check("a\r\nHost: evil", None);
        check(&"a".repeat(129), None);
    }

    #[test]
    fn region_that_could_change_the_host_is_left_out() {
        let check = |region: &str, expected: Option<&str>| {
            let object = ObjectRef::new("b", "k").with_hints(None, Some(region), None);
            assert_eq!(object.region.as_deref(), expected, "{region:?}");
        };
        check("eu-west-1", Some("eu-west-1"));
        check("us-gov-east-1", Some("us-gov-east-1"));
        check("eusc-de-east-1", Some("eusc-de-east-1"));
        check("", None);
        check("x.evil.example", None);
        check("x/#", None);
        check(&"a".repeat(41), None);
    }
}
