//! A Python that `LocalStack` runs on.

use anyhow::bail;
use std::process::Stdio;
use tokio::process::Command;

/// What is asked, the usual one first.
const NAMES: [&str; 4] = ["python3", "python3.12", "python3.11", "python3.10"];

/// What to do where LocalStack cannot be installed.
pub(super) const OTHERWISE: &str =
    "or start Docker, or name a running LocalStack in LOCALSTACK_ENDPOINT";

/// The first Python that is of a version that will do.
pub(super) async fn find() -> anyhow::Result<&'static str> {
    let mut found = Vec::new();
    for name in NAMES {
        let Some(said) = version(name).await else {
            continue;
        };
        if is_suitable(&said) {
            return Ok(name);
        }
        found.push(format!("{name} is {}", said.trim()));
    }
    let found = if found.is_empty() { "found none".to_owned() } else { found.join(", ") };
    bail!("LocalStack needs Python 3.10 to 3.12 ({found}): install one, {OTHERWISE}")
}

/// What it says of itself, if it is there.
async fn version(name: &str) -> Option<String> {
    let mut command = Command::new(name);
    let command = command.arg("--version").stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// Whether this is the answer of a Python from 3.10 to 3.12.
fn is_suitable(said: &str) -> bool {
    let version = said.trim().strip_prefix("Python 3.").unwrap_or_default();
    let minor = version.split('.').next().unwrap_or_default();
    matches!(minor.parse(), Ok(10..=12))
}

#[cfg(test)]
mod tests {
    use super::is_suitable;

    #[test]
    fn versions_from_3_10_to_3_12_will_do() {
        for good in ["Python 3.10.0\n", "Python 3.11.7", "Python 3.12.4+", "Python 3.12"] {
            assert!(is_suitable(good), "{good}");
        }
        for bad in
            ["Python 3.9.18", "Python 3.13.0", "Python 2.7.18", "Python 3.1", "PyPy 3.10", ""]
        {
            assert!(!is_suitable(bad), "{bad}");
        }
    }
}
