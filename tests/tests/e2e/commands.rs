//! What needs no daemon that goes on: `convert`, `config-schema`, `run --until-idle`, and wrong usage.

use crate::TRAILD;
use crate::lines;
use crate::log_files::{key, log_of, records, text_of};
use crate::messages::wait_for;
use crate::program::Program;
use std::time::{Duration, Instant};
use traild_tests::harness::{Daemon, LocalStack, Trail, Wiring};

const CONVERT: [&str; 3] = ["convert", "--schema", "cloudtrail"];

fn convert(files: &[&str]) -> Program {
    Program::new(&[&CONVERT[..], files].concat())
}

#[tokio::test]
async fn convert_writes_the_records_of_compressed_and_plain_files_in_order() -> anyhow::Result<()> {
    let program = convert(&["b.json.gz", "a.json"]).file("a.json", text_of(&records("a", 2)));
    let ran = program.file("b.json.gz", log_of(&records("b", 3))).run().await?;
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let expected = [records("b", 3), records("a", 2)].concat();
    assert_eq!(ran.stdout.lines().collect::<Vec<_>>(), expected);
    Ok(())
}

#[tokio::test]
async fn convert_reads_standard_input_compressed_or_plain() -> anyhow::Result<()> {
    let expected = records("in", 4);
    for input in [log_of(&expected), text_of(&expected).into_bytes()] {
        for files in [&[][..], &["-"]] {
            let ran = convert(files).run_with_input(&input).await?;
            assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
            assert_eq!(ran.stdout.lines().collect::<Vec<_>>(), expected);
        }
    }
    Ok(())
}

#[tokio::test]
async fn convert_tells_of_bad_files_and_converts_the_others() -> anyhow::Result<()> {
    let mut cut = log_of(&records("cut", 3));
    cut.truncate(40);
    let program = convert(&["a.gz", "cut.gz", "missing", "b.gz"]).file("cut.gz", cut);
    let program =
        program.file("a.gz", log_of(&records("a", 2))).file("b.gz", log_of(&records("b", 2)));
    let ran = program.run().await?;
    assert_eq!(ran.code, Some(1));
    let expected = [records("a", 2), records("b", 2)].concat();
    lines::assert_same(&expected, &lines::sorted(&ran.stdout));
    let told: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(told.len(), 2, "{}", ran.stderr);
    assert!(told[0].contains("cut.gz") && told[0].contains("ends too early"), "{}", told[0]);
    assert!(told[1].contains("missing") && told[1].contains("No such file"), "{}", told[1]);
    Ok(())
}

#[tokio::test]
async fn config_schema_is_a_json_schema_of_all_sections() -> anyhow::Result<()> {
    let ran = Program::new(&["config-schema"]).run().await?;
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let schema: serde_json::Value = serde_json::from_str(&ran.stdout)?;
    assert!(schema["$schema"].as_str().is_some_and(|url| url.contains("json-schema.org")));
    for section in ["source", "limits", "shutdown", "admin", "log", "quarantine", "sink"] {
        assert!(schema["properties"][section].is_object(), "{section}");
    }
    Ok(())
}

#[tokio::test]
async fn wrong_usage_ends_with_2_and_help_with_0() -> anyhow::Result<()> {
    let wrong = Program::new(&["dance"]).run().await?;
    assert_eq!(wrong.code, Some(2), "{wrong:#?}");
    assert!(wrong.stdout.is_empty() && wrong.stderr.contains("dance"), "{wrong:#?}");
    let help = Program::new(&["--help"]).run().await?;
    assert_eq!(help.code, Some(0), "{help:#?}");
    assert!(help.stdout.contains("Exit codes"), "{}", help.stdout);
    Ok(())
}

#[tokio::test]
async fn run_until_idle_ends_by_itself_after_the_last_event_and_the_wait() -> anyhow::Result<()> {
    let trail = Trail::new(LocalStack::shared().await?, Wiring::S3).await?;
    trail.put(&key("last"), log_of(&records("last", 2))).await?;
    wait_for(&trail, 1).await?;
    let started = Instant::now();
    let idle = Duration::from_secs(2);
    let mut daemon = Daemon::builder(TRAILD, &trail).until_idle(idle).spawn()?;
    assert_eq!(daemon.wait_exit(Duration::from_secs(20)).await?, 0);
    assert!(started.elapsed() >= idle, "{:?}", started.elapsed());
    assert_eq!(daemon.output_lines()?, records("last", 2));
    assert_eq!(trail.queue_depth().await?.total(), 0);
    Ok(())
}
