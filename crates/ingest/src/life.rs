//! The life of a message and of the objects it names, from what it says to what may be forgotten.

use crate::decode::{Decoded, Decoding};
use crate::disposition::Finding;
use crate::fetch::{FetchError, Fetched};
use crate::forward;
use crate::passing::pass_on;
use crate::pipeline::Pipeline;
use crate::queue::Message;
use crate::report::Report;
use crate::store::StoreError;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;
use trail_notification::{Kind, ObjectRef, TrailKey};
use trail_sink::Origin;

/// Objects of one message worked on at once. Most messages name one; a hostile one names thousands.
const OBJECTS_OF_A_MESSAGE: usize = 8;

/// What a message says, and what becomes of each object it names.
pub(crate) async fn of_message(
    pipeline: &Arc<Pipeline>,
    message: &Message,
    entry: OwnedSemaphorePermit,
) -> Finding {
    let objects = match read(pipeline, message) {
        Ok(objects) => objects,
        Err(finding) => return finding,
    };
    // Given back when the last of them has begun, so that messages of many objects are few.
    let entry = Arc::new(entry);
    let mut worst = Finding::NothingToDo;
    let mut lives = JoinSet::new();
    for object in objects {
        if lives.len() >= OBJECTS_OF_A_MESSAGE {
            worst = worst.or_worse(ended(lives.join_next().await));
        }
        let (pipeline, entry) = (Arc::clone(pipeline), Some(Arc::clone(&entry)));
        lives.spawn(async move { of_object(&pipeline, &object, entry).await });
    }
    drop(entry);
    while !lives.is_empty() {
        worst = worst.or_worse(ended(lives.join_next().await));
    }
    worst
}

/// The life of one object: fetched, decoded, forwarded, accounted for.
async fn of_object(
    pipeline: &Pipeline,
    object: &ObjectRef,
    mut entry: Option<Arc<OwnedSemaphorePermit>>,
) -> Finding {
    let Fetched { object, source, memory, place } =
        match pipeline.fetcher.fetch(object, &mut entry).await {
            Ok(fetched) => fetched,
            Err(error) => {
                return Finding::Unreadable { object: object.to_string(), error };
            }
        };
    drop(entry); // It is under way: the receiver may take the next one in.
    let (selections, forwarding) =
        forward::open(&pipeline.routes, &pipeline.forwarding, pipeline.part);
    let (input, passing) = pass_on(source);
    let decoding = Decoding {
        origin: Arc::new(origin(&object)),
        limits: pipeline.fetcher.limits,
        selections,
        forwarding: pipeline.forwarding.clone(),
        odd: pipeline.odd.clone(),
        part: pipeline.part,
    };
    let decoded = pipeline.offload.run(move |waiting| {
        let decoded = decoding.run(input, waiting);
        drop((memory, place));
        decoded
    });
    let (passed, decoded, counts) = tokio::join!(passing.run(), decoded, forwarding.finish());
    if let Err(error) = passed {
        return broke_off(&object, &error);
    }
    let (Some(Decoded { summary, chosen }), Some(counts)) = (decoded, counts) else {
        return Finding::Panicked;
    };
    let (read, decompressed, error) = match summary {
        Ok(summary) => (summary.records, summary.decompressed, None),
        Err(error) => (error.records(), error.offset(), Some(error)),
    };
    let report = Report::new(read, counts, &chosen);
    let finding = pipeline.account(&object, &report, &chosen, decompressed);
    match (finding, error) {
        (Finding::Delivered, Some(error)) => damaged(&object, error),
        (finding, _) => finding,
    }
}

/// What stopped the reading of an object before its end, after its records so far were delivered.
fn damaged(object: &ObjectRef, error: trail_logfile::Error) -> Finding {
    let object = object.to_string();
    if let trail_logfile::Error::Read { .. } = error {
        return Finding::Unreadable { object, error: FetchError::Unavailable };
    }
    Finding::Corrupt { object, error }
}

/// The objects of a message that are log files and may be read; everything else is counted.
fn read(pipeline: &Pipeline, message: &Message) -> Result<Vec<ObjectRef>, Finding> {
    let notification = trail_notification::read(&message.body).map_err(Finding::Unrecognized)?;
    for ignored in &notification.ignored {
        pipeline.count_ignored(ignored.reason());
    }
    let refused = notification.objects.iter().find(|object| !pipeline.allow_list.allows(object));
    if let Some(object) = refused {
        return Err(Finding::NotAllowed { object: object.to_string() });
    }
    let mut objects = notification.objects;
    objects.retain(|object| match no_log_file(object) {
        None => true,
        Some(reason) => {
            pipeline.count_ignored(reason);
            false
        }
    });
    Ok(objects)
}

/// Why an object is no log file, by its key.
fn no_log_file(object: &ObjectRef) -> Option<&'static str> {
    let decoded = object.percent_decoded_key.as_deref();
    let parsed = TrailKey::parse(&object.key);
    match parsed.or_else(|why| decoded.map_or(Err(why), TrailKey::parse)) {
        Ok(key) if key.kind == Kind::Digest => Some("digest"),
        Ok(_) => None,
        Err(other) => Some(other.reason()),
    }
}

fn origin(object: &ObjectRef) -> Origin {
    let revision = object.version_id.clone().or_else(|| object.etag.clone());
    Origin { bucket: object.bucket.clone(), key: object.key.clone(), revision }
}

/// The object broke off in the middle, after every attempt to go on from there.
fn broke_off(object: &ObjectRef, error: &StoreError) -> Finding {
    let chain = crate::health::chain(error);
    tracing::warn!(%object, error = chain, "reading broke off, message will be given back");
    let error = match error {
        StoreError::NotFound(_) => FetchError::NotFound,
        StoreError::Replaced(_) => FetchError::Replaced,
        StoreError::Archived(_) => FetchError::Archived,
        StoreError::Denied(_) => FetchError::Denied,
        StoreError::Unavailable(_) => FetchError::Unavailable,
    };
    Finding::Unreadable { object: object.to_string(), error }
}

/// How an object's task ended. One that panicked has lost its object for now.
fn ended(joined: Option<Result<Finding, tokio::task::JoinError>>) -> Finding {
    match joined {
        Some(Ok(finding)) => finding,
        Some(Err(error)) if error.is_panic() => Finding::Panicked,
        Some(Err(_)) | None => Finding::Lost,
    }
}
