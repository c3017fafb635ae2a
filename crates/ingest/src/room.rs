//! Memory to decompress into: taken in the order asked, and its buffers used again, since a fresh one
//! costs more, page by page, than what is then done in it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;
use trail_sink::{Budget, Permit};

/// Memory to decompress into.
#[derive(Clone, Debug)]
pub(crate) struct Rooms(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    budget: Budget,
    /// Buffers that nobody uses, each with the permit that covers it.
    idle: Mutex<Vec<Idle>>,
    /// Only the first who waits is told that something came back.
    turn: tokio::sync::Mutex<()>,
    returned: Notify,
}

#[derive(Debug)]
struct Idle {
    buffer: Vec<u8>,
    permit: Permit,
    since: Instant,
}

/// Memory for one object, and perhaps a buffer in it. Comes back when it is dropped.
#[derive(Debug)]
pub(crate) struct Room {
    rooms: Rooms,
    buffer: Vec<u8>,
    permit: Option<Permit>,
}

/// How long a buffer waits for its next use. Files come in bursts, every few minutes.
const KEPT: Duration = Duration::from_secs(10);

impl Rooms {
    pub(crate) fn new(bytes: usize) -> Self {
        let budget = Budget::new(bytes);
        let (idle, turn, returned) = Default::default();
        Self(Arc::new(Shared { budget, idle, turn, returned }))
    }

    /// Waits for so many bytes; for all there are, if there are fewer.
    pub(crate) async fn take(&self, bytes: usize) -> Room {
        let _turn = self.0.turn.lock().await;
        loop {
            if let Some(room) = self.try_take(bytes) {
                return room;
            }
            self.0.returned.notified().await;
        }
    }

    fn try_take(&self, bytes: usize) -> Option<Room> {
        let bytes = class(bytes).min(self.total());
        let mut idle = self.idle();
        let sizes = idle.iter().map(|idle| idle.buffer.capacity()).enumerate();
        let fitting = sizes.filter(|(_, size)| *size >= bytes && *size / 2 <= bytes);
        if let Some((place, _)) = fitting.min_by_key(|(_, size)| *size) {
            let Idle { buffer, permit, .. } = idle.swap_remove(place);
            return Some(Room { rooms: self.clone(), buffer, permit: Some(permit) });
        }
        loop {
            if let Some(permit) = self.0.budget.try_acquire(bytes) {
                return Some(Room {
                    rooms: self.clone(),
                    buffer: Vec::new(),
                    permit: Some(permit),
                });
            }
            drop(idle.pop()?);
        }
    }

    /// Frees the buffers that were not used for some time.
    pub(crate) fn forget(&self) {
        let now = Instant::now();
        self.idle().retain(|idle| now.duration_since(idle.since) < KEPT);
    }

    /// As [`forget`](Self::forget), for ever.
    pub(crate) async fn keep_forgetting(self) {
        loop {
            tokio::time::sleep(KEPT).await;
            self.forget();
        }
    }

    /// All bytes there are.
    pub(crate) fn total(&self) -> usize {
        self.0.budget.total()
    }

    /// Bytes in use now; of a buffer that waits for its next use none is.
    pub(crate) fn used(&self) -> usize {
        let idle: usize = self.idle().iter().map(|idle| idle.permit.bytes()).sum();
        self.0.budget.used().saturating_sub(idle)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sizes are rounded up, by an eighth at most, so that a buffer suits the next file of about its size.
fn class(bytes: usize) -> usize {
    let step = (bytes.next_power_of_two() / 16).max(4096);
    bytes.next_multiple_of(step)
}

impl Room {
    /// The bytes in it.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer
    }

    /// A buffer of all its bytes, made at its first use. `None`: the system has no memory.
    pub(crate) fn buffer(&mut self) -> Option<&mut Vec<u8>> {
        let size = self.permit.as_ref().map_or(0, Permit::bytes);
        self.buffer.try_reserve_exact(size).ok()?;
        Some(&mut self.buffer)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let Some(permit) = self.permit.take() else { return };
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut idle = self.rooms.idle();
        // One that has outgrown its permit would stay uncovered.
        if buffer.capacity() > 0 && buffer.capacity() <= permit.bytes() {
            buffer.clear();
            idle.push(Idle { buffer, permit, since: Instant::now() });
        } else {
            drop((buffer, permit));
        }
        drop(idle);
        self.rooms.0.returned.notify_one();
    }
}

#[cfg(test)]
mod tests;
