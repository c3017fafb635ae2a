//! What is cut how, and what is counted: the same object always gives the same parcels.

use crate::world::{World, gzip, let_time_pass, log_file};
use std::sync::{Arc, Mutex};
use trail_sink::{Batch, BatchLimits, ParcelId, Sink, WriteError, Written};

/// Notes the parcels it is given.
#[derive(Debug, Default)]
struct Noting {
    parcels: Mutex<Vec<(u32, ParcelId, Vec<u8>)>>,
}

#[async_trait::async_trait]
impl Sink for Noting {
    fn limits(&self) -> BatchLimits {
        BatchLimits {
            bytes: usize::MAX,
            events: usize::MAX,
            linger: std::time::Duration::ZERO,
            merge_objects: true,
        }
    }

    async fn write(&self, batch: &Batch) -> Result<Written, WriteError> {
        let mut parcels = self.parcels.lock().unwrap();
        for portion in batch.portions() {
            let parcel = portion.parcel();
            parcels.push((parcel.part(), parcel.id(), portion.bytes().to_vec()));
        }
        Ok(Written::default())
    }

    async fn probe(&self) -> Result<(), WriteError> {
        Ok(())
    }

    async fn close(&self) -> Result<(), WriteError> {
        Ok(())
    }
}

/// The parcels that a sink is given of an object: number, identity and bytes.
pub(crate) async fn parcels_of(
    bytes: Vec<u8>,
    arrange: impl Fn(&mut World),
) -> Vec<(u32, ParcelId, Vec<u8>)> {
    let mut world = World::new();
    arrange(&mut world);
    let object = world.put_bytes("a", bytes);
    world.send(&[&object]);
    let noting = Arc::new(Noting::default());
    let (store, sink) = (Arc::clone(&world.store) as _, Arc::clone(&noting) as Arc<dyn Sink>);
    let _clock = let_time_pass();
    world.start_with(store, vec![("noting".to_owned(), sink)]);
    world.all_deleted().await;
    world.stop().await;
    let parcels = noting.parcels.lock().unwrap();
    parcels.clone()
}

#[tokio::test(start_paused = true)]
async fn object_is_cut_alike_whole_and_streamed_and_the_next_time() {
    let padding = "x".repeat(700);
    let text = log_file("a", 6_000).replace("\"}", &format!("\",\"pad\":\"{padding}\"}}"));
    let bytes = gzip(text.as_bytes());
    let whole = parcels_of(bytes.clone(), |_| {}).await;
    let again = parcels_of(bytes.clone(), |_| {}).await;
    let streamed = parcels_of(bytes, |world| {
        world.settings.limits.whole = 4_096;
        world.settings.limits.window = 8_192;
        world.store.cut_into(777);
    })
    .await;
    assert!(whole.len() >= 4, "{} parcels", whole.len());
    let parts = whole.iter().map(|(part, _, _)| *part);
    assert!(parts.eq(0..u32::try_from(whole.len()).unwrap()));
    assert!(whole == again, "cut otherwise the second time");
    assert!(whole == streamed, "cut otherwise when it is streamed");
}

#[tokio::test(start_paused = true)]
async fn parcels_of_another_object_have_other_identities() {
    let one = parcels_of(gzip(log_file("a", 3).as_bytes()), |_| {}).await;
    let other = parcels_of(gzip(log_file("a", 4).as_bytes()), |world| {
        world.put("a", 9);
    })
    .await;
    assert_eq!((one.len(), other.len()), (1, 1));
    assert!(one[0].1 != other[0].1, "another version under the same key");
}

#[tokio::test(start_paused = true)]
async fn object_without_records_is_delivered_by_doing_nothing() {
    let mut world = World::new();
    let object = world.put_bytes("a", gzip(br#"{"Records":[]}"#));
    world.send(&[&object]);
    world.run_to_the_end().await;
    assert_eq!((world.metrics.objects.get(), world.metrics.records.get()), (1, 0));
    assert!(world.queue.dead_letters().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_was_read_is_counted() {
    let mut world = World::with_sinks(2);
    let (a, b) = (world.deliver("a", 3), world.deliver("b", 4));
    let stored = a.size.unwrap() + b.size.unwrap();
    let decompressed = log_file("a", 3).len() + log_file("b", 4).len();
    world.run_to_the_end().await;
    let metrics = &world.metrics;
    assert_eq!((metrics.objects.get(), metrics.records.get()), (2, 7));
    assert_eq!(metrics.object_bytes.get(), stored);
    assert_eq!(metrics.decompressed_bytes.get(), decompressed as u64);
    for sink in [0, 1] {
        assert_eq!(world.events(sink, "delivered"), 7);
        assert_eq!(world.events(sink, "filtered") + world.events(sink, "quarantined"), 0);
    }
}
