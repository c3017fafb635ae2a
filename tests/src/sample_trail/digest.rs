//! Digest files: one an hour and a place, each naming the logs of its hour and the digest before.
//!
//! Hashes are true; signatures are not, for nobody here has CloudTrail's key.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::SampleKind;
use super::chance::Chance;
use super::delivery::Delivery;
use super::estate::{BUCKET, PLACES, Place, moment};
use super::record::Record;

const HOURS: i64 = 3;
/// A signature of a 2048 bit key in hexadecimal.
const SIGNATURE_DIGITS: usize = 512;

/// What the next digest says of this one.
struct Previous {
    key: String,
    hash: String,
    signature: String,
}

/// Key and body of every digest over `deliveries`.
pub(super) fn digests(deliveries: &[Delivery], chance: &mut Chance) -> Vec<(String, String)> {
    let mut digests = Vec::new();
    for (index, place) in PLACES.iter().enumerate() {
        let offset = 60 + 17 * i64::try_from(index).unwrap_or_default();
        let mut previous: Option<Previous> = None;
        for hour in 1..=HOURS {
            let end = moment(3_600 * hour + offset);
            let key = place.digest_key(end);
            let body = body(place, end, previous.as_ref(), deliveries);
            let (hash, signature) = (sha256(&body), chance.hex(SIGNATURE_DIGITS));
            previous = Some(Previous { key: key.clone(), hash, signature });
            digests.push((key, body));
        }
    }
    digests
}

fn body(
    place: &'static Place,
    end: Timestamp,
    previous: Option<&Previous>,
    deliveries: &[Delivery],
) -> String {
    let start = end.saturating_sub(SignedDuration::from_hours(1)).unwrap_or(end);
    let logs: Vec<&Delivery> = deliveries
        .iter()
        .filter(|log| std::ptr::eq(log.place, place) && log.kind == SampleKind::Events)
        .filter(|log| (start..end).contains(&log.stamp))
        .collect();
    let newest = logs.iter().filter_map(|log| log.newest).max();
    let oldest = logs.iter().filter_map(|log| log.oldest).min();
    let files: Vec<String> = logs.iter().map(|log| log_file(log)).collect();

    let mut digest = Record::default();
    digest
        .text("awsAccountId", place.account)
        .json("digestStartTime", time(Some(start)))
        .json("digestEndTime", time(Some(end)))
        .text("digestS3Bucket", BUCKET)
        .text("digestS3Object", &place.digest_key(end))
        .text("digestPublicKeyFingerprint", &Chance::of(place.region).hex(32))
        .text("digestSignatureAlgorithm", "SHA256withRSA")
        .json("newestEventTime", time(newest))
        .json("oldestEventTime", time(oldest))
        .json("previousDigestS3Bucket", or_null(previous.map(|_| BUCKET)))
        .json("previousDigestS3Object", or_null(previous.map(|it| it.key.as_str())))
        .json("previousDigestHashValue", or_null(previous.map(|it| it.hash.as_str())))
        .json("previousDigestHashAlgorithm", or_null(previous.map(|_| "SHA-256")))
        .json("previousDigestSignature", or_null(previous.map(|it| it.signature.as_str())))
        .json("logFiles", format!("[{}]", files.join(",")));
    digest.to_json()
}

fn log_file(log: &Delivery) -> String {
    let mut file = Record::default();
    file.text("s3Bucket", BUCKET)
        .text("s3Object", &log.key)
        .text("hashValue", &sha256(&log.body))
        .text("hashAlgorithm", "SHA-256")
        .json("newestEventTime", time(log.newest))
        .json("oldestEventTime", time(log.oldest));
    file.to_json()
}

fn time(at: Option<Timestamp>) -> String {
    let text = at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    or_null(text.as_deref())
}

fn or_null(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), |text| format!("\"{text}\""))
}

/// The hash of the uncompressed bytes, as CloudTrail takes it.
pub(super) fn sha256(body: &str) -> String {
    Sha256::digest(body.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
