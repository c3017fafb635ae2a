//! What is printed while scenarios run.

use std::io::{self, Write as _};

use super::asks::Ask;
use super::bench::Done;
use super::figures::{Drained, Figures};
use super::floor::Floor;
use super::scenario::Scenario;

/// The names of the columns, and the figures under them, in one place.
pub(super) const COLUMNS: [&str; 14] = [
    "scenario",
    "wall s",
    "events/s",
    "MB/s",
    "CPU s",
    "µs/event",
    "µs/object",
    "events/CPU s",
    "of inflate",
    "of bare",
    "peak MiB",
    "syscr+syscw",
    "p50 ms",
    "p99 ms",
];

/// The scenarios there are.
pub(super) fn list(scenarios: &[Scenario]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for scenario in scenarios {
        let lacks = scenario.lacks().map(|lacks| format!(" ({lacks})")).unwrap_or_default();
        writeln!(out, "{:16}{}{lacks}", scenario.name, scenario.about)?;
    }
    Ok(())
}

/// What the machine allows.
pub(super) fn floor(floor: &Floor) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for (name, speed) in floor_lines(floor) {
        writeln!(out, "{name:36}{speed}")?;
    }
    writeln!(out)
}

/// The lines of the floor, for people.
pub(super) fn floor_lines(floor: &Floor) -> [(&'static str, String); 4] {
    let say = |speed: Option<f64>, without: &str| {
        speed.map_or_else(|| without.to_owned(), |speed| format!("{speed:.0} MB/s"))
    };
    let not = "not measured";
    [
        ("inflation in one shot", say(floor.one_shot_mb_per_s, not)),
        ("inflation in one shot, and split", say(floor.split_mb_per_s, not)),
        ("inflation as a stream", say(floor.streaming_mb_per_s, not)),
        ("zcat | jq -c '.Records[]'", say(floor.jq_mb_per_s, "not measured, or not installed")),
    ]
}

/// The names of the columns.
pub(super) fn head() -> io::Result<()> {
    line(COLUMNS.map(str::to_owned))
}

/// The last run of a scenario: its figures, or why there are none.
pub(super) fn run(done: &Done) -> io::Result<()> {
    match (&done.failure, done.runs.last()) {
        (Some(failure), _) => {
            writeln!(io::stdout(), "{:18}FAILED: {failure}", done.scenario)
        }
        (None, Some(run)) => figures(format!("{} {}", done.scenario, done.runs.len()), run),
        (None, None) => Ok(()),
    }
}

/// What is said when all has run: medians, and what was not run.
pub(super) fn rest(done: &[Done]) -> io::Result<()> {
    for done in done {
        if let Some(median) = done.median.as_ref().filter(|_| done.runs.len() > 1) {
            figures(format!("{} =", done.scenario), median)?;
        }
        if let Some(skipped) = &done.skipped {
            writeln!(io::stdout(), "{:18}not run: {skipped}", done.scenario)?;
        }
    }
    Ok(())
}

fn figures(name: String, figures: &Figures) -> io::Result<()> {
    match figures {
        Figures::Drained(drained) => {
            line(row(name, drained))?;
            if let Some(calls) = drained.system_calls {
                let objects = calls as f64 / drained.objects as f64;
                writeln!(io::stdout(), "{:18}{calls} system calls, {objects:.0} an object", "")?;
            }
            Ok(())
        }
        Figures::Started { .. } | Figures::Idle(_) => {
            writeln!(io::stdout(), "{name:18}{}", at_rest(figures).unwrap_or_default())
        }
    }
}

/// The figures of a trail in the order of [`COLUMNS`].
pub(super) fn row(name: String, drained: &Drained) -> [String; COLUMNS.len()] {
    let part = |part: Option<f64>| part.map_or_else(|| "-".to_owned(), |part| format!("{part:.2}"));
    let of_bare = drained.bare_mb_per_s.map(|bare| drained.mb_per_cpu_s / bare);
    let of_inflation = drained.inflation_mb_per_s.map(|alone| drained.mb_per_cpu_s / alone);
    [
        name,
        format!("{:.2}", drained.wall_s),
        format!("{:.0}", drained.events_per_s),
        format!("{:.0}", drained.mb_per_s),
        format!("{:.2}", drained.cpu_s),
        format!("{:.2}", drained.cpu_us_per_event),
        format!("{:.0}", drained.cpu_us_per_object),
        format!("{:.0}", drained.events_per_cpu_s),
        part(of_inflation),
        part(of_bare),
        format!("{:.0}", drained.peak_mib),
        drained.syscr_and_syscw.to_string(),
        format!("{:.0}", drained.lag_p50_ms),
        format!("{:.0}", drained.lag_p99_ms),
    ]
}

/// The figures of a daemon without work, as a sentence.
pub(super) fn at_rest(figures: &Figures) -> Option<String> {
    match figures {
        Figures::Drained(_) => None,
        Figures::Started { first_receive_ms } => {
            Some(format!("{first_receive_ms:.1} ms from the start to the first receive"))
        }
        Figures::Idle(idle) => Some(format!(
            "in {:.0} s {:.1} ms of CPU, {} reads and writes (syscr+syscw), {} sleeps, {} receives; \
             {:.0} MiB resident",
            idle.wall_s,
            idle.cpu_ms,
            idle.syscr_and_syscw,
            idle.sleeps,
            idle.receives,
            idle.peak_mib
        )),
    }
}

/// What is asked for.
pub(super) fn asks(asks: &[Ask]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out)?;
    for Ask { about, asked, measured, rounds, bare, holds } in asks {
        let mut verdict = if *holds { String::new() } else { "  NOT ENOUGH".to_owned() };
        if let Some(bare) = bare {
            verdict = format!("  bare work {bare}{verdict}");
        }
        if let Some(rounds) = rounds {
            verdict = format!("  ({rounds}){verdict}");
        }
        writeln!(out, "{about:64}{asked:>18}{measured:>10}{verdict}")?;
    }
    Ok(())
}

fn line(cells: [String; COLUMNS.len()]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for (number, cell) in cells.iter().enumerate() {
        if number == 0 {
            write!(out, "{cell:18}")?;
        } else {
            write!(out, "{cell:>13}")?;
        }
    }
    writeln!(out)
}
