//! Counting allocations, of the whole process: nothing else runs in it.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Allocations, and those that were made larger or smaller, while `run` ran.
pub(crate) fn during<T>(run: impl FnOnce() -> T) -> (usize, T) {
    let region = Region::new(ALLOCATOR);
    let result = run();
    let change = region.change();
    (change.allocations + change.reallocations, result)
}
