//! `[source]`: which queue to listen to, and which buckets a message of it may name.

use super::bounds::{self, HOUR};
use super::region::is_region;
use super::units::HumanDuration;
use schemars::JsonSchema;
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use std::fmt::{self, Formatter};

/// Where notifications come from and what they may point at.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The URL of the SQS queue that receives the S3 notifications. Not its ARN.
    #[serde(deserialize_with = "queue_url")]
    #[schemars(example = &"https://sqs.eu-west-1.amazonaws.com/111122223333/trail")]
    pub queue_url: String,

    /// The allow-list: each entry is "bucket" or "bucket/key/prefix/". A message is input from
    /// outside; whatever it names beyond this list is refused, not read.
    #[serde(deserialize_with = "bounds::at_least_one")]
    #[schemars(length(min = 1), example = allow_list_example())]
    pub buckets: Vec<AllowedBucket>,

    /// The account that must own the buckets, 12 digits. Sent with each read, so that a bucket
    /// deleted and taken over by someone else is not read. No default: not sent.
    #[serde(default)]
    #[schemars(example = &"111122223333")]
    pub expected_bucket_owner: Option<AccountId>,

    /// The queue's region. No default: taken from `queue_url`, else from the AWS SDK's own chain.
    #[serde(default, deserialize_with = "region")]
    #[schemars(example = &"eu-west-1")]
    pub region: Option<String>,

    /// How long a message stays hidden after each receive or extension, 1s to 12h. No default:
    /// the queue's own setting.
    #[serde(default, deserialize_with = "bounds::seconds::<_, _, 1, { 12 * HOUR }>")]
    #[schemars(example = &"5m")]
    pub visibility_timeout: Option<HumanDuration>,

    /// How long one receive waits for messages, 1s to 20s (SQS's own limit). Longer costs fewer
    /// requests.
    #[serde(default = "receive_wait", deserialize_with = "bounds::seconds::<_, _, 1, 20>")]
    pub receive_wait: HumanDuration,

    /// Address buckets as `https://host/bucket/key`, not `https://bucket.host/key`. No default:
    /// on where a custom endpoint is set (`AWS_ENDPOINT_URL`), else off.
    #[serde(default)]
    #[schemars(example = true)]
    pub path_style: Option<bool>,
}

fn allow_list_example() -> [&'static str; 1] {
    ["org-trail"]
}

fn receive_wait() -> HumanDuration {
    HumanDuration::from_secs(20)
}

fn queue_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    const NO_URL: &str =
        "the queue's URL, such as \"https://sqs.eu-west-1.amazonaws.com/111122223333/trail\"";
    let url = String::deserialize(deserializer).map_err(|_| D::Error::custom(NO_URL))?;
    let after_scheme = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match after_scheme.and_then(|rest| rest.split_once('/')) {
        Some((host, path)) if !host.is_empty() && is_queue_path(path) => Ok(url),
        _ => Err(D::Error::custom(NO_URL)),
    }
}

fn is_queue_path(path: &str) -> bool {
    let plain = path.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '?' | '#'));
    plain && !path.is_empty() && !path.ends_with('/')
}

fn region<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let name = String::deserialize(deserializer).ok();
    match name.filter(|name| is_region(name)) {
        Some(name) => Ok(Some(name)),
        None => Err(D::Error::custom("the name of an AWS region, such as \"eu-west-1\"")),
    }
}

/// An entry of the allow-list.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String", inline)]
pub struct AllowedBucket {
    /// The bucket's name.
    pub bucket: String,
    /// What a key must begin with. Empty: any key. Else it ends with `/`, so that
    /// `AWSLogs/1/` does not let `AWSLogs/12/` in.
    pub prefix: String,
}

impl<'de> Deserialize<'de> for AllowedBucket {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A visitor, because an error it gives is placed at this entry, not at the whole list.
        deserializer.deserialize_str(EntryVisitor)
    }
}

struct EntryVisitor;

impl Visitor<'_> for EntryVisitor {
    type Value = AllowedBucket;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("\"bucket\" or \"bucket/key/prefix/\", without s3:// and not an ARN")
    }

    fn visit_str<E: Error>(self, entry: &str) -> Result<AllowedBucket, E> {
        let (bucket, prefix) = entry.split_once('/').unwrap_or((entry, ""));
        if !is_bucket_name(bucket) || prefix.contains(char::is_control) {
            return Err(E::invalid_value(Unexpected::Str(entry), &self));
        }
        if !prefix.is_empty() && !prefix.ends_with('/') {
            return Err(E::custom(
                "a bucket and a key prefix that ends with /: without it AWSLogs/1 would let \
                 AWSLogs/12 in",
            ));
        }
        Ok(AllowedBucket { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
    }
}

/// Today's rules and those of the old buckets of us-east-1, which may be longer and have capitals.
fn is_bucket_name(name: &str) -> bool {
    (3..=255).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

/// The number of an AWS account.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String", inline)]
pub struct AccountId(#[schemars(regex(pattern = "^[0-9]{12}$"))] String);

impl AccountId {
    /// Its 12 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for AccountId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(deserializer).ok();
        let fits = |id: &String| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit());
        digits.filter(fits).map(Self).ok_or_else(|| {
            D::Error::custom("the 12 digits of an account, in quotes: \"111122223333\"")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entry_is_a_bucket_and_a_prefix_that_keeps_its_slash() {
        let value = serde_json::json!("org-trail/AWSLogs/1/");
        let allowed: AllowedBucket = serde_json::from_value(value).unwrap();
        assert_eq!((allowed.bucket.as_str(), allowed.prefix.as_str()), ("org-trail", "AWSLogs/1/"));
    }
}
