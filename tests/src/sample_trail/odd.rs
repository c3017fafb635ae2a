//! What real trails hold against all documentation: a table of oddities, each a change to an
//! ordinary record.

use super::calls::{Call, MANAGEMENT};
use super::event::{self, Plane};
use super::record::Record;
use super::scene::Scene;

/// One oddity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Oddity {
    /// The call whose record is changed.
    pub(super) call: &'static str,
    /// The fields that are odd, with their values; a field without one is left out.
    pub(super) changes: &'static [(&'static str, Option<&'static str>)],
}

impl Oddity {
    pub(super) fn record(&self, scene: &mut Scene<'_>) -> Option<Record> {
        let call: &Call = MANAGEMENT.iter().find(|call| call.name == self.call)?;
        let mut record = event::record(call, Plane::Management, scene);
        for (field, value) in self.changes {
            match value {
                Some(template) => record.set(field, scene.fill(template)),
                None => record.remove(field),
            }
        }
        Some(record)
    }
}

const fn odd(
    call: &'static str,
    changes: &'static [(&'static str, Option<&'static str>)],
) -> Oddity {
    Oddity { call, changes }
}

/// Every oddity, in the order in which a sample holds them.
pub(super) const ODDITIES: &[Oddity] = &[
    // Types other than documented
    odd(
        "DescribeInstances",
        &[("readOnly", Some(r#""true""#)), ("managementEvent", Some(r#""true""#))],
    ),
    odd("GetUser", &[("userAgent", Some(r#"["Boto3/1.36.10","Botocore/1.36.10"]"#))]),
    odd("GetCallerIdentity", &[("userIdentity", Some("null"))]),
    odd("RotateKey", &[("userIdentity", None)]),
    odd("RotateKey", &[("userIdentity", Some("{}"))]),
    odd("GetRole", &[("requestParameters", Some(r#""{\"roleName\":\"$role\"}""#))]),
    odd("GetRole", &[("requestParameters", Some(r#""""#))]),
    odd("GetRole", &[("requestParameters", Some(r#"["$role",1,null]"#))]),
    odd("CreateUser", &[("responseElements", Some(r#""<CreateUserResponse/>""#))]),
    odd("CreateUser", &[("responseElements", Some(r#"[{"userName":"$user"}]"#))]),
    odd("RotateKey", &[("serviceEventDetails", Some(r#""rotated $kms_key""#))]),
    odd("DescribeVpcs", &[("resources", Some("null"))]),
    odd("DescribeVpcs", &[("sessionCredentialFromConsole", Some("true"))]),
    odd(
        "RunInstances",
        &[(
            "requestParameters",
            Some(
                r#"{"iamInstanceProfile":"arn:aws:iam::$account:instance-profile/$role","minCount":"1","maxCount":"1"}"#,
            ),
        )],
    ),
    odd(
        "CreateFunction20150331",
        &[(
            "requestParameters",
            Some(r#"{"functionName":"$function","environment":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#),
        )],
    ),
    odd(
        "CreateFunction20150331",
        &[(
            "responseElements",
            Some(
                r#"{"role":{"arn":"arn:aws:iam::$account:role/$role","createDate":"Jan 22, 2026 12:46:28 AM"}}"#,
            ),
        )],
    ),
    odd(
        "GetBucketPolicy",
        &[(
            "requestParameters",
            Some(
                r#"{"bucketName":"$bucket","delete":{"object":[{"key":"a"},{"key":"b"}],"quiet":true}}"#,
            ),
        )],
    ),
    // Cut, replaced, late
    odd(
        "CreateStack",
        &[
            (
                "requestParameters",
                Some(
                    r#"{"reason":"requestParameters too large","omitted":"true","originalSize":"149893"}"#,
                ),
            ),
            (
                "responseElements",
                Some(
                    r#"{"reason":"responseElements too large","omitted":true,"originalSize":"102401"}"#,
                ),
            ),
        ],
    ),
    odd(
        "ListBuckets",
        &[(
            "additionalEventData",
            Some(
                r#"{"reason":"additionalEventData too large","omitted":"true","originalSize":"29001"}"#,
            ),
        )],
    ),
    odd("DescribeInstances", &[("userAgent", Some(r#""$kilobyte...""#))]),
    odd(
        "CreateStack",
        &[("requestParameters", Some(r#"{"stackName":"orders","templateBody":"$filler"}"#))],
    ),
    odd("GetParameter", &[("addendum", Some(r#"{"reason":"DELIVERY_DELAY"}"#))]),
    odd(
        "GetParameter",
        &[(
            "addendum",
            Some(
                r#"{"reason":"UPDATED_DATA","updatedFields":"responseElements,requestParameters","originalRequestID":"$guid","originalEventID":"$guid"}"#,
            ),
        )],
    ),
    odd(
        "GetParameter",
        &[(
            "addendum",
            Some(
                r#"{"reason":"UPDATED_DATA","updatedFields":["errorCode"],"originalEventID":"$guid"}"#,
            ),
        )],
    ),
    odd("GetParameter", &[("addendum", Some(r#"{"reason":"SERVICE_OUTAGE"}"#))]),
    // Text and numbers at the edge
    odd(
        "PutParameter",
        &[(
            "requestParameters",
            Some(r#"{"name":"half \ud83d of a pair","description":"\udc00"}"#),
        )],
    ),
    odd(
        "PutParameter",
        &[
            (
                "requestParameters",
                Some(
                    r#"{"name":"nul \u0000 inside","description":"\u0001\u001b[31m\t\r\n\u007f"}"#,
                ),
            ),
            ("userAgent", Some(r#""agent\u0000\u0008""#)),
        ],
    ),
    odd(
        "PutParameter",
        &[(
            "requestParameters",
            Some(
                r#"{"name":"\u00fcber\/\ud83d\ude80 \"quoted\" \\ back","description":"Grüße, 世界 🌍 \u2028"}"#,
            ),
        )],
    ),
    odd(
        "ListBuckets",
        &[(
            "additionalEventData",
            Some(
                r#"{"bytesTransferredIn":9007199254740993,"bytesTransferredOut":18446744073709551616,"rate":1.0E-5,"drift":-0,"least":-9223372036854775809}"#,
            ),
        )],
    ),
    odd(
        "TagResources",
        &[(
            "requestParameters",
            Some(
                r#"{"tags":{"a.b":"dot","a:b":"colon","a b":"space","":"empty","aws:x":"1","x-amz-y":"2","123":"number","$account":"account"}}"#,
            ),
        )],
    ),
    odd(
        "PutBucketPolicy",
        &[(
            "requestParameters",
            Some(
                r#"{"a":[{"a":[{"a":[{"a":[{"a":[{"a":[{"a":[{"a":[{"a":[{"a":[{"a":[{"a":[{"a":"deep"}]}]}]}]}]}]}]}]}]}]}]}]}"#,
            ),
        )],
    ),
    // Identity
    odd(
        "GetUser",
        &[(
            "userIdentity",
            Some(
                r#"{"type":"IAMUser","principalid":"$user_id","arn":"arn:aws:iam::$account:user/$user","accountid":"$account","accesKeyId":"$user_key","sessioncontext":{}}"#,
            ),
        )],
    ),
    odd(
        "GetUser",
        &[(
            "userIdentity",
            Some(
                r#"{"type":"IAMUser","principalId":"$user_id","accountId":"$account","accessKeyId":"","userName":"José"}"#,
            ),
        )],
    ),
    // Where it came from
    odd("GetCallerIdentity", &[("sourceIPAddress", Some(r#""AWS Internal/3""#))]),
    odd("GetCallerIdentity", &[("sourceIPAddress", Some(r#""0.0.0.0""#))]),
    odd("GetCallerIdentity", &[("sourceIPAddress", Some(r#""host.example.com""#))]),
    odd("GetCallerIdentity", &[("sourceIPAddress", None), ("userAgent", None)]),
    odd("GetParameter", &[("vpcEndpointId", Some(r#""AWS Internal""#))]),
    odd("DescribeVpcs", &[("requestID", Some(r#""n/a""#))]),
    odd("DescribeVpcs", &[("requestID", None)]),
    // Fields that are rare or unknown
    odd(
        "ListBuckets",
        &[("edgeDeviceDetails", Some(r#"{"type":"snowball-edge","deviceId":"JID-0123456789ab"}"#))],
    ),
    odd(
        "GetRole",
        &[
            ("annotation", Some(r#""reviewed""#)),
            ("futureField", Some(r#"{"nested":[1,{"deeper":true}]}"#)),
            ("futureFlag", Some("false")),
        ],
    ),
];
