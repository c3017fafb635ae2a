use super::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

#[tokio::test(start_paused = true)]
async fn job_waits_in_virtual_time() {
    let begun = Instant::now();
    let job = Lockstep::start(|baton| {
        baton.on(async { sleep(Duration::from_secs(3600)).await })?;
        baton.on(async { 7 })
    });
    assert_eq!(job.await, Some(Some(7)));
    assert!(begun.elapsed() >= Duration::from_secs(3600));
}

#[tokio::test(start_paused = true)]
async fn job_that_is_given_up_ends_before_the_drop_returns() {
    let ended = Arc::new(AtomicBool::new(false));
    let tell = Arc::clone(&ended);
    let job = Lockstep::start(move |baton| {
        let answers = [baton.on(std::future::pending::<()>()), baton.on(async {})];
        tell.store(answers == [None, None], Ordering::SeqCst);
    });
    assert!(timeout(Duration::from_secs(1), job).await.is_err());
    assert!(ended.load(Ordering::SeqCst), "both waits were given up");
}

#[tokio::test]
async fn job_that_panics_has_no_result() {
    let job = Lockstep::start(|_baton| panic!("as it was told"));
    assert_eq!(job.await, None::<()>);
}
