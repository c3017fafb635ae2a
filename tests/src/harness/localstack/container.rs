//! `LocalStack` in a container, where Docker answers.

use super::ports::Port;
use super::supervised::Supervised;
use crate::harness::progress::{Progress, watch};
use crate::harness::tail::last_line;
use anyhow::{Context as _, bail};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

const IMAGE: &str = "localstack/localstack:4.9.2";
const SETTINGS: [&str; 4] = [
    "SERVICES=s3,sqs,sns,events,sts,iam,kms,cloudformation",
    "EAGER_SERVICE_LOADING=1",
    "DISABLE_EVENTS=1",
    "SKIP_SSL_CERT_DOWNLOAD=1",
];
/// A daemon that hangs is as good as none.
const DOCKER_PATIENCE: Duration = Duration::from_secs(5);

/// `$1` is the container's name, the rest what `docker run` is given. At the end of the standard
/// input the container goes; when the container ends first, so does the script, with 1.
const SCRIPT: &str = r#"
name=$1; shift
exec 3<&0
trap 'docker rm --force "$name" >/dev/null 2>&1' EXIT
trap 'exit 1' TERM
(docker run --rm --name "$name" "$@" 3<&-; kill -TERM $$) &
cat <&3 >/dev/null &
wait $!
"#;

/// Whether there is a Docker to ask.
pub(super) async fn docker_answers() -> bool {
    let mut info = docker(&["info", "--format", "{{.ServerVersion}}"]);
    let status = info.stdout(Stdio::null()).stderr(Stdio::null()).status();
    let answered = tokio::time::timeout(DOCKER_PATIENCE, status).await;
    matches!(answered, Ok(Ok(status)) if status.success())
}

/// Sees to it that the image is here.
pub(super) async fn fetch_image(progress: &dyn Progress) -> anyhow::Result<()> {
    let mut look = docker(&["image", "inspect", IMAGE]);
    if look.stdout(Stdio::null()).stderr(Stdio::null()).status().await?.success() {
        return Ok(());
    }
    let on = format!("LocalStack: fetching {IMAGE}, once");
    let mut pull = docker(&["pull", "--quiet", IMAGE]);
    let output = watch(progress, &on, pull.output()).await.context("could not run docker")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("could not fetch {IMAGE}: {}", last_line(&said));
    }
    Ok(())
}

/// Starts the container, which answers at `port`.
pub(super) fn start(port: &Port) -> anyhow::Result<Supervised> {
    let name = format!("traild-localstack-{}-{}", std::process::id(), port.number());
    let mut command = std::process::Command::new("sh");
    command.args(["-c", SCRIPT, "sh", &name]);
    command.arg(format!("--publish=127.0.0.1:{}:4566", port.number()));
    command.args(SETTINGS.map(|setting| format!("--env={setting}")));
    command.arg(IMAGE);
    Supervised::start(command, &port.directory().join("localstack.log"))
}

fn docker(arguments: &[&str]) -> Command {
    let mut command = Command::new("docker");
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;
    use std::time::Instant;

    /// A `docker` that notes what it is asked, and whose `run` lasts as long as a file is there.
    const FAKE: &str = r#"#!/bin/sh
echo "$@" >>"$0.calls"
case $1 in
run) touch "$0.up"; while [ -e "$0.up" ]; do sleep 0.01; done ;;
rm) rm -f "$0.up" ;;
esac
"#;

    fn supervise(fake: &Path) -> Supervised {
        let docker = fake.join("docker");
        fs::write(&docker, FAKE).unwrap();
        fs::set_permissions(&docker, fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = std::process::Command::new("sh");
        command.args(["-c", SCRIPT, "sh", "box", "--env=A=1", IMAGE]);
        command.env("PATH", format!("{}:/usr/bin:/bin", fake.display()));
        let server = Supervised::start(command, &fake.join("log")).unwrap();
        wait_until(|| fake.join("docker.up").exists());
        server
    }

    fn wait_until(mut done: impl FnMut() -> bool) {
        let started = Instant::now();
        while !done() {
            assert!(started.elapsed() < DOCKER_PATIENCE, "it does not happen");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn container_is_removed_at_the_end_of_the_standard_input() {
        let fake = tempfile::tempdir().unwrap();
        drop(supervise(fake.path()));
        let calls = fs::read_to_string(fake.path().join("docker.calls")).unwrap();
        let run = format!("run --rm --name box --env=A=1 {IMAGE}");
        assert_eq!(calls.lines().collect::<Vec<_>>(), [run.as_str(), "rm --force box"]);
        assert!(!fake.path().join("docker.up").exists());
    }

    #[test]
    fn container_that_ends_by_itself_is_noticed() {
        let fake = tempfile::tempdir().unwrap();
        let mut server = supervise(fake.path());
        fs::remove_file(fake.path().join("docker.up")).unwrap();
        wait_until(|| server.verify_running().is_err());
    }
}
