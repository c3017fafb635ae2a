//! Steps on standard error: a moving line while one lasts, a lasting line when it is done.

use crate::harness::progress::{Lines, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal as _, Write};
use std::path::Path;
use std::time::{Duration, Instant};

const TICK: Duration = Duration::from_millis(100);

/// A line for people.
pub(super) fn say(to: &mut impl Write, line: &str) {
    // Nothing can be done about a terminal that is closed.
    drop(writeln!(to, "{line}"));
}

/// A path as one would write it from here.
pub(super) fn relative(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}

/// A step that is being done. Where nobody watches, it says nothing until it takes long.
#[derive(Debug)]
pub(super) struct Step {
    bar: ProgressBar,
    started: Instant,
}

impl Step {
    /// One whose end is not known.
    pub(super) fn begin(what: &str) -> Self {
        Self::with(ProgressBar::new_spinner(), "{spinner} {msg}", what)
    }

    /// One with so many parts.
    pub(super) fn counted(what: &str, parts: usize) -> Self {
        let bar = ProgressBar::new(parts as u64);
        Self::with(bar, "{spinner} {msg} {bar:30} {human_pos} of {human_len}", what)
    }

    fn with(bar: ProgressBar, template: &str, what: &str) -> Self {
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(TICK);
        Self { bar, started: Instant::now() }
    }

    /// So many parts are done.
    pub(super) fn reached(&self, parts: u64) {
        self.bar.set_position(parts);
    }

    /// One part more is done.
    pub(super) fn advance(&self) {
        self.bar.inc(1);
    }

    /// It is done, with this result.
    pub(super) fn done(self, result: &str) {
        let seconds = self.started.elapsed().as_secs_f64();
        self.bar.finish_and_clear();
        say(&mut io::stderr(), &format!("[{seconds:5.1} s] {result}"));
    }
}

impl Progress for Step {
    fn working(&self, on: &str, since: Duration) {
        if !io::stderr().is_terminal() {
            Lines.working(on, since);
        } else if since.as_secs() == 0 {
            self.bar.set_message(on.to_owned());
        } else {
            self.bar.set_message(format!("{on} ({} s)", since.as_secs()));
        }
    }
}

impl Drop for Step {
    /// An interrupted step leaves no line.
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
