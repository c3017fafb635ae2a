//! `cargo demo`: what traild does, shown on a made-up trail in a `LocalStack`.
//!
//! In reading order: [`Options`] is what can be asked for, `tour` tells the story, with `world`
//! (the server and what is put into it), `ingestion` (the daemon at work), `arrival` and
//! `verdict` (whether all of it arrived), `summary` and `keep` (what people see then); `display` shows that it goes on.

mod arrival;
mod display;
mod ingestion;
mod keep;
mod options;
mod summary;
mod tour;
mod verdict;
mod world;

pub use options::Options;

use display::{Step, say};
use std::io;
use std::process::ExitCode;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// Shows it. `arguments` are without the program's name.
pub fn main(arguments: impl Iterator<Item = String>) -> ExitCode {
    let options = match Options::parse(arguments) {
        Ok(Some(options)) => options,
        Ok(None) => {
            say(&mut io::stdout(), options::HELP);
            return ExitCode::SUCCESS;
        }
        Err(wrong) => {
            say(&mut io::stderr(), &format!("demo: {wrong}\n\n{}", options::HELP));
            return ExitCode::from(2);
        }
    };
    match block_on(until_interrupted(tour::tour(options))) {
        Ok(Some(())) => ExitCode::SUCCESS,
        Ok(None) => {
            say(&mut io::stderr(), "interrupted: the daemon and LocalStack are stopped");
            ExitCode::from(130)
        }
        Err(error) => {
            say(&mut io::stderr(), &format!("demo: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// `None` after Ctrl-C or SIGTERM: what `tour` held, processes included, is gone then.
async fn until_interrupted(
    tour: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<Option<()>> {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut tour = Box::pin(tour);
    tokio::select! {
        done = &mut tour => return done.map(Some),
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    // LocalStack takes some seconds to stop.
    let _step = Step::begin("stopping");
    drop(tour);
    Ok(None)
}

fn block_on<T>(future: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(future);
    // A request that still waits for its answer is of no use to anybody any more.
    runtime.shutdown_timeout(Duration::ZERO);
    result
}
