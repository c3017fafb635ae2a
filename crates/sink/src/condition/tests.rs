use super::*;

fn retry() -> WriteError {
    WriteError::Retry { after: None, source: "busy".into() }
}

fn pause() -> WriteError {
    WriteError::Pause { source: "no permission".into() }
}

#[tokio::test(start_paused = true)]
async fn one_success_among_failing_writes_does_not_hide_them() {
    let troubles = Troubles::new("lake", Jitter::default());
    let condition = troubles.condition();
    let mut failing = troubles.of_a_write();
    failing.wait(&retry()).await;
    troubles.of_a_write().over();
    assert!(matches!(*condition.borrow(), Condition::Retrying { .. }));
    failing.over();
    assert_eq!(*condition.borrow(), Condition::Accepting);
}

#[tokio::test(start_paused = true)]
async fn graver_fault_is_the_one_shown() {
    let troubles = Troubles::new("lake", Jitter::default());
    let condition = troubles.condition();
    let (mut first, mut second) = (troubles.of_a_write(), troubles.of_a_write());
    first.wait(&pause()).await;
    second.wait(&retry()).await;
    let reason = condition.borrow().reason().map(str::to_owned);
    let expect = "the sink refuses everything until it is set right: no permission";
    assert_eq!(reason.as_deref(), Some(expect));
    first.wait(&retry()).await;
    assert!(matches!(*condition.borrow(), Condition::Retrying { .. }));
}

#[tokio::test(start_paused = true)]
async fn write_dropped_in_trouble_does_not_pass_for_a_success() {
    let troubles = Troubles::new("lake", Jitter::default());
    let condition = troubles.condition();
    let mut dropped = troubles.of_a_write();
    dropped.wait(&pause()).await;
    drop(dropped);
    assert!(matches!(*condition.borrow(), Condition::Paused { .. }));
    troubles.of_a_write().over();
    assert_eq!(*condition.borrow(), Condition::Accepting);
}

#[tokio::test(start_paused = true)]
async fn trouble_keeps_its_beginning_while_its_reason_changes() {
    let troubles = Troubles::new("lake", Jitter::default());
    let condition = troubles.condition();
    let mut failing = troubles.of_a_write();
    failing.wait(&retry()).await;
    let before = condition.borrow().clone();
    failing.wait(&WriteError::Split { source: "other".into() }).await;
    let after = condition.borrow().clone();
    let (Condition::Retrying { since: first, .. }, Condition::Retrying { since, reason }) =
        (before, after)
    else {
        panic!("not retrying");
    };
    assert_eq!(first, since);
    assert!(reason.ends_with("other"), "{reason}");
}

#[test]
fn jitter_spreads_over_the_whole_range() {
    let jitter = Jitter::default();
    let fractions: Vec<f64> = (0..10_000).map(|_| jitter.fraction()).collect();
    assert!(fractions.iter().all(|fraction| (0.0..1.0).contains(fraction)));
    for tenth in 0..10 {
        let range = f64::from(tenth) / 10.0..f64::from(tenth + 1) / 10.0;
        let count = fractions.iter().filter(|fraction| range.contains(fraction)).count();
        assert!((800..1_200).contains(&count), "{count} in {range:?}");
    }
}

#[test]
fn delays_double_up_to_the_most() {
    assert_eq!(doubled(RETRY_BASE, 0, MOST_DELAY), Duration::from_millis(250));
    assert_eq!(doubled(RETRY_BASE, 3, MOST_DELAY), Duration::from_secs(2));
    assert_eq!(doubled(PAUSE_BASE, 3, MOST_DELAY), Duration::from_secs(40));
    for times in [4, 31, 32, 1_000, u32::MAX] {
        assert_eq!(doubled(PAUSE_BASE, times, MOST_DELAY), MOST_DELAY);
    }
}
