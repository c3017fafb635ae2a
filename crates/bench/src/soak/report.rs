//! What people see: the verdict, and the page beside the chart.

use std::fmt::Write as _;

use super::outcome::Outcome;
use super::world::{BUDGET_MIB, SINKS};

/// The verdict, for a terminal.
pub(super) fn verdict(outcome: &Outcome) -> String {
    let mut text = String::new();
    for (name, value) in figures(outcome) {
        line(&mut text, format_args!("{name:<46} {value}"));
    }
    text.push('\n');
    for finding in &outcome.findings {
        let word = if finding.holds { "holds" } else { "FAILS" };
        let (about, asked, seen) = (&finding.about, &finding.asked, &finding.seen);
        line(&mut text, format_args!("{word}  {about}: {seen} (asked: {asked})"));
    }
    text
}

/// The page, in Markdown.
pub(super) fn page(outcome: &Outcome, chart: &str) -> String {
    let machine = &outcome.machine;
    let mut text = format!(
        "# The soak\n\n    {}\n\n{}: {}, {} cores, {} MiB, Linux {}, load {} before the run; \
         commit {}.\n\n![Resident memory, events a second and lag over time]({chart})\n\n",
        outcome.command,
        machine.date,
        machine.processor,
        machine.cores,
        machine.memory_mib,
        machine.kernel,
        machine.load,
        machine.commit,
    );
    line(
        &mut text,
        format_args!(
            "The release binary reads log files of 5, 100, 16,000 and 128,000 events (200 MB) as fast as \
             it can, with a budget of {BUDGET_MIB} MiB and a file sink for each of {}. S3 and SQS are in memory, \
             on the same machine, and so is what makes the files and reads what the sinks wrote. From the \
             first mark on, calls of S3 and SQS fail in every way that `S3Faults` and `SqsFaults` \
             name, at 0.1 to 0.5 % each. The daemon is stopped once for three visibility timeouts (SIGSTOP) \
             and killed twice (kill -9); its memory begins anew then.\n",
            SINKS.join(", ")
        ),
    );
    text.push_str("| figure | |\n|---|---|\n");
    for (name, value) in figures(outcome) {
        line(&mut text, format_args!("| {name} | {value} |"));
    }
    text.push_str("\n| asked | seen | limit | |\n|---|---|---|---|\n");
    for finding in &outcome.findings {
        let word = if finding.holds { "holds" } else { "**fails**" };
        let (about, asked, seen) = (&finding.about, &finding.asked, &finding.seen);
        line(&mut text, format_args!("| {about} | {seen} | {asked} | {word} |"));
    }
    text
}

fn figures(outcome: &Outcome) -> Vec<(&'static str, String)> {
    let accounts = &outcome.accounts;
    let daemon = &outcome.totals;
    let seconds = outcome.samples.last().map_or(1.0, |last| last.at_s);
    let sent_again = outcome.received.saturating_sub(accounts.objects);
    vec![
        ("seconds", format!("{seconds:.0}")),
        ("objects", accounts.objects.to_string()),
        ("events", accounts.events.to_string()),
        ("events a second, all of it", format!("{:.0}", accounts.events as f64 / seconds)),
        ("CPU of the daemon, cores", format!("{:.2}", outcome.daemon_cpu_s / seconds)),
        ("CPU of S3, SQS, load and check, cores", format!("{:.2}", outcome.own_cpu_s / seconds)),
        ("faults that struck", outcome.faults.to_string()),
        ("objects set aside, by reason", format!("{:?}", outcome.letters)),
        ("set aside again after they had arrived", format!("{:?}", outcome.late_letters)),
        ("lines in the sinks", accounts.lines.to_string()),
        ("of these, events that came again", accounts.repeats.to_string()),
        ("messages received beyond the first time", sent_again.to_string()),
        (
            "holds lost, deletes lost, released",
            format!("{}, {}, {}", daemon.holds_lost, daemon.deletes_lost, daemon.released),
        ),
    ]
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a `String` does not fail.
    writeln!(text, "{line}").unwrap_or_default();
}
