//! Who acted in the sample records of AWS's documentation, as its text promises they tell: with
//! root or user credentials; with temporary credentials of a role or federated user; by a service.
//!
//! The pages lie beside the repository in `../shared/seeds`. Records of the same shape, with values
//! of our own, are in `records/` and are asked the same everywhere.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may panic"
)]

use serde_json::Value;
use serde_json::value::RawValue;
use std::path::Path;
use trail_event::Reader;
use trail_schema::{Encoder, Format, Schema, Scratch};

/// What the columns of a row say about who acted.
struct Who<'w> {
    actor: &'w str,
    credentials: &'w str,
    temporary: bool,
}

fn encoded(schema: Schema, record: &str) -> Value {
    let encoder = Encoder::new(&Format { schema, ..Format::default() });
    let mut line = Vec::new();
    encoder.encode(&Reader::new().read(0, record), &mut Scratch::default(), &mut line);
    assert!(!line.contains(&b'\n'), "{} breaks the line", schema.name());
    serde_json::from_slice(&line).unwrap()
}

/// The record is valid in every schema, and its row says who acted: no service, in any of them.
fn check(record: &str, who: &Who<'_>) {
    for schema in Schema::ALL {
        assert!(encoded(schema, record).is_object(), "{}", schema.name());
    }
    let row = encoded(Schema::Flat, record);
    assert_eq!(row["actor"], who.actor);
    assert_eq!(row["credentials"], who.credentials);
    assert_eq!(row["temporary"], who.temporary);
    assert_eq!(row.get("by_service"), None);
    assert_eq!(row["outcome"], "success");
    assert_eq!(row.get("unmapped"), None, "every field of it has a column");
}

/// Checks the record of our own, and the page's where there are pages.
fn check_both(record: &str, api: &str, own: &Who<'_>, page: &Who<'_>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/records");
    let text = std::fs::read_to_string(folder.join(record).with_extension("json")).unwrap();
    check(&text, own);
    match sample(api) {
        Some(sample) => check(&sample, page),
        None => print_skipped(),
    }
}

#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn print_skipped() {
    println!("skipped: no pages in ../shared/seeds");
}

/// The sample of this API, if the pages are there. Then it has to be.
fn sample(api: &str) -> Option<String> {
    let samples = samples()?;
    assert_eq!(samples.len(), 6, "samples in the pages");
    let is_of =
        |sample: &String| serde_json::from_str::<Value>(sample).unwrap()["eventName"] == api;
    Some(samples.into_iter().find(is_of).unwrap())
}

fn samples() -> Option<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/seeds");
    let pages = std::fs::read_dir(folder).ok()?;
    let mut samples = Vec::new();
    for page in pages {
        let path = page.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            samples.extend(records_of(&std::fs::read_to_string(path).unwrap()));
        }
    }
    Some(samples)
}

/// JSON objects with an `eventVersion`, of blocks between fences. Every other part is a block.
fn records_of(page: &str) -> Vec<String> {
    let blocks = page.split("```").skip(1).step_by(2);
    blocks.flat_map(objects_of).filter(|object| object.contains("\"eventVersion\"")).collect()
}

/// The JSON objects that lie in a text.
fn objects_of(mut text: &str) -> Vec<String> {
    let mut objects = Vec::new();
    while let Some((_, from)) = text.split_at_checked(text.find('{').unwrap_or(text.len())) {
        let mut values = serde_json::Deserializer::from_str(from).into_iter::<&RawValue>();
        match values.next() {
            Some(Ok(object)) => {
                objects.push(object.get().to_owned());
                text = &from[object.get().len()..];
            }
            Some(Err(_)) => text = &from[1..],
            None => break,
        }
    }
    objects
}

#[test]
fn a_user_in_the_console_creates_a_datasync_task() {
    check_both(
        "datasync-create-task",
        "CreateTask",
        &Who {
            actor: "arn:aws:iam::222233334444:user/heidi",
            credentials: "iam-user",
            temporary: true,
        },
        &Who {
            actor: "arn:aws:iam::123456789012:user/user1",
            credentials: "iam-user",
            temporary: true,
        },
    );
}

#[test]
fn a_session_of_a_role_updates_a_resource_collection_of_devops_guru() {
    check_both(
        "devops-guru-update-resource-collection",
        "UpdateResourceCollection",
        &Who {
            actor: "arn:aws:sts::222233334444:assumed-role/Ops/review",
            credentials: "assumed-role",
            temporary: true,
        },
        &Who {
            actor: "arn:aws:sts::123456789012:assumed-role/TestRole/TestSession",
            credentials: "assumed-role",
            temporary: true,
        },
    );
}

#[test]
fn a_user_with_a_key_creates_a_replication_job() {
    check_both(
        "sms-create-replication-job",
        "CreateReplicationJob",
        &Who {
            actor: "arn:aws:iam::0a1b2c3d4e5f:user/mover",
            credentials: "iam-user",
            temporary: false,
        },
        &Who {
            actor: "arn:aws:iam::0123456789ab:user/sms-user",
            credentials: "iam-user",
            temporary: false,
        },
    );
}

#[test]
fn a_session_of_a_role_creates_a_channel_of_iot_analytics() {
    check_both(
        "iot-analytics-create-channel",
        "CreateChannel",
        &Who {
            actor: "arn:aws:sts::222233334444:assumed-role/Pipelines/MakeChannel",
            credentials: "assumed-role",
            temporary: true,
        },
        &Who {
            actor: "arn:aws:sts::123456789012:assumed-role/AnalyticsRole/AnalyticsChannelTestFunction",
            credentials: "assumed-role",
            temporary: true,
        },
    );
}

#[test]
fn a_session_of_a_role_creates_a_dataset_of_iot_analytics() {
    check_both(
        "iot-analytics-create-dataset",
        "CreateDataset",
        &Who {
            actor: "arn:aws:sts::222233334444:assumed-role/Pipelines/MakeDataset",
            credentials: "assumed-role",
            temporary: true,
        },
        &Who {
            actor: "arn:aws:sts::123456789012:assumed-role/AnalyticsRole/AnalyticsDatasetTestFunction",
            credentials: "assumed-role",
            temporary: true,
        },
    );
}

#[test]
fn a_user_with_a_key_creates_an_export_task_of_cloudwatch_logs() {
    check_both(
        "logs-create-export-task",
        "CreateExportTask",
        &Who {
            actor: "arn:aws:iam::222233334444:user/ivan",
            credentials: "iam-user",
            temporary: false,
        },
        &Who {
            actor: "arn:aws:iam::123456789012:user/someuser",
            credentials: "iam-user",
            temporary: false,
        },
    );
}

#[test]
fn records_are_found_in_blocks_whatever_stands_around_them() {
    let page = "text {\"eventVersion\":\"not in a block\"}\n```\nan {example}: {\"eventVersion\":\"1\",\n\"a\":{}} and \
                {\"b\":{}} and {\"eventVersion\":\"2\"}\n```\nmore";
    assert_eq!(
        records_of(page),
        ["{\"eventVersion\":\"1\",\n\"a\":{}}", "{\"eventVersion\":\"2\"}"]
    );
}
