//! [`Quarantining`]: refused events are set aside before the batch counts as stored.

use crate::batch::{Batch, BatchLimits};
use crate::contract::{Refusal, Sink, WriteError, Written};
use crate::quarantine::{Entry, Quarantine};
use std::sync::Arc;

/// Sets aside, durably, each event that its inner sink refuses, before it answers. The refusals
/// stay listed in the answer, so that the caller counts them.
#[derive(Debug)]
pub struct Quarantining {
    name: String,
    inner: Arc<dyn Sink>,
    quarantine: Arc<dyn Quarantine>,
}

impl Quarantining {
    /// Sets aside in `quarantine` what `inner`, the sink called `name`, refuses.
    #[must_use]
    pub fn new(name: &str, inner: Arc<dyn Sink>, quarantine: Arc<dyn Quarantine>) -> Self {
        Self { name: name.to_owned(), inner, quarantine }
    }
}

#[async_trait::async_trait]
#[deny(clippy::missing_trait_methods)]
impl Sink for Quarantining {
    fn limits(&self) -> BatchLimits {
        self.inner.limits()
    }

    async fn write(&self, batch: &Batch) -> Result<Written, WriteError> {
        let written = self.inner.write(batch).await?;
        let mut entries = Vec::with_capacity(written.refused.len());
        for refusal in &written.refused {
            entries.push(entry(&self.name, batch, refusal)?);
        }
        if !entries.is_empty() {
            self.quarantine.set_aside(&entries).await?;
        }
        Ok(written)
    }

    async fn probe(&self) -> Result<(), WriteError> {
        self.inner.probe().await
    }

    async fn close(&self) -> Result<(), WriteError> {
        self.inner.close().await
    }
}

/// An error where the sink refused an event that the batch does not have: which event it meant is
/// not known, so none may be taken for stored.
fn entry<'a>(
    sink: &'a str,
    batch: &'a Batch,
    refusal: &'a Refusal,
) -> Result<Entry<'a>, WriteError> {
    let portion = batch.portions().get(refusal.portion);
    let found =
        portion.filter(|portion| portion.lines().contains(&refusal.line)).and_then(|portion| {
            let (index, event) = portion.parcel().lines().event(refusal.line)?;
            Some((portion.parcel().origin(), index, event))
        });
    let Some((origin, index, event)) = found else {
        return Err(WriteError::Retry {
            after: None,
            source: "the sink refused an event that is not in the batch".into(),
        });
    };
    Ok(Entry {
        reason: &refusal.reason,
        sink,
        bucket: &origin.bucket,
        key: &origin.key,
        index,
        event,
    })
}

#[cfg(test)]
mod tests;
