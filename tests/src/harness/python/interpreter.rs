//! A Python that is here, of a version that will do.

use super::Environment;
use anyhow::bail;
use std::process::Stdio;
use tokio::process::Command;

/// What is asked, the usual one first.
const NAMES: [&str; 4] = ["python3", "python3.12", "python3.11", "python3.10"];
const OLDEST: u8 = 10;

/// The first Python that `environment` can be made with.
pub(super) async fn find(environment: &Environment) -> anyhow::Result<&'static str> {
    let &Environment { what, newest, otherwise, .. } = environment;
    let mut found = Vec::new();
    for name in NAMES {
        let Some(said) = version(name).await else {
            continue;
        };
        if is_suitable(&said, newest) {
            return Ok(name);
        }
        found.push(format!("{name} is {}", said.trim()));
    }
    let found = if found.is_empty() { "found none".to_owned() } else { found.join(", ") };
    let until = newest.map_or_else(|| " or newer".to_owned(), |newest| format!(" to 3.{newest}"));
    bail!("{what} needs Python 3.{OLDEST}{until} ({found}): install one{otherwise}")
}

/// What it says of itself, if it is there.
async fn version(name: &str) -> Option<String> {
    let mut command = Command::new(name);
    let command = command.arg("--version").stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// Whether this is the answer of a Python from the oldest to the newest.
fn is_suitable(said: &str, newest: Option<u8>) -> bool {
    let version = said.trim().strip_prefix("Python 3.").unwrap_or_default();
    let minor = version.split('.').next().unwrap_or_default();
    minor.parse().is_ok_and(|minor| (OLDEST..=newest.unwrap_or(u8::MAX)).contains(&minor))
}

#[cfg(test)]
mod tests {
    use super::is_suitable;

    #[test]
    fn versions_from_3_10_to_the_newest_will_do() {
        for good in ["Python 3.10.0\n", "Python 3.11.7", "Python 3.12.4+", "Python 3.12"] {
            assert!(is_suitable(good, Some(12)), "{good}");
        }
        for bad in
            ["Python 3.9.18", "Python 3.13.0", "Python 2.7.18", "Python 3.1", "PyPy 3.10", ""]
        {
            assert!(!is_suitable(bad, Some(12)), "{bad}");
        }
        assert!(is_suitable("Python 3.13.0", None) && !is_suitable("Python 3.9.18", None));
    }
}
