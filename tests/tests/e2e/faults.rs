//! What is wrong with a set-up is said at the start, once, with what to do; and by `traild check`
//! all at once.

use crate::program::{Program, Ran, config};
use std::net::TcpListener as Listener;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use traild_tests::harness::{LocalStack, Trail, Wiring};

const SINK: &str = "[[sink]]\ntype = \"stdout\"\n";
const LONGEST: Duration = Duration::from_secs(10);

/// The daemon does not run, for one reason, and says it with all of these words.
#[track_caller]
fn assert_refused(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    assert!(ran.took < LONGEST, "{:?}", ran.took);
    let is_fault = |line: &&str| {
        let aside = [" INFO ", " WARN ", "not started: first set right"];
        !aside.iter().any(|mark| line.contains(mark))
    };
    let faults: Vec<&str> = ran.stderr.lines().filter(is_fault).collect();
    assert_eq!(faults.len(), 1, "{}", ran.stderr);
    for word in words {
        assert!(faults[0].contains(word), "{word} is not in: {}", faults[0]);
    }
    assert_eq!(ran.stdout, "");
}

async fn trail() -> anyhow::Result<Trail> {
    Trail::new(LocalStack::shared().await?, Wiring::S3).await
}

async fn run(trail: &Trail, config: &str) -> anyhow::Result<Ran> {
    Program::new(&["run"]).on(trail).file("traild.toml", config).run().await
}

#[tokio::test]
async fn mistyped_key_is_named_with_its_place() -> anyhow::Result<()> {
    let trail = trail().await?;
    let config = format!("{}source.queue_ulr = \"x\"\n{SINK}", config(&trail));
    assert_refused(&run(&trail, &config).await?, &["traild.toml:6", "queue_ulr", "queue_url"]);
    Ok(())
}

#[tokio::test]
async fn set_up_without_a_sink_is_refused() -> anyhow::Result<()> {
    let trail = trail().await?;
    assert_refused(&run(&trail, &config(&trail)).await?, &["traild.toml", "[[sink]]"]);
    Ok(())
}

#[tokio::test]
async fn missing_queue_is_named_with_its_key() -> anyhow::Result<()> {
    let trail = trail().await?;
    let config = format!("{}{SINK}", config(&trail).replace(trail.queue_url(), &no_queue(&trail)));
    let ran = run(&trail, &config).await?;
    assert_refused(&ran, &["no-such-queue", "source.queue_url"]);
    Ok(())
}

#[tokio::test]
async fn missing_credentials_are_told_with_the_ways_to_give_them() -> anyhow::Result<()> {
    let trail = trail().await?;
    let program = Program::new(&["run"]).env("AWS_ENDPOINT_URL", trail.endpoint());
    let program = program.env("AWS_EC2_METADATA_DISABLED", "true").env("AWS_REGION", "us-east-1");
    let program = program.env("HOME", ".").file("traild.toml", format!("{}{SINK}", config(&trail)));
    let ran = program.run().await?;
    assert_refused(&ran, &["credentials", "AWS_ACCESS_KEY_ID", "role"]);
    Ok(())
}

#[tokio::test]
async fn missing_bucket_is_named_with_its_key() -> anyhow::Result<()> {
    let trail = trail().await?;
    let config =
        format!("{}source.buckets = [\"no-such-bucket\"]\n{SINK}", without_buckets(&trail));
    assert_refused(&run(&trail, &config).await?, &["no-such-bucket", "source.buckets"]);
    Ok(())
}

#[tokio::test]
async fn bucket_that_may_not_be_read_is_named_with_the_permission() -> anyhow::Result<()> {
    let trail = trail().await?;
    let program = Program::new(&["run"]).on(&trail).env("AWS_ENDPOINT_URL_S3", &denying().await?);
    let ran = program.file("traild.toml", format!("{}{SINK}", config(&trail))).run().await?;
    assert_refused(&ran, &["AccessDenied", trail.bucket(), "s3:GetObject", "s3:ListBucket"]);
    Ok(())
}

#[tokio::test]
async fn directory_that_cannot_be_written_is_named() -> anyhow::Result<()> {
    let trail = trail().await?;
    let config = format!(
        "{}[[sink]]\nname = \"lake\"\ntype = \"file\"\npath = \"/dev/null/x\"\n",
        config(&trail)
    );
    assert_refused(&run(&trail, &config).await?, &["lake", "/dev/null/x"]);
    Ok(())
}

#[tokio::test]
async fn quarantine_that_cannot_be_written_is_named() -> anyhow::Result<()> {
    let trail = trail().await?;
    let config = format!("{}quarantine.path = \"/dev/null/q\"\n{SINK}", config(&trail));
    assert_refused(&run(&trail, &config).await?, &["quarantine", "/dev/null/q"]);
    Ok(())
}

#[tokio::test]
async fn admin_port_that_is_taken_is_named_with_its_key() -> anyhow::Result<()> {
    let trail = trail().await?;
    let taken = Listener::bind("127.0.0.1:0")?;
    let address = taken.local_addr()?.to_string();
    let config = format!("{}{SINK}", config(&trail).replace("127.0.0.1:0", &address));
    assert_refused(&run(&trail, &config).await?, &[&address, "admin.listen"]);
    Ok(())
}

#[tokio::test]
async fn check_tells_of_everything_at_once() -> anyhow::Result<()> {
    let trail = trail().await?;
    let config = without_buckets(&trail).replace(trail.queue_url(), &no_queue(&trail));
    let config = format!(
        "{config}source.buckets = [\"no-such-bucket\", \"{}\"]\nquarantine.path = \"/dev/null/q\"\n{SINK}\
         [[sink]]\nname = \"lake\"\ntype = \"file\"\npath = \"/dev/null/x\"\n",
        trail.bucket()
    );
    let ran = Program::new(&["check"]).on(&trail).file("traild.toml", config).run().await?;
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    assert!(ran.took < LONGEST, "{:?}", ran.took);
    let faults: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with("FAULT")).collect();
    for subject in ["queue", "bucket no-such-bucket", "sink lake", "quarantine"] {
        assert!(faults.iter().any(|line| line.contains(subject)), "{subject}: {}", ran.stdout);
    }
    assert_eq!(faults.len(), 4, "{}", ran.stdout);
    let good = format!("bucket {}", trail.bucket());
    assert!(ran.stdout.lines().any(|line| line.starts_with("ok") && line.contains(&good)));
    for remedy in ["source.queue_url", "source.buckets"] {
        assert!(ran.stdout.contains(remedy), "{remedy}: {}", ran.stdout);
    }
    Ok(())
}

#[tokio::test]
async fn check_tells_of_a_denied_bucket_and_of_missing_credentials() -> anyhow::Result<()> {
    let trail = trail().await?;
    let config = format!("{}{SINK}", config(&trail));
    let check = || Program::new(&["check"]).file("traild.toml", &config);
    let denied = check().on(&trail).env("AWS_ENDPOINT_URL_S3", &denying().await?).run().await?;
    assert_eq!(denied.code, Some(2), "{denied:#?}");
    assert!(denied.stdout.contains("s3:GetObject"), "{}", denied.stdout);
    let nobody = check().env("AWS_EC2_METADATA_DISABLED", "true").env("AWS_REGION", "us-east-1");
    let nobody = nobody.env("AWS_ENDPOINT_URL", trail.endpoint()).env("HOME", ".").run().await?;
    assert_eq!(nobody.code, Some(2), "{nobody:#?}");
    assert!(nobody.stdout.contains("AWS_ACCESS_KEY_ID"), "{}", nobody.stdout);
    Ok(())
}

#[tokio::test]
async fn check_of_a_good_set_up_is_well() -> anyhow::Result<()> {
    let trail = trail().await?;
    let config = format!("{}[[sink]]\ntype = \"file\"\npath = \"data\"\n", config(&trail));
    let ran = Program::new(&["check"]).on(&trail).file("traild.toml", config).run().await?;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    assert!(ran.stdout.lines().all(|line| line.starts_with("ok ")), "{}", ran.stdout);
    for subject in ["queue", "dead-letter queue", "bucket", "sink file", "quarantine"] {
        assert!(ran.stdout.contains(subject), "{subject}: {}", ran.stdout);
    }
    Ok(())
}

fn no_queue(trail: &Trail) -> String {
    format!("{}/000000000000/no-such-queue", trail.endpoint())
}

fn without_buckets(trail: &Trail) -> String {
    let config = config(trail);
    config
        .lines()
        .filter(|line| !line.contains("source.buckets"))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// A server that denies everything, for as long as the test runs.
async fn denying() -> anyhow::Result<String> {
    const ANSWER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code>\
        <Message>Access Denied</Message><RequestId>R</RequestId></Error>";
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let serve = async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 16_384];
            drop(stream.read(&mut request).await);
            let answer = format!(
                "HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n{ANSWER}",
                ANSWER.len()
            );
            drop(stream.write_all(answer.as_bytes()).await);
        }
    };
    #[expect(clippy::disallowed_methods, reason = "it ends with the test's runtime")]
    tokio::spawn(serve);
    Ok(format!("http://{address}"))
}
