//! The life of an object: fetched, decoded, forwarded, accounted for.

use crate::decode::{Decoded, Decoding, Input};
use crate::disposition::{Finding, may_pass};
use crate::fetch::{FetchError, Fetched, Fetcher, Source, Stored};
use crate::forward;
use crate::health::chain;
use crate::pace::Place;
use crate::passing::pass_on;
use crate::pipeline::Pipeline;
use crate::report::{Report, SinkCount};
use crate::room::Room;
use crate::store::StoreError;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;
use trail_notification::ObjectRef;
use trail_sink::Origin;

/// What became of an object's bytes, and of its events at each sink. `None`: the decoder panicked.
type Outcome = Option<(Decoded, Vec<SinkCount>)>;

/// What was damaged on its way is sound the second time; what is damaged where it lies is not.
const READS_OF_A_DAMAGED_OBJECT: u32 = 2;

/// Lives through an object. `entry` is given back when it is under way.
pub(crate) async fn life(
    pipeline: &Pipeline,
    object: &ObjectRef,
    mut entry: Option<Arc<Place>>,
) -> Finding {
    let (mut object, mut reads) = (object.clone(), 0);
    loop {
        let fetched = match pipeline.fetcher.fetch(&object, &mut entry).await {
            Ok(fetched) => fetched,
            Err(error) => return Finding::Unreadable { object: object.to_string(), error },
        };
        drop(entry.take()); // The receiver may take the next one in.
        object = fetched.object.clone();
        let outcome = match pipeline.deliver(fetched).await {
            Ok(outcome) => outcome,
            Err(error) => return broke_off(&object, &error),
        };
        reads += 1;
        match outcome {
            None => return Finding::Panicked,
            Some((Decoded { summary: Err(error), .. }, _))
                if may_pass(&error) && reads < READS_OF_A_DAMAGED_OBJECT =>
            {
                tracing::warn!(%object, error = chain(&error), "object is damaged, reading it again");
                pipeline.metrics.read_retries.inc();
            }
            Some((decoded, counts)) => return pipeline.finding(&object, decoded, counts),
        }
    }
}

impl Pipeline {
    /// Accounts for the records of an object that was read, and says what came of it.
    fn finding(&self, object: &ObjectRef, decoded: Decoded, counts: Vec<SinkCount>) -> Finding {
        let Decoded { summary, chosen } = decoded;
        let (read, decompressed, error) = match summary {
            Ok(summary) => (summary.records, summary.decompressed, None),
            Err(error) => (error.records(), error.offset(), Some(error)),
        };
        let report = Report::new(read, counts, &chosen);
        let finding = self.account(object, &report, &chosen, decompressed);
        match (finding, error) {
            (Finding::Delivered, Some(error)) => damaged(object, error),
            (finding, _) => finding,
        }
    }

    /// Decodes an object and waits until every sink has answered for it.
    async fn deliver(&self, fetched: Fetched) -> Result<Outcome, StoreError> {
        let origin = Arc::new(origin(&fetched.object));
        if let Source::Whole(Stored { bytes, claimed: Some(claimed), .. }) = &fetched.source
            && *claimed <= self.small()
        {
            let (decoding, delivered) = self.decoding(&origin);
            if let Some(decoded) = decoding.run_here(bytes, *claimed).await {
                drop(fetched);
                return Ok(Some((decoded, delivered.await)));
            }
        }
        self.deliver_from_thread(fetched, &origin).await
    }

    async fn deliver_from_thread(
        &self,
        fetched: Fetched,
        origin: &Arc<Origin>,
    ) -> Result<Outcome, StoreError> {
        let Fetched { source, place, .. } = fetched;
        let (input, passing) = pass_on(source);
        let (decoding, delivered) = self.decoding(origin);
        let (decoder, room) = self.decoder(&input).await;
        let decoded = self.offload.run(move |waiting| {
            let decoded = decoding.run(input, room, waiting);
            drop((place, decoder));
            decoded
        });
        let (passed, decoded, counts) = tokio::join!(passing.run(), decoded, delivered);
        passed?;
        Ok(decoded.map(|decoded| (decoded, counts)))
    }

    /// Waits until an object that is in memory may be decoded, and for the memory to do it in. One that
    /// is still arriving has its memory, and waits for the network more than it computes.
    async fn decoder(&self, input: &Input) -> (Option<OwnedSemaphorePermit>, Option<Room>) {
        let Input::Whole(stored) = input else {
            return (None, None);
        };
        let decoder = Arc::clone(&self.decoders).acquire_owned().await.ok();
        let Fetcher { rooms, limits, .. } = &self.fetcher;
        match stored.decompressed(limits) {
            Some(bytes) => (decoder, Some(rooms.take(bytes).await)),
            None => (decoder, None),
        }
    }

    /// What decodes an object, and what then drives its parcels to the sinks.
    fn decoding(
        &self,
        origin: &Arc<Origin>,
    ) -> (Decoding, impl Future<Output = Vec<SinkCount>> + use<>) {
        let (selections, delivered) = forward::open(&self.routes, &self.forwarding, self.part);
        let decoding = Decoding {
            origin: Arc::clone(origin),
            limits: self.fetcher.limits,
            selections,
            forwarding: self.forwarding.clone(),
            rooms: self.fetcher.rooms.clone(),
            part: self.part,
        };
        (decoding, delivered)
    }

    /// Decompressed bytes up to which an object is decoded where it is: with the daemon's parts, some
    /// 150 events, which take less than a millisecond.
    fn small(&self) -> usize {
        self.part / 4
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

fn origin(object: &ObjectRef) -> Origin {
    let revision = object.version_id.clone().or_else(|| object.etag.clone());
    Origin { bucket: object.bucket.clone(), key: object.key.clone(), revision }
}

/// The object broke off in the middle, after every attempt to go on from there.
fn broke_off(object: &ObjectRef, error: &StoreError) -> Finding {
    tracing::warn!(%object, error = chain(error), "reading broke off, message will be given back");
    let error = match error {
        StoreError::NotFound(_) => FetchError::NotFound,
        StoreError::Replaced(_) => FetchError::Replaced,
        StoreError::Archived(_) => FetchError::Archived,
        StoreError::Denied(_) => FetchError::Denied,
        StoreError::Unavailable(_) => FetchError::Unavailable,
    };
    Finding::Unreadable { object: object.to_string(), error }
}
