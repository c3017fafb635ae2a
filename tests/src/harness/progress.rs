//! Work that may take minutes says so while it lasts.

use std::io::{self, Write as _};
use std::pin::pin;
use std::time::{Duration, Instant};

/// Is told what is being worked on: at the beginning and every second from then on.
pub trait Progress: Sync {
    /// `on` has been worked on for as long as `since`.
    fn working(&self, on: &str, since: Duration);
}

/// Lines on standard error, of work that takes more than a second.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lines;

impl Progress for Lines {
    fn working(&self, on: &str, since: Duration) {
        if is_worth_a_line(since.as_secs()) {
            // Nothing can be done about a standard error that is closed.
            drop(writeln!(io::stderr(), "{on} ({} s)", since.as_secs()));
        }
    }
}

/// The first second, and then every tenth.
fn is_worth_a_line(seconds: u64) -> bool {
    seconds == 1 || (seconds > 0 && seconds.is_multiple_of(10))
}

/// Does `work`, and tells `progress` of it.
pub(crate) async fn watch<T>(
    progress: &dyn Progress,
    on: &str,
    work: impl Future<Output = T>,
) -> T {
    let started = Instant::now();
    let mut work = pin!(work);
    loop {
        progress.working(on, started.elapsed());
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_of_less_than_a_second_is_not_spoken_of() {
        let lines: Vec<u64> = (0..=30).filter(|second| is_worth_a_line(*second)).collect();
        assert_eq!(lines, [1, 10, 20, 30]);
    }
}
