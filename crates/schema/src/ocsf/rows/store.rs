//! Groups, buckets and tables: what the classes of extended detail are about.

use super::{raw, resources, text_of};
use crate::convert::string;
use crate::ocsf::attribute::{Attribute, always};
use crate::ocsf::class::Class::{self, DatastoreActivity, GroupManagement};
use crate::ocsf::facts::{Facts, first, says};
use crate::table::{Row, Subject, Wrote};
use trail_event::Field;

const GROUPS: &[Class] = &[GroupManagement];
const STORES: &[Class] = &[DatastoreActivity];

pub(super) const TABLE: &[Attribute] = &[
    always(Row::text("group.name", Field::RequestGroupName)).of(GROUPS),
    always(Row::text("group.uid", Field::ResponseGroupId)).of(GROUPS),
    always(Row::derived(
        "privileges",
        "one: requestParameters.policyArn, else requestParameters.policyName",
        privileges,
    ))
    .of(GROUPS),
    always(Row::derived(
        "type_id",
        "2 (Databucket) for S3, 3 (Table) for DynamoDB",
        |subject, line| raw(if has_bucket(subject) { "2" } else { "3" }, line),
    ))
    .of(STORES),
    always(Row::derived("type", "what OCSF calls type_id", |subject, line| {
        raw(if has_bucket(subject) { r#""Databucket""# } else { r#""Table""# }, line)
    }))
    .of(STORES),
    always(Row::text("databucket.name", Field::RequestBucketName)).of(STORES),
    always(Row::derived(
        "databucket.uid",
        "the ARN of the resource of type AWS::S3::Bucket",
        |subject, line| in_bucket(subject, line, bucket_arn),
    ))
    .of(STORES),
    always(Row::derived("databucket.type_id", "1 (S3)", |subject, line| {
        in_bucket(subject, line, |_subject, line| raw("1", line))
    }))
    .of(STORES),
    always(Row::derived("databucket.type", "S3", |subject, line| {
        in_bucket(subject, line, |_subject, line| raw(r#""S3""#, line))
    }))
    .of(STORES),
    always(Row::derived("databucket.file.name", "requestParameters.key", |subject, line| {
        in_bucket(subject, line, file_name)
    }))
    .of(STORES),
    always(Row::derived("databucket.file.type_id", "1 (Regular File)", |subject, line| {
        in_bucket(subject, line, file_type)
    }))
    .of(STORES),
    always(Row::text("table.name", Field::RequestTableName)).of(STORES),
    always(Row::derived(
        "table.uid",
        "the ARN of the resource of type AWS::DynamoDB::Table",
        table_arn,
    ))
    .of(STORES),
];

type Write = fn(&Subject<'_, Facts>, &mut Vec<u8>) -> Wrote;

fn privileges(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    let policies = [Field::RequestPolicyArn, Field::RequestPolicyName];
    let policy = first(&subject.event, &policies);
    let Some(policy) = policy.and_then(|field| says(&subject.event, field)) else {
        return Wrote::Nothing;
    };
    line.push(b'[');
    string(policy, line);
    raw("]", line)
}

fn has_bucket(subject: &Subject<'_, Facts>) -> bool {
    says(&subject.event, Field::RequestBucketName).is_some()
}

fn in_bucket(subject: &Subject<'_, Facts>, line: &mut Vec<u8>, write: Write) -> Wrote {
    if has_bucket(subject) { write(subject, line) } else { Wrote::Nothing }
}

fn file_name(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    text_of(subject, Some(Field::RequestKey), line)
}

fn file_type(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    match says(&subject.event, Field::RequestKey) {
        Some(_key) => raw("1", line),
        None => Wrote::Nothing,
    }
}

fn bucket_arn(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    resources::arn_of("AWS::S3::Bucket", subject, line)
}

fn table_arn(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    match says(&subject.event, Field::RequestTableName) {
        Some(_table) => resources::arn_of("AWS::DynamoDB::Table", subject, line),
        None => Wrote::Nothing,
    }
}
