//! Forwarding: parcels go to every sink at once, and each sink answers for itself.

use crate::report::SinkCount;
use crate::selection::{Selection, group};
use futures_util::future::join_all;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use trail_event::Selectors;
use trail_schema::Encoder;
use trail_sink::{Batch, Budget, Parcel, Sink};

/// A sink of the configuration, assembled: it retries without end and quarantines what it refuses.
#[derive(Clone, Debug)]
pub struct Route {
    /// The name in the configuration.
    pub name: String,
    /// What its events look like. Routes that share an encoder (one [`Arc`]) and select alike share
    /// its lines: an object is encoded once for all of them.
    pub encoder: Arc<Encoder>,
    /// Which events it wants.
    pub selectors: Arc<Selectors>,
    /// The sink.
    pub sink: Arc<dyn Sink>,
}

/// Opens the way for one object, and gives what drives its parcels to the sinks: it ends when every
/// sink has answered for everything it was sent. Dropping the selections ends the parcels; until then
/// each sink takes them in order, as fast as it can: a lane holds more parcels than the budget, so a
/// slow sink holds up the others only when the memory is spent.
pub(crate) fn open(
    routes: &[Route],
    budget: &Budget,
    part: usize,
) -> (Vec<Selection>, impl Future<Output = Vec<SinkCount>> + use<>) {
    let lane_length = budget.total() / part + 2;
    let mut lanes = Vec::new();
    let mut deliveries = Vec::new();
    for route in routes {
        let (lane, parcels) = mpsc::channel(lane_length);
        lanes.push(lane);
        deliveries.push(deliver(Arc::clone(&route.sink), parcels, part));
    }
    (group(routes, lanes), join_all(deliveries))
}

/// Writes parcels as they come. While one write is under way the next ones gather, and go together.
async fn deliver(
    sink: Arc<dyn Sink>,
    mut parcels: mpsc::Receiver<Arc<Parcel>>,
    part: usize,
) -> SinkCount {
    let mut count = SinkCount::default();
    let mut gathered = Vec::new();
    let most = (sink.limits().bytes / part).max(1);
    while parcels.recv_many(&mut gathered, most).await > 0 {
        let mut batch = Batch::default();
        gathered.drain(..).for_each(|parcel| batch.append(Batch::of(parcel)));
        count += write(&*sink, &batch).await;
    }
    count
}

async fn write(sink: &dyn Sink, batch: &Batch) -> SinkCount {
    loop {
        match sink.write(batch).await {
            Ok(written) => {
                let quarantined = written.refused.len() as u64;
                let delivered = (batch.events() as u64).saturating_sub(quarantined);
                return SinkCount { delivered, filtered: 0, quarantined };
            }
            // An assembled sink retries by itself: this is a sink that was put in bare, or one
            // whose writer has died. The events stay here, and are not forgotten.
            Err(error) => {
                tracing::error!(
                    error = crate::health::chain(&error),
                    "write failed, will try again"
                );
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}
