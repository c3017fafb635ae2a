//! Faults of the machine: signals, a full disk, names that do not resolve.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::{STRIKE, VISIBILITY, finish, torment};

/// A command that runs the one behind it with mounts of its own, made by `script`; `None`, and said
/// so, where the system does not let it.
fn with_mounts(script: &str) -> Option<Vec<String>> {
    let allowed = Command::new("unshare").args(["-rm", "true"]).status();
    if !allowed.is_ok_and(|status| status.success()) {
        println!("skipped: no mounts of one's own on this system");
        return None;
    }
    let script = format!("{script} && exec \"$@\"");
    Some(["unshare", "-rm", "sh", "-c", &script, "sh"].map(str::to_owned).to_vec())
}

/// Waits for something that is to come true.
#[track_caller]
fn eventually(what: &str, mut is: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what} does not come true");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn kill_in_the_middle_loses_nothing() {
    let mut torment = torment();
    torment.start().unwrap();
    for _ in 0..3 {
        torment.strike(STRIKE / 4, |rates| rates.s3.latency = Duration::from_millis(300)).unwrap();
        torment.kill().unwrap();
        torment.start().unwrap();
    }
    let account = finish(&mut torment);
    assert_eq!(account.set_aside, BTreeMap::new());
}

#[test]
fn stopped_clockwork_for_three_visibility_timeouts_only_repeats() {
    let mut torment = torment();
    torment.start().unwrap();
    torment.server().faults().set(|rates| rates.s3.latency = Duration::from_secs(1));
    torment.upload();
    eventually("a read", || torment.server().counts().gets > 20);
    torment.signal("STOP").unwrap();
    thread::sleep(VISIBILITY * 3);
    torment.signal("CONT").unwrap();
    let account = finish(&mut torment);
    assert_eq!(account.set_aside, BTreeMap::new());
}

#[test]
fn full_disk_holds_all_until_there_is_room() {
    let mut torment = torment();
    let script = format!(
        "mount -t tmpfs -o size=16m none '{0}' && head -c 16600000 /dev/zero > '{0}/ballast'",
        torment.disk().display()
    );
    let Some(wrapper) = with_mounts(&script) else { return };
    torment.launch(&wrapper, &torment.server().endpoint()).unwrap();
    torment.ready().unwrap();
    torment.upload();
    eventually("a disk that is full", || {
        torment.readiness().is_some_and(|ready| ready.is_err_and(|why| why.contains("sink")))
    });
    let ready = torment.readiness();
    assert!(format!("{ready:?}").contains("No space left on device"), "{ready:?}");
    fs::remove_file(torment.disk_of_daemon().unwrap().join("ballast")).unwrap();
    torment.drain().unwrap();
    torment.rescue_sink().unwrap();
    let account = finish(&mut torment);
    assert_eq!(account.set_aside, BTreeMap::new());
}

#[test]
fn name_that_does_not_resolve_is_told_and_waited_for() {
    let mut torment = torment();
    let hosts = torment.folder().join("hosts");
    fs::write(&hosts, "127.0.0.1 localhost\n").unwrap();
    let Some(wrapper) = with_mounts(&format!("mount --bind '{}' /etc/hosts", hosts.display()))
    else {
        return;
    };
    let endpoint = torment.server().endpoint().replace("127.0.0.1", "aws.invalid");
    torment.launch(&wrapper, &endpoint).unwrap();
    eventually("a daemon that says that it is not ready", || {
        torment.readiness().is_some_and(|ready| ready.is_err())
    });
    assert!(torment.log().contains("dns error"), "{}", torment.log());
    fs::write(&hosts, "127.0.0.1 localhost aws.invalid\n").unwrap();
    torment.ready().unwrap();
    // And again, while it works: a connection that is there is not enough for so many reads.
    fs::write(&hosts, "127.0.0.1 localhost\n").unwrap();
    torment.strike(STRIKE, |rates| rates.s3.reset = 0.5).unwrap();
    fs::write(&hosts, "127.0.0.1 localhost aws.invalid\n").unwrap();
    let account = finish(&mut torment);
    assert_eq!(account.set_aside, BTreeMap::new());
}

#[test]
fn start_in_a_storm_is_a_start() {
    let mut torment = torment();
    torment.server().faults().set(|rates| {
        rates.s3.slow_down = 0.4;
        rates.sqs.internal_error = 0.2;
        rates.sqs.throttle = 0.2;
    });
    torment.upload();
    torment.start().unwrap();
    let account = finish(&mut torment);
    assert_eq!(account.set_aside, BTreeMap::new());
}

#[test]
fn daemon_that_never_reached_aws_stops_well() {
    let mut torment = torment();
    torment.launch(&[], "http://aws.invalid").unwrap();
    eventually("a daemon that says that it is not ready", || {
        torment.readiness().is_some_and(|ready| ready.is_err())
    });
    torment.stop().unwrap();
}
