use super::*;

const BASE: Duration = Duration::from_millis(100);
const CEILING: Duration = Duration::from_secs(5);

#[test]
fn waits_lie_between_a_quarter_and_the_whole_of_a_ceiling_that_doubles() {
    let mut backoff = Backoff::new(&Jitter::default(), BASE, CEILING);
    for attempt in 0..100 {
        let ceiling = BASE.saturating_mul(1 << attempt.min(20)).min(CEILING);
        let wait = backoff.next();
        assert!(wait >= ceiling.mul_f64(0.249), "{wait:?} of {ceiling:?}");
        assert!(wait <= ceiling, "{wait:?} of {ceiling:?}");
    }
}

#[test]
fn two_that_wait_for_the_same_do_not_wait_alike() {
    let waits = || {
        let mut backoff = Backoff::new(&Jitter::default(), BASE, CEILING);
        [backoff.next(), backoff.next(), backoff.next(), backoff.next()]
    };
    assert_ne!(waits(), waits());
}

#[test]
fn reset_begins_anew() {
    let mut backoff = Backoff::new(&Jitter::default(), BASE, CEILING);
    for _ in 0..50 {
        assert!(!backoff.next().is_zero());
    }
    backoff.reset();
    assert!(backoff.next() <= BASE);
}

#[test]
fn the_longest_times_do_not_overflow() {
    let mut backoff =
        Backoff::new(&Jitter::default(), Duration::MAX, Duration::from_secs(u64::from(u32::MAX)));
    backoff.attempt = u32::MAX;
    assert!(backoff.next() > Duration::ZERO);
    assert_eq!(backoff.attempt, u32::MAX);
}
