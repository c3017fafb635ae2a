//! A group of callers' batches that share one write, and how each gets its own answer back.

use crate::batch::Batch;
use crate::contract::{BoxError, Refusal, Sink, WriteError, Written};
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use tokio::sync::oneshot;

/// A caller's batch and where its answer goes.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) batch: Batch,
    pub(super) reply: oneshot::Sender<Result<Written, WriteError>>,
}

impl Job {
    /// A caller that has gone away gets no answer, which is as good as any.
    fn answer(self, answer: Result<Written, WriteError>) {
        drop(self.reply.send(answer));
    }
}

/// Writes the group as one batch and answers each caller.
pub(super) async fn write(inner: Arc<dyn Sink>, group: Vec<Job>) {
    let mut merged = Batch::default();
    for job in &group {
        merged.append(job.batch.clone());
    }
    match inner.write(&merged).await {
        Ok(written) if written.refused.iter().any(|r| r.portion >= merged.portions().len()) => {
            let source = "the sink refused an event that is not in the batch".into();
            share(group, WriteError::Retry { after: None, source });
        }
        Ok(written) => hand_back(group, written),
        // Together they are too large; that says nothing of any one of them.
        Err(WriteError::Split { .. }) if group.len() > 1 => {
            for job in group {
                let answer = inner.write(&job.batch).await;
                job.answer(answer);
            }
        }
        Err(error) => share(group, error),
    }
}

fn hand_back(group: Vec<Job>, written: Written) {
    let mut refused = written.refused;
    let mut start = 0;
    for job in group {
        let portions = start..start + job.batch.portions().len();
        let own = refused.extract_if(.., |refusal| portions.contains(&refusal.portion));
        let placed = own.map(|refusal| Refusal { portion: refusal.portion - start, ..refusal });
        let written = Written { refused: placed.collect() };
        start = portions.end;
        job.answer(Ok(written));
    }
}

fn share(group: Vec<Job>, error: WriteError) {
    let (after, class): (_, fn(Option<_>, BoxError) -> WriteError) = match &error {
        WriteError::Retry { after, .. } => {
            (*after, |after, source| WriteError::Retry { after, source })
        }
        WriteError::Split { .. } => (None, |_, source| WriteError::Split { source }),
        WriteError::Pause { .. } => (None, |_, source| WriteError::Pause { source }),
    };
    let (WriteError::Retry { source, .. }
    | WriteError::Split { source }
    | WriteError::Pause { source }) = error;
    let shared: Arc<dyn Error + Send + Sync> = source.into();
    for job in group {
        job.answer(Err(class(after, Box::new(Shared(Arc::clone(&shared))))));
    }
}

/// One error for many callers.
#[derive(Debug)]
struct Shared(Arc<dyn Error + Send + Sync>);

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Shared {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
