//! A message is about one version of an object, and that one is read.

use crate::dispositions::run_until_idle;
use crate::lines;
use crate::log_files::{key, log_of, records};
use crate::messages::wait_for;
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use traild_tests::harness::{LocalStack, Trail, Wiring};

#[tokio::test]
async fn version_named_is_read_after_it_was_overwritten_and_deleted() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let enabled =
        VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    let versioning = trail.s3().put_bucket_versioning().bucket(trail.bucket());
    versioning.versioning_configuration(enabled).send().await?;
    let key = key("versions");
    trail.put(&key, log_of(&records("first", 2))).await?;
    trail.put(&key, log_of(&records("second", 3))).await?;
    trail.s3().delete_object().bucket(trail.bucket()).key(&key).send().await?;
    wait_for(&trail, 2).await?;
    let (found, letters) = run_until_idle(&trail, "").await?;
    let expected = [records("first", 2), records("second", 3)].concat();
    lines::assert_same(&expected, &found);
    assert_eq!(letters, []);
    Ok(())
}

#[tokio::test]
async fn object_that_was_replaced_is_dead_lettered_and_its_successor_read_once()
-> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let key = key("replaced");
    trail.put(&key, log_of(&records("first", 2))).await?;
    trail.put(&key, log_of(&records("second", 3))).await?;
    wait_for(&trail, 2).await?;
    let (found, letters) = run_until_idle(&trail, "").await?;
    lines::assert_same(&records("second", 3), &found);
    let reasons: Vec<_> = letters.iter().map(|letter| letter.attribute("traild.reason")).collect();
    assert_eq!(reasons, ["replaced"]);
    Ok(())
}
