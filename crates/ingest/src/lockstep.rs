//! A job that blocks, on a thread of its own, in lockstep with the task that waits for it: at any
//! moment either of the two runs. What the job waits for is polled by the task, so nothing depends on
//! how fast threads are.

use std::pin::Pin;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::thread::JoinHandle;

/// Something the job waits for. It keeps its own output.
type Asked = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The task's end. Dropped, it gives the job up and waits for the end of its thread.
pub(crate) struct Lockstep<T> {
    /// Tells the job that what it asked for is ready. `None` gives it up.
    ready: Option<SyncSender<()>>,
    /// What the job asks for. It closes when the job ends.
    questions: Option<Receiver<Asked>>,
    asked: Option<Asked>,
    thread: Option<JoinHandle<T>>,
}

/// The job's end.
pub(crate) struct Baton(Mutex<Option<Ends>>);

struct Ends {
    questions: SyncSender<Asked>,
    ready: Receiver<()>,
}

impl<T: Send + 'static> Lockstep<T> {
    /// Starts the job; it runs until it first asks for something before the task goes on.
    pub(crate) fn start(job: impl FnOnce(Baton) -> T + Send + 'static) -> Self {
        let (ask, questions) = sync_channel(1);
        let (answer, ready) = sync_channel(1);
        let baton = Baton(Mutex::new(Some(Ends { questions: ask, ready })));
        let thread = std::thread::Builder::new().spawn(move || job(baton)).ok();
        Self { ready: Some(answer), questions: Some(questions), asked: None, thread }
    }
}

impl<T> Future for Lockstep<T> {
    /// `None`: the job panicked.
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            if let Some(asked) = &mut self.asked {
                ready!(asked.as_mut().poll(context));
                self.asked = None;
                let told = self.ready.as_ref().map(|ready| ready.send(()));
                debug_assert!(matches!(told, Some(Ok(()))), "the job waits for its answer");
            }
            self.asked = self.questions.as_ref().and_then(|questions| questions.recv().ok());
            if self.asked.is_none() {
                let thread = self.thread.take();
                return Poll::Ready(thread.and_then(|thread| thread.join().ok()));
            }
        }
    }
}

impl<T> Drop for Lockstep<T> {
    fn drop(&mut self) {
        self.asked = None;
        self.questions = None;
        self.ready = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
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
        let (keep, kept) = sync_channel(1);
        let asked: Asked = Box::pin(async move { drop(keep.try_send(future.await)) });
        let mut ends = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answered = ends
            .as_ref()
            .is_some_and(|ends| ends.questions.send(asked).is_ok() && ends.ready.recv().is_ok());
        if !answered {
            *ends = None;
        }
        kept.try_recv().ok()
    }
}

#[cfg(test)]
mod tests;
