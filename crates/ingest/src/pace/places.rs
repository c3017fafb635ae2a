//! [`Places`]: a semaphore whose number of permits changes while they are held.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A number of places that changes.
#[derive(Clone, Debug)]
pub(crate) struct Places(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    free: Arc<Semaphore>,
    /// Places to take away as soon as who has them leaves.
    owed: Mutex<usize>,
    waiting: AtomicUsize,
}

/// A place. It is free again, or gone, when this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Places,
    permit: Option<OwnedSemaphorePermit>,
}

impl Places {
    pub(super) fn new(places: usize) -> Self {
        let free = Arc::new(Semaphore::new(places));
        Self(Arc::new(Shared { free, owed: Mutex::default(), waiting: AtomicUsize::new(0) }))
    }

    /// Waits for a place, in the order asked.
    pub(crate) async fn take(&self) -> Place {
        let waiting = Waiting::of(&self.0.waiting);
        let permit = Arc::clone(&self.0.free).acquire_owned().await.ok();
        drop(waiting);
        Place { places: self.clone(), permit }
    }

    /// Takes a place if one is free at this moment.
    pub(crate) fn try_take(&self) -> Option<Place> {
        let permit = Arc::clone(&self.0.free).try_acquire_owned().ok()?;
        Some(Place { places: self.clone(), permit: Some(permit) })
    }

    /// Whether somebody waits for a place.
    pub(super) fn are_taken(&self) -> bool {
        self.0.waiting.load(Ordering::Relaxed) > 0
    }

    pub(super) fn add(&self, places: usize) {
        let mut owed = self.owed();
        let kept = places.min(*owed);
        *owed -= kept;
        self.0.free.add_permits(places - kept);
    }

    /// Takes places away: free ones now, the others as they become free.
    pub(super) fn remove(&self, places: usize) {
        let mut owed = self.owed();
        *owed += places - self.0.free.forget_permits(places);
    }

    fn owed(&self) -> MutexGuard<'_, usize> {
        self.0.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(permit) = self.permit.take() else { return };
        let mut owed = self.places.owed();
        if *owed > 0 {
            *owed -= 1;
            permit.forget();
        }
    }
}

/// Counts one who waits, also when it goes away meanwhile.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn of(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
