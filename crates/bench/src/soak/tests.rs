use std::path::PathBuf;

use clap::Parser as _;

use super::*;

/// Where a release build of the daemon is, if there is one.
fn built() -> Option<PathBuf> {
    let test = std::env::current_exe().ok()?;
    let target = test.ancestors().nth(3)?;
    let binary = target.join("release/traild");
    binary.is_file().then_some(binary)
}

#[test]
fn a_few_seconds_with_all_faults_lose_nothing() {
    let Some(binary) = built() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let options = Options::parse_from(["soak", "--minutes", "0.2"]);
    let options = Options {
        binary: Some(binary),
        json: Some(file("soak.json")),
        chart: Some(file("soak.svg")),
        page: Some(file("soak.md")),
        ..options
    };
    assert!(run(&options).unwrap());
    for name in ["soak.json", "soak.svg", "soak.md"] {
        assert!(file(name).metadata().unwrap().len() > 1_000, "{name}");
    }
}
