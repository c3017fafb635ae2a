//! Threads that jobs run on, one job after the other: to start a thread takes longer than most jobs.

use super::{Asked, put};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

thread_local! {
    /// Threads without a job, kept by the thread whose jobs they ran.
    static IDLE: RefCell<Vec<Thread>> = const { RefCell::new(Vec::new()) };
}

/// A thread that runs jobs, as its owner sees it. Dropped, it ends after its job.
pub(super) struct Thread(Arc<Table>);

/// Where a job and its task speak to each other, in turns.
#[derive(Default)]
pub(super) struct Table {
    to_job: Slot<Told>,
    to_task: Slot<Said>,
}

/// What a thread is told.
enum Told {
    Run(Box<dyn FnOnce() + Send>),
    /// What its job waits for is ready, or is given up.
    GoOn,
    Leave,
}

/// What a job says.
pub(super) enum Said {
    Asks(Asked),
    /// It has returned, or panicked.
    Ended,
}

impl Thread {
    /// An idle thread, or else a new one. `None`: the system has no more.
    pub(super) fn idle() -> Option<Self> {
        let idle = IDLE.with_borrow_mut(Vec::pop);
        idle.or_else(|| {
            let table = Arc::<Table>::default();
            let seat = Arc::clone(&table);
            let started = std::thread::Builder::new().spawn(move || seat.run_jobs());
            started.ok().map(|_detached| Self(table))
        })
    }

    /// Keeps it for the next job.
    pub(super) fn give_back(self) {
        // An error: this thread ends. Then that one ends too, as it is dropped.
        let _ = IDLE.try_with(|idle| idle.borrow_mut().push(self));
    }

    pub(super) fn run(&self, job: impl FnOnce(Arc<Table>) + Send + 'static) {
        let table = Arc::clone(&self.0);
        self.0.to_job.put(Told::Run(Box::new(|| job(table))));
    }

    pub(super) fn go_on(&self) {
        self.0.to_job.put(Told::GoOn);
    }

    /// Blocks until the job's turn is over.
    pub(super) fn hear(&self) -> Said {
        self.0.to_task.take()
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.0.to_job.put(Told::Leave);
    }
}

impl Table {
    /// Asks for something in a job, and blocks until the job is to go on.
    pub(super) fn ask(&self, asked: Asked) {
        self.to_task.put(Said::Asks(asked));
        self.to_job.take();
    }

    fn run_jobs(&self) {
        while let Told::Run(job) = self.to_job.take() {
            // A panic shows in the result that is missing.
            drop(catch_unwind(AssertUnwindSafe(job)));
            self.to_task.put(Said::Ended);
        }
    }
}

/// Holds one value from when one thread puts it there until the other takes it.
struct Slot<T> {
    value: Mutex<Option<T>>,
    filled: Condvar,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self { value: Mutex::default(), filled: Condvar::default() }
    }
}

impl<T> Slot<T> {
    fn put(&self, value: T) {
        put(&self.value, value);
        self.filled.notify_one();
    }

    /// Blocks until there is a value.
    fn take(&self) -> T {
        let mut value = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(value) = value.take() {
                return value;
            }
            value = self.filled.wait(value).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
