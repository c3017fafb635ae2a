//! The memory budget: every byte held for an object is under a permit of it.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A number of bytes that may be held at once, handed out as [`Permit`]s in the order asked.
#[derive(Clone, Debug)]
pub struct Budget {
    bytes: Arc<Semaphore>,
    total: u32,
}

impl Budget {
    /// A budget of `total` bytes, at most 4 GiB.
    #[must_use]
    pub fn new(total: usize) -> Self {
        let total = u32::try_from(total).unwrap_or(u32::MAX);
        let bytes = Arc::new(Semaphore::new(total as usize));
        Self { bytes, total }
    }

    /// Waits until `bytes` are free and takes them. More than the whole budget counts as the
    /// whole budget, so that a large value passes alone instead of never.
    pub async fn acquire(&self, bytes: usize) -> Permit {
        let semaphore = Arc::clone(&self.bytes);
        match semaphore.acquire_many_owned(self.clamp(bytes)).await {
            Ok(permit) => Permit(Some(permit)),
            // Only `Semaphore::close` makes this happen, and nothing here calls it.
            Err(_closed) => Permit(None),
        }
    }

    /// Takes `bytes` if they are free at this moment.
    #[must_use]
    pub fn try_acquire(&self, bytes: usize) -> Option<Permit> {
        let semaphore = Arc::clone(&self.bytes);
        let permit = semaphore.try_acquire_many_owned(self.clamp(bytes)).ok()?;
        Some(Permit(Some(permit)))
    }

    /// The whole budget, in bytes.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total as usize
    }

    /// Bytes under a permit now.
    #[must_use]
    pub fn used(&self) -> usize {
        self.total().saturating_sub(self.bytes.available_permits())
    }

    fn clamp(&self, bytes: usize) -> u32 {
        u32::try_from(bytes).unwrap_or(u32::MAX).min(self.total)
    }
}

/// Bytes of a [`Budget`], given back when dropped. It is a field of the value it covers.
#[derive(Debug)]
pub struct Permit(Option<OwnedSemaphorePermit>);

impl Permit {
    /// A permit of no budget, for values made outside a pipeline.
    #[must_use]
    pub fn unlimited() -> Self {
        Self(None)
    }

    /// Gives back what is more than `bytes`.
    pub fn shrink_to(&mut self, bytes: usize) {
        let Some(held) = self.0.as_mut() else { return };
        let surplus = held.num_permits().saturating_sub(bytes);
        drop(held.split(surplus));
    }

    /// Splits off at most `bytes`.
    #[must_use]
    pub fn take(&mut self, bytes: usize) -> Self {
        let bytes = bytes.min(self.bytes());
        Self(self.0.as_mut().and_then(|held| held.split(bytes)))
    }

    /// Joins `other`, a permit of the same budget, to this one.
    pub fn merge(&mut self, other: Self) {
        match (self.0.as_mut(), other.0) {
            (Some(held), Some(more)) => held.merge(more),
            (None, more) => self.0 = more,
            (Some(_), None) => {}
        }
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.0.as_ref().map_or(0, OwnedSemaphorePermit::num_permits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn permit_gives_back_what_it_held() {
        let budget = Budget::new(100);
        let mut permit = budget.acquire(60).await;
        assert!(budget.try_acquire(50).is_none());
        permit.shrink_to(10);
        assert_eq!(budget.used(), 10);
        let taken = permit.take(4);
        assert_eq!((taken.bytes(), permit.bytes()), (4, 6));
        assert_eq!(permit.take(9).bytes(), 6);
        assert_eq!(budget.used(), 4);
        drop(taken);
        assert_eq!(budget.used(), 0);
    }

    #[tokio::test]
    async fn a_value_larger_than_the_budget_passes_alone() {
        let budget = Budget::new(100);
        let permit = budget.acquire(1_000).await;
        assert_eq!(permit.bytes(), 100);
        assert!(budget.try_acquire(1).is_none());
    }
}
