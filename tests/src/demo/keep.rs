//! `--keep`: the daemon stays, and each file that comes is told of.

use super::display::{relative, say};
use super::ingestion::{Traild, delivered_of};
use super::world::{Upload, key_beside};
use crate::harness::{Metrics, Trail};
use crate::sample_trail::{self, SampleKind};
use anyhow::Context as _;
use jiff::Timestamp;
use std::io;
use std::time::Duration;

const LOOK: Duration = Duration::from_millis(200);

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    files: u64,
    events: u64,
    set_aside: u64,
}

/// Stays until it is dropped, or the daemon ends.
pub(super) async fn keep(traild: &Traild, trail: &Trail, upload: &Upload) -> anyhow::Result<()> {
    let mut daemon = traild.stay(trail).await?;
    say(&mut io::stdout(), &invitation(trail, upload, &daemon.url("/metrics")?)?);
    let mut before = Count::default();
    loop {
        if let Some(code) = daemon.exit_code()? {
            anyhow::bail!("the daemon ended with exit code {code}; {}", daemon.log_tail());
        }
        let now = Count::of(&daemon.metrics().await?);
        if let Some(news) = now.since(before) {
            let clock = Timestamp::now().strftime("%H:%M:%S");
            say(&mut io::stdout(), &format!("{clock} {news}"));
            before = now;
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// How to put a file into the bucket.
fn invitation(trail: &Trail, upload: &Upload, metrics: &str) -> anyhow::Result<String> {
    let file = upload.files.iter().find(|file| file.kind == SampleKind::Events);
    let file = file.context("the sample trail has no log file")?;
    let path = sample_trail::directory().join(&file.key);
    let key = key_beside(&file.key, "PutThereByMyself");
    let (endpoint, bucket) = (trail.endpoint(), trail.bucket());
    Ok(format!(
        "traild goes on, until Ctrl-C.\n\n  LocalStack  {endpoint}\n  bucket      {bucket}\n  \
         metrics     {metrics}\n\nPut a file into the bucket, and it is told of here:\n\n  \
         curl -T {} \\\n    {endpoint}/{bucket}/{key}\n",
        relative(&path)
    ))
}

impl Count {
    fn of(metrics: &Metrics) -> Self {
        Self {
            files: metrics.count("traild_objects_total", &[]),
            events: delivered_of(metrics),
            set_aside: metrics.count("traild_messages_dead_lettered_total", &[]),
        }
    }

    /// What came since, if anything did.
    fn since(self, before: Self) -> Option<String> {
        if self == before {
            return None;
        }
        let mut news = vec![
            counted(self.files - before.files, "file"),
            counted(self.events - before.events, "event"),
        ];
        if self.set_aside > before.set_aside {
            news.push(format!(
                "{} set aside",
                counted(self.set_aside - before.set_aside, "message")
            ));
        }
        Some(format!("{} (since the summary: {})", news.join(", "), counted(self.events, "event")))
    }
}

fn counted(number: u64, of: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {of}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_is_told() {
        let before = Count { files: 2, events: 40, set_aside: 0 };
        assert_eq!(before.since(before), None);
        let one = Count { files: 3, events: 42, set_aside: 0 };
        assert_eq!(one.since(before).unwrap(), "1 file, 2 events (since the summary: 42 events)");
        let bad = Count { files: 3, events: 42, set_aside: 1 };
        let news = bad.since(one).unwrap();
        assert_eq!(news, "0 files, 0 events, 1 message set aside (since the summary: 42 events)");
    }
}
