//! A job that blocks, on a thread of its own, in lockstep with the task that waits for it: at any
//! moment either of the two runs. What the job waits for is polled by the task, so nothing depends on
//! how fast threads are.

mod thread;

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use thread::{Said, Table, Thread};

/// The task's end. Dropped, it gives the job up and waits for its end.
pub(crate) struct Lockstep<T> {
    /// Where the job runs, until it has ended.
    thread: Option<Thread>,
    /// What the job waits for. `None` while it is the job's turn.
    asked: Option<Asked>,
    result: Arc<Mutex<Option<T>>>,
}

/// Something the job waits for. It keeps its own output.
type Asked = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The job's end.
pub(crate) struct Baton(Arc<Table>);

impl<T: Send + 'static> Lockstep<T> {
    /// Starts the job; it runs until it first asks for something before the task goes on.
    pub(crate) fn start(job: impl FnOnce(Baton) -> T + Send + 'static) -> Self {
        let result = Arc::default();
        let keep = Arc::clone(&result);
        let thread = Thread::idle();
        if let Some(thread) = &thread {
            thread.run(move |table| put(&keep, job(Baton(table))));
        }
        Self { thread, asked: None, result }
    }
}

impl<T> Lockstep<T> {
    /// The job's turn, until it asks for something or has ended.
    fn go_on(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        if self.asked.take().is_some() {
            thread.go_on();
        }
        match thread.hear() {
            Said::Asks(asked) => {
                self.asked = Some(asked);
                self.thread = Some(thread);
            }
            Said::Ended => thread.give_back(),
        }
    }
}

impl<T> Future for Lockstep<T> {
    /// `None`: the job panicked.
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        while self.thread.is_some() {
            if let Some(asked) = &mut self.asked {
                ready!(asked.as_mut().poll(context));
            }
            self.go_on();
        }
        Poll::Ready(take(&self.result))
    }
}

impl<T> Drop for Lockstep<T> {
    fn drop(&mut self) {
        while self.thread.is_some() {
            self.go_on();
        }
    }
}

impl Baton {
    /// Blocks until the task has seen the future ready. `None`: the job was given up.
    pub(crate) fn on<F>(&self, future: F) -> Option<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send,
    {
        let kept = Arc::default();
        let keep = Arc::clone(&kept);
        self.0.ask(Box::pin(async move { put(&keep, future.await) }));
        take(&kept)
    }
}

fn put<T>(place: &Mutex<Option<T>>, value: T) {
    *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
}

fn take<T>(place: &Mutex<Option<T>>) -> Option<T> {
    place.lock().unwrap_or_else(PoisonError::into_inner).take()
}

#[cfg(test)]
mod tests;
