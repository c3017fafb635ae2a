//! What becomes of a message by what it says.

use crate::log_files::{key, log_of, records};
use crate::messages::{created, detach, letter_of, wait_for};
use crate::{TRAILD, lines};
use serde_json::json;
use std::time::Duration;
use traild_tests::harness::daemon::Signal;
use traild_tests::harness::{Daemon, DeadLetter, LocalStack, Trail, Wiring};

const PATIENCE: Duration = Duration::from_secs(30);
const IDLE: Duration = Duration::from_secs(1);

#[tokio::test]
async fn message_that_names_no_log_file_is_deleted_and_counted() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let folder = "AWSLogs/111122223333";
    let objects = [
        ("digest", format!("{folder}/CloudTrail-Digest/us-east-1/2026/03/03/d.json.gz")),
        ("other_service", format!("{folder}/Config/us-east-1/2026/3/3/ConfigHistory/c.json.gz")),
        ("other_service", format!("{folder}/vpcflowlogs/us-east-1/2026/03/03/f.log.gz")),
        ("folder_marker", format!("{folder}/CloudTrail/")),
        ("unknown_layout", "readme.txt".to_owned()),
    ];
    for (_, key) in &objects {
        trail.put(key, log_of(&records("never read", 1))).await?;
    }
    let removed = created(trail.bucket(), &[&key("gone")]).replace("Created:Put", "Removed:Delete");
    let test_event =
        json!({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": trail.bucket()});
    let bodies = [
        ("test_event", test_event.to_string()),
        ("validation_message", "CloudTrail validation message.".to_owned()),
        ("not_created", removed),
        ("empty_records", r#"{"Records":[]}"#.to_owned()),
    ];
    for (_, body) in &bodies {
        trail.send(body).await?;
    }
    wait_for(&trail, objects.len() + bodies.len()).await?;

    let mut daemon = Daemon::builder(TRAILD, &trail).spawn()?;
    daemon.wait_ready().await?;
    trail.wait_until_empty(PATIENCE).await?;
    let metrics = daemon.metrics().await?;
    let reasons =
        objects.iter().map(|(reason, _)| reason).chain(bodies.iter().map(|(reason, _)| reason));
    for reason in reasons {
        let counted = metrics.count("traild_ignored_total", &[("reason", reason)]);
        let sent = objects.iter().filter(|(of, _)| of == reason).count().max(1);
        // The bucket sends a test event of its own.
        let sent = sent + usize::from(*reason == "test_event");
        assert_eq!(counted, sent as u64, "{reason}");
    }
    assert_eq!(metrics.count("traild_object_bytes_total", &[]), 0);
    daemon.signal(Signal::Terminate)?;
    assert_eq!(daemon.wait_exit(PATIENCE).await?, 0);
    assert_eq!(daemon.output_lines()?, Vec::<String>::new());
    assert_eq!(trail.dead_letters().await?, []);
    Ok(())
}

#[tokio::test]
async fn message_that_is_not_understood_is_dead_lettered_as_it_came() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let confirmation = json!({
        "Type": "SubscriptionConfirmation", "MessageId": "1", "Token": "t",
        "TopicArn": "arn:aws:sns:us-east-1:111122223333:topic",
        "Message": "You have chosen to subscribe to the topic.",
        "SubscribeURL": "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription",
        "Timestamp": "2026-03-03T00:00:00.000Z",
    });
    let other_source = json!({
        "version": "0", "id": "1", "detail-type": "EC2 Instance State-change Notification",
        "source": "aws.ec2", "detail": {},
    });
    let version_3 = created(trail.bucket(), &[&key("v3")]).replace("\"2.1\"", "\"3.0\"");
    let bodies = [
        ("unknown_shape", r#"{ "Hello" : ["Wörld", 1.50] }"#.to_owned(), "no known shape"),
        ("unknown_shape", r#"{"Service":"Amazon S3","Event":"s3:Other"}"#.to_owned(), "`Records`"),
        ("not_json", "ceci n'est pas\tdu JSON é\n".to_owned(), "not JSON"),
        (
            "subscription_confirmation",
            confirmation.to_string(),
            "confirm it from the topic's account",
        ),
        ("other_source", other_source.to_string(), "aws.ec2"),
        ("unsupported_version", version_3, "3.0"),
    ];
    for (_, body, _) in &bodies {
        trail.send(body).await?;
    }
    let (lines, letters) = run_until_idle(&trail, "").await?;
    assert_eq!(lines, Vec::<String>::new());
    assert_eq!(letters.len(), bodies.len());
    for (reason, body, detail) in &bodies {
        let letter = letter_of(&letters, body);
        assert_eq!(letter.attribute("traild.reason"), *reason, "{body}");
        let told = letter.attribute("traild.detail");
        assert!(told.contains(detail), "{reason}: {told}");
        assert!(!letter.attributes.contains_key("traild.object"), "{reason} is about no object");
    }
    Ok(())
}

#[tokio::test]
async fn bucket_off_the_allow_list_is_refused_and_not_read() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let other = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let (theirs, ours) = (key("theirs"), key("ours"));
    other.put(&theirs, log_of(&records("theirs", 3))).await?;
    let alone = created(other.bucket(), &[&theirs]);
    // One foreign object makes the whole message a hostile one.
    let beside_ours = alone.replace("{\"Records\":[", &{
        let entry = created(trail.bucket(), &[&ours]);
        format!("{},", entry.strip_suffix("]}").unwrap())
    });
    trail.send(&alone).await?;
    trail.send(&beside_ours).await?;

    let mut daemon = Daemon::builder(TRAILD, &trail).spawn()?;
    daemon.wait_ready().await?;
    let refused = [("reason", "refused")];
    daemon.wait_counted("traild_messages_dead_lettered_total", &refused, 2, PATIENCE).await?;
    trail.wait_until_empty(PATIENCE).await?;
    assert_eq!(daemon.metrics().await?.count("traild_object_bytes_total", &[]), 0);
    daemon.signal(Signal::Terminate)?;
    assert_eq!(daemon.wait_exit(PATIENCE).await?, 0);

    assert_eq!(daemon.output_lines()?, Vec::<String>::new());
    let letters = trail.dead_letters().await?;
    assert_eq!(letters.len(), 2);
    for body in [&alone, &beside_ours] {
        let letter = letter_of(&letters, body);
        assert_eq!(letter.attribute("traild.reason"), "refused");
        let object = format!("s3://{}/{theirs}", other.bucket());
        assert_eq!(letter.attribute("traild.object"), object);
        let told = letter.attribute("traild.detail");
        assert!(told.contains("source.buckets"), "{told}");
    }
    Ok(())
}

#[tokio::test]
async fn key_outside_the_allowed_prefix_is_refused_and_not_read() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    let (inside, outside) =
        (key("inside"), key("outside").replace("111122223333", "1111222233334"));
    trail.put(&inside, log_of(&records("inside", 2))).await?;
    trail.put(&outside, log_of(&records("outside", 2))).await?;
    let allowed = format!("[source]\nbuckets = [\"{}/AWSLogs/111122223333/\"]", trail.bucket());
    wait_for(&trail, 2).await?;
    let (found, letters) = run_until_idle(&trail, &allowed).await?;
    lines::assert_same(&records("inside", 2), &found);
    let told: Vec<_> = letters.iter().map(|letter| letter.attribute("traild.object")).collect();
    assert_eq!(told, [format!("s3://{}/{outside}", trail.bucket())]);
    Ok(())
}

#[tokio::test]
async fn message_with_a_good_and_a_bad_object_is_dead_lettered_and_the_good_one_delivered()
-> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    detach(&trail).await?;
    let (good, bad) = (key("good"), key("bad"));
    trail.put(&good, log_of(&records("good", 4))).await?;
    trail.put(&bad, "no log file").await?;
    let body = created(trail.bucket(), &[&good, &bad]);
    trail.send(&body).await?;
    let (found, letters) = run_until_idle(&trail, "").await?;
    lines::assert_same(&records("good", 4), &found);
    let letter = letter_of(&letters, &body);
    assert_eq!((letters.len(), letter.attribute("traild.reason")), (1, "not_json"));
    assert_eq!(letter.attribute("traild.object"), format!("s3://{}/{bad}", trail.bucket()));
    Ok(())
}

#[tokio::test]
async fn message_with_many_objects_is_deleted_after_all_of_them() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    detach(&trail).await?;
    let names: Vec<String> = (0..20).map(|number| format!("many-{number}")).collect();
    for name in &names {
        trail.put(&key(name), log_of(&records(name, 3))).await?;
    }
    let keys: Vec<String> = names.iter().map(|name| key(name)).collect();
    trail
        .send(&created(trail.bucket(), &keys.iter().map(String::as_str).collect::<Vec<_>>()))
        .await?;
    let (found, letters) = run_until_idle(&trail, "").await?;
    let expected: Vec<String> = names.iter().flat_map(|name| records(name, 3)).collect();
    lines::assert_same(&expected, &found);
    assert_eq!(letters, []);
    Ok(())
}

/// Output and dead letters of a daemon that has run until nothing is left to do.
pub(crate) async fn run_until_idle(
    trail: &Trail,
    config: &str,
) -> anyhow::Result<(Vec<String>, Vec<DeadLetter>)> {
    let mut daemon = Daemon::builder(TRAILD, trail).config_toml(config).until_idle(IDLE).spawn()?;
    let code = daemon.wait_exit(PATIENCE).await?;
    assert_eq!(code, 0, "{}", daemon.log_tail());
    assert_eq!(trail.queue_depth().await?.total(), 0);
    Ok((daemon.output_lines()?, trail.dead_letters().await?))
}
