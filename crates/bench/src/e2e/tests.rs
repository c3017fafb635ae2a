//! That the runner works, with whatever daemon is at hand: how fast it is does not matter here.

use std::path::PathBuf;

use clap::Parser as _;

use super::*;

/// The daemon that a build of the workspace has left beside this test: `traild` itself, or the
/// demo, which is the daemon too.
fn daemon() -> Option<Binary> {
    let test = std::env::current_exe().ok()?;
    let folder = test.parent()?.parent()?;
    let candidates = [("traild", &[][..]), ("demo", &["traild"][..])];
    candidates.into_iter().find_map(|(name, arguments)| {
        let path: PathBuf = folder.join(name);
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        path.is_file().then_some(Binary { path, arguments })
    })
}

fn quickly(scenarios: &[&str]) -> Option<Vec<Done>> {
    let Some(daemon) = daemon() else {
        #[expect(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("skipped: no daemon was built beside this test");
        }
        return None;
    };
    let mut words = vec!["bench-e2e", "--quick"];
    words.extend(scenarios.iter().flat_map(|name| ["--scenario", name]));
    let options = Options::parse_from(words);
    let mut bench = Bench::new(daemon, &options).unwrap();
    Some(rounds(&mut bench, &options.chosen().unwrap(), options.runs).unwrap())
}

#[test]
fn every_event_arrives_once_and_the_figures_are_of_it() {
    let Some(done) = quickly(&["large", "hundred"]) else { return };
    for done in &done {
        assert_eq!(done.failure, None, "{}", done.scenario);
        let Some(Figures::Drained(figures)) = &done.median else { panic!("{done:?}") };
        assert!(figures.wall_s > 0.0 && figures.cpu_s > 0.0, "{figures:?}");
        assert!(figures.peak_mib > 1.0 && figures.syscr_and_syscw > 0, "{figures:?}");
        assert!(figures.lag_p50_ms <= figures.lag_p99_ms, "{figures:?}");
        assert!(figures.gets >= figures.objects as u64, "{figures:?}");
    }
    let asks = asks(&done);
    assert!(asks.iter().any(|ask| ask.about.starts_with("hundred")), "{asks:?}");
}

#[test]
fn a_daemon_that_starts_is_timed() {
    let Some(done) = quickly(&["start-up"]) else { return };
    let Some(Figures::Started { first_receive_ms }) = done[0].median else { panic!("{done:?}") };
    assert!(first_receive_ms > 0.0);
}

#[test]
fn a_program_that_is_no_daemon_is_a_failure() {
    let options = Options::parse_from(["bench-e2e", "--quick", "--scenario", "hundred"]);
    let ends =
        Binary { path: PathBuf::from("/bin/sh"), arguments: vec!["-c".into(), "exit 3".into()] };
    let mut bench = Bench::new(ends, &options).unwrap();
    let done = rounds(&mut bench, &options.chosen().unwrap(), 2).unwrap();
    assert!(done[0].median.is_none());
    assert!(done[0].failure.as_ref().unwrap().contains("ended by itself"));
}

#[test]
fn no_two_scenarios_have_a_name_and_an_unknown_one_is_told() {
    for quick in [true, false] {
        let mut names: Vec<_> = scenarios(quick).iter().map(|scenario| scenario.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
    let options = Options::parse_from(["bench-e2e", "--scenario", "nonsense"]);
    assert!(options.chosen().unwrap_err().to_string().contains("nonsense"));
}

#[test]
fn what_was_written_by_hand_stays_on_the_page() {
    let page = format!("# Figures\n| old |\n{BY_HAND}\nWhy it is so.\n");
    assert_eq!(by_hand(&page), format!("{BY_HAND}\nWhy it is so.\n"));
    assert_eq!(by_hand("# Figures\n"), "");
}
