//! Objects and messages, and what must come of them.

use crate::plan::BUCKET;
use fastrand::Rng;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::Range;

/// What an object is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As CloudTrail writes it.
    Gzip,
    /// Not compressed.
    Plain,
    /// Of two gzip members, so that the last claims too little.
    Members,
    /// Its text is cut off behind the last record: all can be read.
    CutOff,
    /// Its gzip stream is cut off, also behind the last record: none can be trusted.
    Torn,
    NoJson,
    Missing,
    /// Written again after the message was sent.
    Replaced,
}

/// An object of the bucket.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) key: String,
    pub(crate) etag: String,
    pub(crate) form: Form,
    /// What is stored. Of a replaced one what was stored first.
    pub(crate) bytes: Vec<u8>,
    /// The numbers of its records.
    pub(crate) records: Range<usize>,
}

impl Object {
    pub(crate) fn new(rng: &mut Rng, number: usize, records: Range<usize>, form: Form) -> Self {
        let text = log_file(rng, records.clone());
        let bytes = match form {
            Form::Plain => text.into_bytes(),
            Form::NoJson => b"this is no log file".to_vec(),
            Form::Members => {
                let (head, tail) = text.as_bytes().split_at(rng.usize(..text.len()));
                [gzip(head), gzip(tail)].concat()
            }
            Form::CutOff => gzip(&text.as_bytes()[..text.len() - rng.usize(1..=2)]),
            Form::Torn => {
                let mut bytes = gzip(text.as_bytes());
                bytes.truncate(bytes.len() - rng.usize(1..8));
                bytes
            }
            Form::Gzip | Form::Missing | Form::Replaced => gzip(text.as_bytes()),
        };
        let key = format!("AWSLogs/123456789012/CloudTrail/eu-west-1/2026/11/21/o{number}.json.gz");
        Self { key, etag: format!("etag-{number}"), form, bytes, records }
    }

    /// Why it is set aside, if it is.
    fn reason(&self) -> Option<&'static str> {
        match self.form {
            Form::Gzip | Form::Plain | Form::Members => None,
            Form::CutOff | Form::Torn => Some("truncated"),
            Form::NoJson => Some("not_json"),
            Form::Missing => Some("not_found"),
            Form::Replaced => Some("replaced"),
        }
    }

    /// The records that can be read.
    fn readable(&self) -> Range<usize> {
        match self.form {
            Form::Gzip | Form::Plain | Form::Members | Form::CutOff => self.records.clone(),
            Form::Torn | Form::NoJson | Form::Missing | Form::Replaced => 0..0,
        }
    }
}

/// A message, and what must come of it.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) body: String,
    /// Records that must be in every sink that wants them.
    pub(crate) records: Vec<usize>,
    /// Set aside for one of these reasons; none where it is not set aside.
    pub(crate) reasons: Vec<&'static str>,
}

impl Expected {
    pub(crate) fn naming(rng: &mut Rng, objects: &[&Object]) -> Self {
        let entries: Vec<_> = objects.iter().map(|object| entry(rng, BUCKET, object)).collect();
        Self {
            body: format!(r#"{{"Records":[{}]}}"#, entries.join(",")),
            records: objects.iter().flat_map(|object| object.readable()).collect(),
            reasons: objects.iter().filter_map(|object| object.reason()).collect(),
        }
    }

    pub(crate) fn foreign(number: usize) -> Self {
        let body = format!("foreign {number}");
        Self { body, records: Vec::new(), reasons: vec!["not_json"] }
    }

    pub(crate) fn test_event(number: usize) -> Self {
        let body = format!(
            r#"{{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b","RequestId":"{number}"}}"#
        );
        Self { body, records: Vec::new(), reasons: Vec::new() }
    }

    pub(crate) fn not_allowed(number: usize) -> Self {
        let mut rng = Rng::with_seed(0);
        let object = Object::new(&mut rng, 1000 + number, 0..0, Form::Missing);
        let body = format!(r#"{{"Records":[{}]}}"#, entry(&mut rng, "another", &object));
        Self { body, records: Vec::new(), reasons: vec!["refused"] }
    }
}

/// The number of the record that is encoded in a line.
pub(crate) fn number_in(line: &[u8]) -> Option<usize> {
    let mut parts = line.split(|byte| *byte == b'~');
    std::str::from_utf8(parts.nth(1)?).ok()?.parse().ok()
}

fn log_file(rng: &mut Rng, records: Range<usize>) -> String {
    let mut text = String::from(r#"{"Records":["#);
    for number in records.clone() {
        let comma = if number == records.start { "" } else { "," };
        let pad = "x".repeat(if rng.u8(..10) == 0 { rng.usize(..3_000) } else { rng.usize(..80) });
        write!(text, r#"{comma}{{"eventID":"~{number}~{}","pad":"{pad}"}}"#, number % 10).unwrap();
    }
    text.push_str("]}");
    text
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// S3's own notification of an object, at times without a size, at times with a wrong one.
fn entry(rng: &mut Rng, bucket: &str, object: &Object) -> String {
    let Object { key, etag, .. } = object;
    let size = match rng.u8(..6) {
        0 => String::new(),
        1 => format!(r#","size":{}"#, rng.usize(..100_000)),
        _ => format!(r#","size":{}"#, object.bytes.len()),
    };
    format!(
        r#"{{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-west-1","eventName":"ObjectCreated:Put","s3":{{"bucket":{{"name":"{bucket}"}},"object":{{"key":"{key}","eTag":"{etag}"{size}}}}}}}"#
    )
}
