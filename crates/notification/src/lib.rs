//! What a queue message says.
//!
//! In comes the body of one message, as any sender of the queue may have written it; out comes a
//! [`Notification`] (the objects that were created, and what else was said and why it asks for
//! nothing) or the reason it is [`Unrecognized`]. An object's key becomes a [`TrailKey`]: which
//! kind of log file, of which account, organization, region and day. A message is understood whole
//! or not at all.
//!
//! This crate reads text and nothing else: no network, no clock, no AWS SDK. It never decides what
//! becomes of a message, nor whether a bucket may be read.
//!
//! In reading order: `reading` (the body, envelope by envelope), `body` (which shape it has),
//! `record` and `event_bridge` (one entry of a shape), `location` and `object` ([`ObjectRef`]),
//! `notification` (the answer), `unrecognized` (the refusal), `trail_key` ([`TrailKey`]); `wire` and `escape` are
//! their tools.

#![forbid(unsafe_code)]

mod body;
mod escape;
mod event_bridge;
mod location;
mod notification;
mod object;
mod reading;
mod record;
mod trail_key;
mod unrecognized;
mod wire;

pub use notification::{Ignored, Notification, Shape};
pub use object::ObjectRef;
pub use reading::read;
pub use trail_key::{Date, Kind, NotATrailLog, TrailKey};
pub use unrecognized::Unrecognized;
