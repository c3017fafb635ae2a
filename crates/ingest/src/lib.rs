#![doc = include_str!("../docs/architecture.md")]
#![forbid(unsafe_code)]

mod acknowledge;
mod allow_list;
mod backoff;
pub mod conformance;
mod decode;
mod disposition;
mod fetch;
mod forward;
mod health;
mod hold;
mod host;
mod life;
mod lockstep;
pub mod memory;
mod metrics;
mod object;
mod offload;
mod pace;
mod parcels;
mod passing;
mod pipeline;
mod process;
mod queue;
mod receive;
mod report;
mod room;
mod selection;
mod store;

pub use allow_list::AllowList;
pub use disposition::DeadLetter;
pub use forward::Route;
pub use health::{Health, chain};
pub use host::Host;
pub use metrics::{Chooser, Metrics, Outcome, Reason};
pub use offload::Offload;
pub use pipeline::{Ending, Pipeline, Ports, Settings};
pub use queue::{BATCH, DeadLettered, EntryFailure, Message, Queue, QueueError, Receipt};
pub use report::{Report, SinkCount};
pub use store::{Body, Opened, Store, StoreError};
pub use trail_sink::BoxError;
