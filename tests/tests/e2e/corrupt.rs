//! Objects that are no log files are set aside, with what is wrong and where; what could be read of
//! them is delivered, and what only looks odd is read.

use crate::dispositions::run_until_idle;
use crate::lines;
use crate::log_files::{gzip, key, log_of, records, text_of};
use crate::messages::{created, wait_for};
use traild_tests::harness::{LocalStack, Trail, Wiring};

/// An object, and what its dead letter has to say.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    reason: &'static str,
    detail: String,
    delivered: usize,
}

#[tokio::test]
async fn corrupt_object_is_dead_lettered_with_reason_and_position() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let cases = cases();
    for case in &cases {
        trail.put(&key(case.name), case.bytes.clone()).await?;
    }
    wait_for(&trail, cases.len()).await?;
    let (found, letters) = run_until_idle(&trail, "[limits]\nrecord = \"2KiB\"").await?;
    let before = |case: &Case| records(case.name, case.delivered);
    lines::assert_same(&cases.iter().flat_map(before).collect::<Vec<_>>(), &found);
    assert_eq!(letters.len(), cases.len());
    for Case { name, reason, detail, delivered, .. } in &cases {
        let object = format!("s3://{}/{}", trail.bucket(), key(name));
        let mut of_object =
            letters.iter().filter(|letter| letter.attribute("traild.object") == object);
        let letter = of_object.next();
        assert!(letter.is_some(), "no dead letter for {name} of {letters:#?}");
        let letter = letter.unwrap();
        assert_eq!(letter.attribute("traild.reason"), *reason, "{name}");
        let told = letter.attribute("traild.detail");
        assert!(told.contains(detail.as_str()), "{name}: {told}");
        let count = format!("after {delivered} records");
        assert!(told.contains(&count), "{name}: {told}");
    }
    Ok(())
}

fn cases() -> Vec<Case> {
    let whole = |name| log_of(&records(name, 3));
    let cut = |mut bytes: Vec<u8>, length: usize| {
        bytes.truncate(length);
        bytes
    };
    let with_large = |name| {
        let mut all = records(name, 3);
        all[1] = format!(r#"{{"eventID":"large","pad":"{}"}}"#, "x".repeat(3_000));
        text_of(&all)
    };
    let large_at = with_large("large").find(r#"{"eventID":"large""#).unwrap_or_default();
    let half = text_of(&records("half", 3));
    let half = half.get(..half.len() - 20).unwrap_or_default().to_owned();
    let case = |name, bytes, reason, detail: &str, delivered| Case {
        name,
        bytes,
        reason,
        detail: detail.to_owned(),
        delivered,
    };
    vec![
        case(
            "truncated",
            cut(whole("truncated"), 60),
            "truncated",
            "gzip stream ends too early",
            0,
        ),
        // The checksum stands behind all records, and says that one of them may be another.
        case("damaged", damaged(whole("damaged")), "gzip", "gzip stream is damaged", 0),
        case(
            "trailing",
            [whole("trailing"), b"more".to_vec()].concat(),
            "trailing_bytes",
            "gzip stream",
            3,
        ),
        case(
            "half",
            gzip(half.as_bytes()),
            "truncated",
            "json text ends too early at decompressed byte",
            2,
        ),
        case(
            "large",
            gzip(with_large("large").as_bytes()),
            "record_too_large",
            &format!("larger than 2048 bytes at decompressed byte {large_at}"),
            1,
        ),
        case("text", b"not JSON at all".to_vec(), "not_json", "at decompressed byte 0", 0),
        case("empty", Vec::new(), "truncated", "ends too early", 0),
        case("missing", gzip(br#"{"records":[]}"#), "records_missing", "no array named Records", 0),
    ]
}

/// The checksum is another one.
fn damaged(mut bytes: Vec<u8>) -> Vec<u8> {
    let crc = bytes.len() - 8;
    bytes[crc] ^= 0xff;
    bytes
}

#[tokio::test]
async fn plain_json_several_members_and_a_bare_array_are_log_files() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let members = text_of(&records("members", 4));
    let (first, second) = members.split_at(members.len() / 2);
    let array = format!("[{}]", records("array", 2).join(" ,\n"));
    trail.put(&key("plain"), text_of(&records("plain", 5))).await?;
    trail.put(&key("members"), [gzip(first.as_bytes()), gzip(second.as_bytes())].concat()).await?;
    trail.put(&key("array"), gzip(array.as_bytes())).await?;
    wait_for(&trail, 3).await?;
    let (found, letters) = run_until_idle(&trail, "").await?;
    let expected = [records("plain", 5), records("members", 4), records("array", 2)].concat();
    lines::assert_same(&expected, &found);
    assert_eq!(letters, []);
    Ok(())
}

#[tokio::test]
async fn object_that_is_gone_is_dead_lettered() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let body = created(trail.bucket(), &[&key("gone")]);
    trail.send(&body).await?;
    let (found, letters) = run_until_idle(&trail, "").await?;
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(letters.len(), 1);
    let letter = &letters[0];
    assert_eq!(
        (letter.body.as_str(), letter.attribute("traild.reason")),
        (body.as_str(), "not_found")
    );
    assert_eq!(
        letter.attribute("traild.object"),
        format!("s3://{}/{}", trail.bucket(), key("gone"))
    );
    Ok(())
}
