//! Data events: what is done with objects, items, functions, messages.

use super::{Call, reads, writes};
use crate::sample_trail::identity::Caller;

const S3: &str = r#"{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"EXAMPLEhostId0123456789=","bytesTransferredOut":$bytes}"#;
const S3_OBJECT: &str = r#"[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::$bucket/$object"},{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}]"#;
const FLOW_LOG: &str = r#"[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::$bucket/AWSLogs/$account/vpcflowlogs/$region/$shared_guid.log.gz"},{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}]"#;
const S3_PREFIX: &str = r#"[{"type":"AWS::S3::Object","ARNPrefix":"arn:aws:s3:::$bucket/"},{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}]"#;
const TABLE: &str = r#"[{"accountId":"$account","type":"AWS::DynamoDB::Table","ARN":"arn:aws:dynamodb:$region:$account:table/$table"}]"#;
const FUNCTION: &str = r#"[{"accountId":"$account","type":"AWS::Lambda::Function","ARN":"arn:aws:lambda:$region:$account:function:$function"}]"#;

/// The calls that data events are drawn from.
pub(in crate::sample_trail) const DATA: &[Call] = &[
    reads("s3", "GetObject", r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"$object"}"#)
        .on(S3_OBJECT)
        .with(S3)
        .fails("AccessDenied", "Access Denied")
        .often(12),
    reads("s3", "GetObject", r#"{"bucketName":"$bucket","Host":"$bucket.s3.amazonaws.com","key":"$object"}"#)
        .on(S3_OBJECT)
        .by(&[Caller::Anonymous, Caller::AwsAccount])
        .fails("AccessDenied", "Access Denied"),
    reads("s3", "HeadObject", r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"$object"}"#)
        .on(S3_OBJECT)
        .with(S3)
        .fails("NoSuchKey", "The specified key does not exist.")
        .often(4),
    reads("s3", "ListObjects", r#"{"list-type":"2","bucketName":"$bucket","encoding-type":"url","prefix":"","delimiter":"/","Host":"$bucket.s3.$region.amazonaws.com"}"#)
        .on(S3_PREFIX)
        .with(S3)
        .often(4),
    writes("s3", "PutObject", r#"{"X-Amz-Date":"$created_basic","bucketName":"$bucket","X-Amz-Algorithm":"AWS4-HMAC-SHA256","x-amz-acl":"bucket-owner-full-control","X-Amz-SignedHeaders":"content-type;host;x-amz-acl","Host":"$bucket.s3.$region.amazonaws.com","key":"$object","X-Amz-Expires":"900"}"#)
        .answers(r#"{"x-amz-server-side-encryption":"AES256","x-amz-version-id":"EXAMPLEversion$hex"}"#)
        .on(S3_OBJECT)
        .with(S3)
        .often(8),
    writes("s3", "PutObject", r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"AWSLogs/$account/vpcflowlogs/$region/$shared_guid.log.gz"}"#)
        .answers(r#"{"x-amz-server-side-encryption":"aws:kms","x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:$region:$account:key/$kms_key"}"#)
        .on(FLOW_LOG)
        .by_service("delivery.logs.amazonaws.com")
        .often(4),
    writes("s3", "DeleteObjects", r#"{"bucketName":"$bucket","delete":"","Host":"$bucket.s3.$region.amazonaws.com"}"#)
        .on(S3_PREFIX)
        .with(S3),
    writes("s3", "DeleteObject", r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"$object"}"#)
        .on(S3_OBJECT)
        .with(S3)
        .often(2),
    reads("dynamodb", "GetItem", r#"{"tableName":"$table","key":{"id":"HIDDEN_DUE_TO_SECURITY_REASONS"},"consistentRead":false}"#)
        .on(TABLE)
        .version("2012-08-10")
        .often(5),
    reads("dynamodb", "Query", r#"{"tableName":"$table","indexName":"by-customer","limit":$count,"select":"ALL_ATTRIBUTES"}"#)
        .on(TABLE)
        .version("2012-08-10")
        .often(3),
    writes("dynamodb", "PutItem", r#"{"tableName":"$table","key":{"id":"$guid"},"items":["id","total","customer.name"]}"#)
        .on(TABLE)
        .version("2012-08-10")
        .fails("ConditionalCheckFailedException", "The conditional request failed")
        .often(4),
    writes("dynamodb", "UpdateItem", r#"{"tableName":"$table","key":{"id":"$guid"}}"#)
        .on(TABLE)
        .version("2012-08-10")
        .fails("ProvisionedThroughputExceededException", "The level of configured provisioned throughput for the table was exceeded.")
        .often(2),
    writes("lambda", "Invoke", r#"{"functionName":"arn:aws:lambda:$region:$account:function:$function","invocationType":"RequestResponse","sourceAccount":"$account"}"#)
        .on(FUNCTION)
        .with(r#"{"customerEniId":"$interface"}"#)
        .often(6),
    writes("lambda", "Invoke", r#"{"functionName":"arn:aws:lambda:$region:$account:function:$function","sourceArn":"arn:aws:events:$region:$account:rule/nightly","invocationType":"Event"}"#)
        .on(FUNCTION)
        .by_service("events.amazonaws.com")
        .often(2),
    writes("sqs", "SendMessage", r#"{"queueUrl":"https://sqs.$region.amazonaws.com/$account/orders","messageAttributes":{"aws:trace id":{"dataType":"String"}}}"#)
        .answers(r#"{"messageId":"$guid","mD5OfMessageBody":"d41d8cd98f00b204e9800998ecf8427e"}"#)
        .on(r#"[{"accountId":"$account","type":"AWS::SQS::Queue","ARN":"arn:aws:sqs:$region:$account:orders"}]"#)
        .often(2),
    reads("kendra-ranking", "Rescore", r#"{"rescoreExecutionPlanId":"$guid","documents":[{"id":"1","title":"HIDDEN_DUE_TO_SECURITY_REASONS","originalScore":1.0E-5}]}"#),
    writes("bedrock", "InvokeModel", r#"{"modelId":"example.model-v1:0","contentType":"application/json","accept":"application/json"}"#)
        .fails("ThrottlingException", "Too many tokens, please wait before trying again.")
        .with(r#"{"inputTokens":$count,"outputTokens":$count}"#),
];
