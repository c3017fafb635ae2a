//! Datastore Activity: objects in buckets, items in tables.

use super::{Activity, Call};
use crate::ocsf::Version;
use crate::ocsf::facts::says;
use trail_event::Field;

const READ: Activity = Activity::new(1, "Read");
const UPDATE: Activity = Activity::new(2, "Update");
const QUERY: Activity = Activity::new(4, "Query");
const WRITE: Activity = Activity::new(5, "Write");
const DELETE: Activity = Activity::new(7, "Delete");
const LIST: Activity = Activity::new(8, "List");

/// The activity of an action, if it is of this class: the bucket or table has to be named.
pub(super) fn activity(call: &Call<'_>) -> Option<Activity> {
    let (activity, store) = match call.service {
        "s3" => (bucket(call)?, Field::RequestBucketName),
        "dynamodb" => (table(call.name)?, Field::RequestTableName),
        _ => return None,
    };
    says(call.event, store).map(|_store| activity)
}

fn bucket(call: &Call<'_>) -> Option<Activity> {
    match call.name {
        "GetObject" | "HeadObject" => Some(READ),
        "CompleteMultipartUpload" | "CopyObject" | "PutObject" => Some(WRITE),
        "DeleteObject" | "DeleteObjects" => Some(DELETE),
        "ListObjects" | "ListObjectsV2" | "ListObjectVersions"
            if call.target.version < Version::V1_8 =>
        {
            Some(READ)
        }
        "ListObjects" | "ListObjectsV2" | "ListObjectVersions" => Some(LIST),
        _ => None,
    }
}

fn table(name: &str) -> Option<Activity> {
    match name {
        "BatchGetItem" | "GetItem" => Some(READ),
        "UpdateItem" => Some(UPDATE),
        "Query" | "Scan" => Some(QUERY),
        "BatchWriteItem" | "PutItem" => Some(WRITE),
        "DeleteItem" => Some(DELETE),
        _ => None,
    }
}
