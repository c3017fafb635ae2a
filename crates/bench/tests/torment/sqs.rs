//! Faults of SQS.

use std::collections::BTreeMap;
use std::time::Duration;

use traild_bench::server::SqsFaults;

use super::struck;

/// Nothing is set aside by any fault of the queue; answers the repeats.
fn repeats(at_least: u64, faults: SqsFaults) -> usize {
    let account = struck(at_least, |rates| rates.sqs = faults);
    assert_eq!(account.set_aside, BTreeMap::new());
    account.repeats
}

#[test]
fn storms_of_errors_and_throttling_lose_nothing() {
    let rate = 0.15;
    let faults = SqsFaults {
        internal_error: rate,
        unavailable: rate,
        throttle: rate,
        ..SqsFaults::default()
    };
    repeats(5, faults);
}

#[test]
fn answers_that_are_lost_lose_nothing() {
    repeats(5, SqsFaults { reset: 0.3, ..SqsFaults::default() });
}

#[test]
fn calls_that_stall_lose_nothing() {
    let stall_for = Duration::from_secs(2);
    repeats(2, SqsFaults { stall: 0.2, stall_for, ..SqsFaults::default() });
}

#[test]
fn calls_that_stall_for_ever_are_given_up() {
    let stall_for = Duration::from_secs(600);
    repeats(1, SqsFaults { stall: 0.1, stall_for, ..SqsFaults::default() });
}

#[test]
fn messages_that_come_twice_or_in_any_order_are_all_deleted() {
    let faults =
        SqsFaults { duplicate: 0.5, reordered: 0.5, early_expiry: 0.3, ..SqsFaults::default() };
    assert!(repeats(100, faults) > 0, "no message came twice");
}

#[test]
fn receipts_that_expire_and_deletes_that_are_lost_only_repeat() {
    let faults = SqsFaults { expired_receipt: 0.3, lost_delete: 0.3, ..SqsFaults::default() };
    assert!(repeats(50, faults) > 0, "no message came twice");
}

#[test]
fn entries_of_a_batch_that_fail_are_tried_again() {
    let faults = SqsFaults { partial_batch: 0.5, ..SqsFaults::default() };
    assert_eq!(repeats(10, faults), 0);
}
