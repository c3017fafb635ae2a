//! The first call of each service, made before anybody else makes one.
//!
//! `LocalStack` 4.9.2 notes that a service is loaded before it knows the service's operations: of
//! two first calls at the same time one is answered 501, "no handler for operation". It calls its
//! own services while it deploys a stack, so that all must be past this.

use crate::harness::call::Service;
use crate::harness::http::Answer;
use anyhow::{Context as _, bail};
use std::time::{Duration, Instant};

const POLL: Duration = Duration::from_millis(100);

/// A call that changes nothing.
#[derive(Clone, Copy, Debug)]
enum Call {
    Get,
    Query { action: &'static str, version: &'static str },
    Json(&'static str),
}

/// The services that are started, each with its call.
const CALLS: [(&str, Call); 8] = [
    ("s3", Call::Get),
    ("sqs", Call::Query { action: "ListQueues", version: "2012-11-05" }),
    ("sns", Call::Query { action: "ListTopics", version: "2010-03-31" }),
    ("events", Call::Json("AWSEvents.ListRules")),
    ("sts", Call::Query { action: "GetCallerIdentity", version: "2011-06-15" }),
    ("iam", Call::Query { action: "ListRoles", version: "2010-05-08" }),
    ("kms", Call::Json("TrentService.ListKeys")),
    ("cloudformation", Call::Query { action: "ListStacks", version: "2010-05-15" }),
];

/// Calls each service, one after the other, until it answers; gives up when `patience` is spent on
/// one of them.
pub(super) async fn warm(endpoint: &str, patience: Duration) -> anyhow::Result<()> {
    for (name, call) in CALLS {
        let service = Service { endpoint, name };
        wait_for(service, call, patience)
            .await
            .with_context(|| format!("its service {name} does not answer"))?;
    }
    Ok(())
}

async fn wait_for(service: Service<'_>, call: Call, patience: Duration) -> anyhow::Result<()> {
    let deadline = Instant::now() + patience;
    loop {
        let Err(why) = ask(service, call).await else {
            return Ok(());
        };
        if Instant::now() > deadline {
            return Err(why);
        }
        tokio::time::sleep(POLL).await;
    }
}

async fn ask(service: Service<'_>, call: Call) -> anyhow::Result<()> {
    let Answer { status, body } = match call {
        Call::Get => service.get().await?,
        Call::Json(target) => service.json(target).await?,
        Call::Query { action, version } => {
            let form = [("Action", action), ("Version", version)];
            service.query(&form.map(|(key, value)| (key.to_owned(), value.to_owned()))).await?
        }
    };
    if status != 200 {
        bail!("{call:?} was answered with {status}: {body:.200}");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
