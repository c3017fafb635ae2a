//! The life of a message: what it says, and what becomes of the objects it names.

use crate::disposition::Finding;
use crate::object;
use crate::pace::Place;
use crate::pipeline::Pipeline;
use crate::queue::Message;
use std::sync::Arc;
use tokio::task::JoinSet;
use trail_notification::{Kind, ObjectRef, TrailKey};

/// Objects of one message worked on at once. Most messages name one; a hostile one names thousands.
const OBJECTS_OF_A_MESSAGE: usize = 8;

/// What a message says, and what becomes of each object it names.
pub(crate) async fn of_message(
    pipeline: &Arc<Pipeline>,
    message: &Message,
    entry: Place,
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
        lives.spawn(async move { object::life(&pipeline, &object, entry).await });
    }
    drop(entry);
    while !lives.is_empty() {
        worst = worst.or_worse(ended(lives.join_next().await));
    }
    worst
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

/// How an object's task ended. One that panicked has lost its object for now.
fn ended(joined: Option<Result<Finding, tokio::task::JoinError>>) -> Finding {
    match joined {
        Some(Ok(finding)) => finding,
        Some(Err(error)) if error.is_panic() => Finding::Panicked,
        Some(Err(_)) | None => Finding::Lost,
    }
}
