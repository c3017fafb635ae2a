use super::*;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
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

async fn thread_of_a_job() -> Option<std::thread::ThreadId> {
    Lockstep::start(|_baton| std::thread::current().id()).await
}

#[tokio::test]
async fn jobs_one_after_the_other_run_on_one_thread() {
    let first = thread_of_a_job().await;
    assert_ne!(first, Some(std::thread::current().id()));
    assert_eq!(Lockstep::start(|_baton| panic!("as it was told")).await, None::<()>);
    drop(Lockstep::start(|baton| baton.on(std::future::pending::<()>())));
    assert_eq!(thread_of_a_job().await, first);
}

#[tokio::test]
async fn jobs_at_the_same_time_run_on_a_thread_each() {
    let waits = || {
        Lockstep::start(|baton| {
            baton.on(tokio::task::yield_now());
            std::thread::current().id()
        })
    };
    thread_of_a_job().await;
    let (first, second) = tokio::join!(waits(), waits());
    assert_ne!(first, second);
}

thread_local! {
    /// Dropped when its thread ends.
    static ALIVE: Cell<Option<SyncSender<()>>> = const { Cell::new(None) };
}

#[test]
fn idle_threads_end_with_the_thread_whose_jobs_they_ran() {
    let (alive, ends) = sync_channel(1);
    let ran = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(Lockstep::start(|_baton| ALIVE.set(Some(alive))))
    });
    assert_eq!(ran.join().unwrap(), Some(()));
    let ended = ends.recv_timeout(Duration::from_secs(10));
    assert_eq!(ended, Err(RecvTimeoutError::Disconnected));
}
