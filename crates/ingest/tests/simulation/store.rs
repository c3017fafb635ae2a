//! The store: it is slow, denies, and breaks off in the middle.

use crate::chance::{Chance, Trouble};
use crate::objects::{Form, Object};
use crate::plan::BUCKET;
use crate::world::{Me, World};
use bytes::Bytes;
use std::sync::Arc;
use trail_ingest::{Body, Opened, Store, StoreError};
use trail_notification::ObjectRef;

/// The store as one replica sees it.
#[derive(Debug)]
pub(crate) struct StorePort {
    pub(crate) world: Arc<World>,
    pub(crate) me: Arc<Me>,
}

#[async_trait::async_trait]
impl Store for StorePort {
    async fn open(&self, named: &ObjectRef, from: u64) -> Result<Opened, StoreError> {
        let World { chance, plan, .. } = &*self.world;
        self.me.must_live().await;
        chance.latency(Trouble::SlowStore).await;
        self.me.must_live().await;
        chance.holds(named.bucket == BUCKET, || format!("{named} is read and not allowed"));
        let object = plan.objects.iter().find(|object| object.key == named.key);
        let opened = self.find(object, from);
        let what = opened.as_ref().map(|opened| opened.remaining);
        chance.note(&self.me.name, format_args!("open {named} {from} -> {what:?}"));
        opened
    }
}

impl StorePort {
    /// Not where records may be passed on before the checksum is seen, which of several members is each
    /// member's own, nor where it is set aside anyway.
    fn is_damaged(&self, object: &Object) -> bool {
        let World { chance, plan, .. } = &*self.world;
        chance.comes(Trouble::Damage)
            && !plan.may_stream()
            && object.form == Form::Gzip
            && self.world.damage_once(&object.key)
    }

    fn find(&self, object: Option<&Object>, from: u64) -> Result<Opened, StoreError> {
        let chance = &self.world.chance;
        if chance.comes(Trouble::Denied) {
            return Err(StoreError::Denied("denied by chance".into()));
        }
        if chance.comes(Trouble::Store) {
            return Err(StoreError::Unavailable("unavailable by chance".into()));
        }
        let found = object.filter(|object| object.form != Form::Missing);
        let object = found.ok_or_else(|| StoreError::NotFound("there is none".into()))?;
        if object.form == Form::Replaced {
            return Err(StoreError::Replaced("the eTag is another".into()));
        }
        let whole = if from == 0 && self.is_damaged(object) {
            damaged(chance, &object.bytes)
        } else {
            object.bytes.clone()
        };
        let mut rest = Bytes::from(whole).split_off(usize::try_from(from).unwrap());
        let remaining = rest.len() as u64;
        let end = if chance.comes(Trouble::Body) {
            match chance.below(3) {
                0 => End::Bad,
                breaks => {
                    rest.truncate(chance.below(rest.len()));
                    if breaks == 1 { End::Breaks } else { End::Ends }
                }
            }
        } else {
            End::Ends
        };
        let (world, me) = (Arc::clone(&self.world), Arc::clone(&self.me));
        let body = Box::new(SlowBody { world, me, rest, end });
        Ok(Opened { remaining, etag: Some(object.etag.clone()), body })
    }
}

/// One byte is another, or the end is missing and nobody says so.
fn damaged(chance: &Chance, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let place = chance.below(bytes.len());
    match chance.below(2) {
        0 => bytes.truncate(place),
        _ => bytes[place] ^= 1 << chance.below(8),
    }
    bytes
}

#[derive(Debug)]
struct SlowBody {
    world: Arc<World>,
    me: Arc<Me>,
    rest: Bytes,
    end: End,
}

/// What comes after the bytes.
#[derive(Clone, Copy, Debug)]
enum End {
    Ends,
    Breaks,
    /// All bytes came, and then an error.
    Bad,
}

#[async_trait::async_trait]
impl Body for SlowBody {
    async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        let chance = &self.world.chance;
        chance.latency(Trouble::SlowStore).await;
        self.me.must_live().await;
        if !self.rest.is_empty() {
            let most = chance.rng().choice([16, 300, 5_000]).unwrap();
            let piece = 1 + chance.below(most.min(self.rest.len()));
            return Ok(Some(self.rest.split_to(piece.min(self.rest.len()))));
        }
        chance.note(&self.me.name, format_args!("body {:?}", self.end));
        match self.end {
            End::Ends => Ok(None),
            End::Breaks | End::Bad => Err(StoreError::Unavailable("broken by chance".into())),
        }
    }
}
