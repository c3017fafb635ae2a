//! Looking at everything the daemon depends on, in one pass: for `traild check`, and at start.

use crate::config::{AllowedBucket, Config, HumanDuration, region_of_queue_url};
use std::time::Duration;
use trail_aws::inspection::{self, Readable};
use trail_aws::{Connection, Inspection, QueueAttributes, S3Store};
use trail_ingest::BoxError;

/// One thing that was looked at.
#[derive(Debug)]
pub(crate) struct Finding {
    /// What, such as `bucket org-trail`.
    pub(crate) subject: String,
    pub(crate) verdict: Verdict,
    /// What was found.
    pub(crate) detail: String,
    /// What to do, where something is to be done.
    pub(crate) remedy: String,
}

/// How a thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// As it should be.
    Good,
    /// It works, and could be better.
    Warning,
    /// It was not looked at, because of another fault.
    Skipped,
    /// Nothing is known, because it could not be reached.
    Unknown,
    /// It does not work until a person acts.
    Fault,
}

impl Finding {
    pub(crate) fn good(subject: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(subject, Verdict::Good, detail, "")
    }

    pub(crate) fn new(
        subject: impl Into<String>,
        verdict: Verdict,
        detail: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let (subject, detail, remedy) = (subject.into(), detail.into(), remedy.into());
        Self { subject, verdict, detail, remedy }
    }
}

/// What a look at AWS found, and what it learnt on the way.
#[derive(Debug, Default)]
pub(crate) struct Aws {
    pub(crate) findings: Vec<Finding>,
    pub(crate) queue: Option<QueueAttributes>,
}

/// The way to AWS, and to the buckets there. The region is as configured, else as the queue's URL
/// says, else as the SDK finds.
pub(crate) async fn connect(config: &Config) -> (Connection, S3Store) {
    let source = &config.source;
    let region = source.region.clone().or_else(|| region_of_queue_url(&source.queue_url));
    let connection = Connection::new(region, source.path_style).await;
    let owner = source.expected_bucket_owner.as_ref().map(|owner| owner.as_str().to_owned());
    let store = S3Store::new(&connection, owner);
    (connection, store)
}

/// Looks at credentials, queue, dead-letter queue and buckets.
pub(crate) async fn aws(config: &Config, connection: &Connection, store: &S3Store) -> Aws {
    let mut found = Aws::default();
    if let Err(error) = connection.verify().await {
        let cause = trail_ingest::chain(&error);
        found.findings.push(Finding::new("AWS", Verdict::Fault, cause, ""));
        let skipped = "not looked at: there is no way to ask AWS";
        found.findings.push(Finding::new("queue", Verdict::Skipped, skipped, ""));
        found.findings.push(Finding::new("buckets", Verdict::Skipped, skipped, ""));
        return found;
    }
    let region = connection.region().unwrap_or_default().to_owned();
    found.findings.push(Finding::good("AWS", format!("credentials found, region {region}")));
    found.findings.extend(region_mismatch(config, &region));
    queue(config, connection, &mut found).await;
    for entry in &config.source.buckets {
        found.findings.push(bucket(store, entry).await);
    }
    found
}

fn region_mismatch(config: &Config, region: &str) -> Option<Finding> {
    let of_url = region_of_queue_url(&config.source.queue_url)?;
    (of_url != region).then(|| {
        let detail = format!("the queue is in {of_url}, requests go to {region}");
        Finding::new("region", Verdict::Fault, detail, "remove source.region, or name the queue's")
    })
}

async fn queue(config: &Config, connection: &Connection, found: &mut Aws) {
    let url = &config.source.queue_url;
    let attributes = match inspection::queue(connection, url).await {
        Inspection::Well(attributes) => attributes,
        Inspection::Unreachable(error) => {
            found.findings.push(unreachable("queue", &error));
            return;
        }
        Inspection::Refused { code, error } => {
            let remedy = if code.contains("NonExistentQueue") || code.contains("QueueDoesNotExist")
            {
                "correct source.queue_url, or create the queue (deploy/cloudformation/queue.yaml)"
            } else {
                "allow sqs:GetQueueAttributes, ReceiveMessage, DeleteMessage and \
                 ChangeMessageVisibility on the queue to this role"
            };
            let detail = format!("{url}: {error}");
            found.findings.push(Finding::new("queue", Verdict::Fault, detail, remedy));
            return;
        }
    };
    let detail = format!("{url}, about {} messages", attributes.messages);
    found.findings.push(Finding::good("queue", detail));
    found.findings.extend(doubts_about_queue(config, &attributes));
    found.findings.push(dead_letter_queue(config, connection, &attributes).await);
    found.queue = Some(attributes);
}

fn doubts_about_queue(config: &Config, queue: &QueueAttributes) -> Vec<Finding> {
    let mut doubts = Vec::new();
    let mut doubt = |detail: String, remedy: &str| {
        doubts.push(Finding::new("queue", Verdict::Warning, detail, remedy));
    };
    let set = config.source.visibility_timeout.map(HumanDuration::duration);
    let visibility = set.unwrap_or(queue.visibility);
    if visibility < Duration::from_secs(30) {
        let detail = format!("visibility timeout is {} s", visibility.as_secs());
        doubt(detail, "set source.visibility_timeout to 1m or more: short pauses cause repeats");
    }
    if queue.retention < Duration::from_secs(86_400) {
        let detail = format!("messages are kept only {} s", queue.retention.as_secs());
        doubt(detail, "set MessageRetentionPeriod to days: what is not read in time is lost");
    }
    if queue.largest_message < 65_536 {
        let detail = format!("messages over {} bytes are refused", queue.largest_message);
        doubt(detail, "set MaximumMessageSize to 1 MiB: S3 sends notifications of up to 64 KB");
    }
    if queue.fifo {
        doubt(
            "it is a FIFO queue".to_owned(),
            "use a standard queue: S3 cannot notify a FIFO queue",
        );
    }
    doubts
}

async fn dead_letter_queue(
    config: &Config,
    connection: &Connection,
    queue: &QueueAttributes,
) -> Finding {
    let subject = "dead-letter queue";
    let Some((arn, receives)) = &queue.dead_letter else {
        let detail = "the queue has no redrive policy";
        let remedy =
            "give it one: without it, a message that cannot be processed comes again and again";
        return Finding::new(subject, Verdict::Warning, detail, remedy);
    };
    let Some(url) = inspection::queue_url_of_arn(arn, &config.source.queue_url) else {
        return Finding::new(
            subject,
            Verdict::Fault,
            format!("no URL for {arn}"),
            "check RedrivePolicy",
        );
    };
    match inspection::queue(connection, &url).await {
        Inspection::Well(dead) if *receives < 3 => {
            let detail = format!(
                "{url}, {} messages; SQS itself moves one after {receives} receives",
                dead.messages
            );
            Finding::new(subject, Verdict::Warning, detail, "set maxReceiveCount to 5 or more")
        }
        Inspection::Well(dead) if dead.retention <= queue.retention => {
            let detail = "it keeps messages no longer than the queue";
            Finding::new(
                subject,
                Verdict::Warning,
                detail,
                "set its MessageRetentionPeriod to 14 days",
            )
        }
        Inspection::Well(dead) => {
            Finding::good(subject, format!("{url}, about {} messages", dead.messages))
        }
        Inspection::Unreachable(error) => unreachable(subject, &error),
        Inspection::Refused { error, .. } => {
            let remedy = "allow sqs:SendMessage and sqs:GetQueueAttributes on it to this role";
            Finding::new(subject, Verdict::Fault, format!("{url}: {error}"), remedy)
        }
    }
}

async fn bucket(store: &S3Store, entry: &AllowedBucket) -> Finding {
    let AllowedBucket { bucket, prefix } = entry;
    let subject = format!("bucket {bucket}");
    match inspection::bucket(store, bucket, prefix).await {
        Inspection::Well(Readable::Object(key)) => {
            let key = key.escape_default();
            Finding::good(subject, format!("can list and read s3://{bucket}/{prefix} ({key})"))
        }
        Inspection::Well(Readable::NothingToRead) if !prefix.is_empty() => {
            let detail = format!("can list s3://{bucket}/{prefix}; nothing is there to read");
            let remedy = "see that the prefix is right: what lies elsewhere is dead-lettered";
            Finding::new(subject, Verdict::Warning, detail, remedy)
        }
        Inspection::Well(Readable::NothingToRead) => {
            let detail = format!("can list s3://{bucket}/{prefix}; nothing is there to read yet");
            Finding::good(subject, detail)
        }
        Inspection::Unreachable(error) => unreachable(&subject, &error),
        Inspection::Refused { code, error } if code == "NoSuchBucket" => {
            let remedy = "correct source.buckets, or create the bucket";
            Finding::new(subject, Verdict::Fault, error.to_string(), remedy)
        }
        Inspection::Refused { error, .. } => {
            let remedy = format!(
                "allow s3:ListBucket on the bucket, s3:GetObject on s3://{bucket}/{prefix}*, and \
                 kms:Decrypt if a key encrypts them, to this role, in its policy and in theirs"
            );
            Finding::new(subject, Verdict::Fault, error.to_string(), remedy)
        }
    }
}

fn unreachable(subject: &str, error: &BoxError) -> Finding {
    let remedy = "check network, endpoint and proxy; running waits for it";
    Finding::new(subject, Verdict::Unknown, format!("could not be reached: {error}"), remedy)
}
