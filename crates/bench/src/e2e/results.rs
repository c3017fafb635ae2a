//! The page of results, in Markdown.

use std::fmt::Write as _;

use super::report::{COLUMNS, at_rest, floor_lines, row};
use super::{Ask, Outcome};
use crate::e2e::figures::Figures;

/// The whole page. `command` is what was called.
///
/// # Errors
/// None: a `String` takes all that is written to it.
pub(super) fn page(outcome: &Outcome, command: &str) -> Result<String, std::fmt::Error> {
    let mut page = String::new();
    head(&mut page, outcome, command)?;
    writeln!(
        page,
        "## What is asked for\n\n| | asked | measured | of the rounds | bare work | holds |\n\
         |---|---|---|---|---|---|"
    )?;
    for ask in &outcome.asks {
        let holds = if ask.holds { "yes" } else { "**no**" };
        let or_not = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let (rounds, bare) = (or_not(&ask.rounds), or_not(&ask.bare));
        let Ask { about, asked, measured, .. } = ask;
        writeln!(page, "| {about} | {asked} | {measured} | {rounds} | {bare} | {holds} |")?;
    }
    writeln!(page, "\n## What the machine allows\n\nOne file of 16,000 events on one core.\n")?;
    writeln!(page, "| | |\n|---|---|")?;
    for (name, speed) in floor_lines(&outcome.floor) {
        writeln!(page, "| {} | {speed} |", name.replace('|', "\\|"))?;
    }
    scenarios(&mut page, outcome)?;
    Ok(page)
}

fn head(page: &mut String, outcome: &Outcome, command: &str) -> std::fmt::Result {
    let machine = &outcome.machine;
    writeln!(
        page,
        "# Figures of the release binary\n\nWritten by `{command}`. [README.md](README.md) says what \
         is measured and how.\n\n| | |\n|---|---|"
    )?;
    writeln!(page, "| machine | {}, {} cores |", machine.processor, machine.cores)?;
    writeln!(page, "| memory | {} MiB |", machine.memory_mib)?;
    writeln!(page, "| kernel | Linux {} |", machine.kernel)?;
    writeln!(page, "| load when it began | {} |", machine.load)?;
    writeln!(page, "| commit | {} |", machine.commit)?;
    writeln!(page, "| date | {} |", machine.date)?;
    let runs = outcome.done.iter().map(|done| done.runs.len()).max().unwrap_or_default();
    writeln!(page, "| rounds | {runs}, medians are shown |\n")?;
    if machine.load.parse::<f64>().is_ok_and(|load| load > 1.0) {
        writeln!(
            page,
            "The machine had other work to do when this began: times may be longer than those of the \
             daemon alone.\n"
        )?;
    }
    Ok(())
}

fn scenarios(page: &mut String, outcome: &Outcome) -> std::fmt::Result {
    writeln!(page, "\n## Scenarios\n\n| {} |", COLUMNS.join(" | "))?;
    writeln!(page, "|---{}|", "|--:".repeat(COLUMNS.len() - 1))?;
    for done in &outcome.done {
        if let Some(Figures::Drained(drained)) = &done.median {
            writeln!(page, "| {} |", row(done.scenario.to_owned(), drained).join(" | "))?;
        }
    }
    writeln!(page)?;
    for done in &outcome.done {
        if let Some(sentence) = done.median.as_ref().and_then(at_rest) {
            writeln!(page, "- {}: {sentence}", done.scenario)?;
        }
        if let Some(skipped) = &done.skipped {
            writeln!(page, "- {}: not run: {skipped}", done.scenario)?;
        }
        if let Some(failure) = &done.failure {
            writeln!(page, "- {}: failed: {failure}", done.scenario)?;
        }
    }
    writeln!(page, "\n| scenario | what it is | system calls an object |\n|---|---|--:|")?;
    for done in &outcome.done {
        let calls = match &done.median {
            Some(Figures::Drained(drained)) => {
                drained.system_calls.map(|calls| calls as f64 / drained.objects as f64)
            }
            _ => None,
        };
        let calls = calls.map_or_else(|| "-".to_owned(), |calls| format!("{calls:.0}"));
        writeln!(page, "| {} | {} | {calls} |", done.scenario, done.about)?;
    }
    Ok(())
}
