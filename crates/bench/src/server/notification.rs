//! What S3 sends to a queue when an object is created.

use super::REGION;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

/// What a key keeps in a notification: S3 encodes it as a form does, but for the slash.
const FORM: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'*').remove(b' ');

/// The body of the message.
pub(super) fn body(bucket: &str, key: &str, size: usize, etag: &str) -> String {
    let now = jiff::Timestamp::now();
    let key = utf8_percent_encode(key, FORM).to_string().replace(' ', "+");
    let record = json!({
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": REGION,
        "eventTime": format!("{now:.3}"),
        "eventName": "ObjectCreated:Put",
        "userIdentity": { "principalId": "AWS:AROAEXAMPLE:regionalDeliverySession" },
        "requestParameters": { "sourceIPAddress": "127.0.0.1" },
        "responseElements": { "x-amz-request-id": "0000000000000000", "x-amz-id-2": "0" },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "traild",
            "bucket": {
                "name": bucket,
                "ownerIdentity": { "principalId": "EXAMPLE" },
                "arn": format!("arn:aws:s3:::{bucket}"),
            },
            "object": {
                "key": key,
                "size": size,
                "eTag": etag,
                "sequencer": format!("{:018X}", now.as_nanosecond()),
            },
        },
    });
    json!({ "Records": [record] }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_is_encoded_as_a_form_does() {
        let body: serde_json::Value =
            serde_json::from_str(&body("trail", "a b+c=d@é/e.json.gz", 7, "0af1")).unwrap();
        let object = &body["Records"][0]["s3"]["object"];
        assert_eq!(object["key"], "a+b%2Bc%3Dd%40%C3%A9/e.json.gz");
        assert_eq!((&object["size"], &object["eTag"]), (&json!(7), &json!("0af1")));
    }
}
