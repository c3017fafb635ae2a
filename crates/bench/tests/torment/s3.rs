//! Faults of S3.

use std::collections::BTreeMap;
use std::time::Duration;

use super::struck;

#[test]
fn storms_of_errors_lose_nothing() {
    let account = struck(100, |rates| {
        rates.s3.internal_error = 0.2;
        rates.s3.unavailable = 0.2;
        rates.s3.slow_down = 0.2;
    });
    assert_eq!((account.repeats, account.set_aside), (0, BTreeMap::new()));
}

#[test]
fn bodies_that_break_off_are_read_on() {
    let account = struck(100, |rates| {
        rates.s3.reset = 0.3;
        rates.s3.truncated = 0.3;
    });
    assert_eq!((account.repeats, account.set_aside), (0, BTreeMap::new()));
}

#[test]
fn bodies_that_stall_and_end_are_read_on() {
    let account = struck(50, |rates| {
        rates.s3.stall = 0.3;
        rates.s3.stall_for = Duration::from_secs(2);
    });
    assert_eq!((account.repeats, account.set_aside), (0, BTreeMap::new()));
}

#[test]
fn bodies_that_stall_for_ever_are_given_up_and_read_on() {
    let account = struck(20, |rates| {
        rates.s3.stall = 0.1;
        rates.s3.stall_for = Duration::from_secs(600);
    });
    assert_eq!((account.repeats, account.set_aside), (0, BTreeMap::new()));
}

#[test]
fn bucket_that_moves_is_followed() {
    let account = struck(1, |rates| rates.s3.redirect = 0.5);
    assert_eq!((account.repeats, account.set_aside), (0, BTreeMap::new()));
}

#[test]
fn changed_byte_is_set_aside_as_corrupt_and_never_passed_on() {
    let account = struck(50, |rates| rates.s3.corrupted = 0.3);
    assert!(!account.set_aside.is_empty());
    let fits = |reason: &String| {
        ["gzip", "truncated", "trailing_bytes", "not_json"].contains(&reason.as_str())
    };
    assert!(account.set_aside.keys().all(fits), "{account:?}");
}

#[test]
fn body_with_too_short_a_length_is_set_aside() {
    let account = struck(50, |rates| rates.s3.wrong_length = 0.3);
    assert!(account.set_aside.keys().all(|reason| reason == "truncated"), "{account:?}");
}
