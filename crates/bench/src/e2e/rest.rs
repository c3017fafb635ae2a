//! A daemon with nothing to do.

use std::thread;
use std::time::Duration;

use super::binary::Binary;
use super::daemon::{Daemon, Launch};
use super::figures::{Figures, Idle};
use super::options::Options;
use super::world::World;

/// What starting needs is over after this, and no longer counts as doing nothing.
const SETTLED: Duration = Duration::from_secs(2);
const SINK: &str = "[[sink]]\ntype = 'file'\npath = 'cloudtrail'\n";

/// How long it takes from the start of the process to its first receive.
///
/// # Errors
/// If it does not start.
pub(super) fn start_up(binary: &Binary, options: &Options) -> anyhow::Result<Figures> {
    let world = World::new(options)?;
    let mut daemon = start(binary, &world, "1s")?;
    let asked = world.first_receive(|| daemon.runs())?;
    let first_receive_ms = asked.duration_since(daemon.started()).as_secs_f64() * 1e3;
    world.drained(SETTLED, || daemon.runs())?;
    daemon.stop()?;
    Ok(Figures::Started { first_receive_ms })
}

/// What it uses while the queue stays empty for so long.
///
/// # Errors
/// If it does not start, or ends.
pub(super) fn idle(binary: &Binary, options: &Options, time: Duration) -> anyhow::Result<Idle> {
    let world = World::new(options)?;
    let mut daemon = start(binary, &world, "20s")?;
    world.drained(SETTLED, || daemon.runs())?;
    thread::sleep(SETTLED);
    let (before, receives) = (daemon.usage()?, world.server.counts().receives);
    thread::sleep(time);
    let after = daemon.usage()?;
    let cpu = after.of_threads().saturating_sub(before.of_threads());
    // It is killed, not stopped: that would wait for the receive that is under way.
    Ok(Idle {
        wall_s: time.as_secs_f64(),
        cpu_ms: cpu.as_secs_f64() * 1e3,
        syscr_and_syscw: after.reads_and_writes - before.reads_and_writes,
        sleeps: after.sleeps.saturating_sub(before.sleeps),
        receives: world.server.counts().receives - receives,
        peak_mib: after.peak as f64 / f64::from(1 << 20),
    })
}

/// Starts a daemon that has one message to receive: a receive is counted when it is answered.
fn start(binary: &Binary, world: &World, receive_wait: &str) -> anyhow::Result<Daemon> {
    world.greet();
    let launch = Launch {
        binary,
        wrapper: &[],
        folder: &world.folder("daemon"),
        configuration: &(world.source(receive_wait) + SINK),
        endpoint: &world.server.endpoint(),
    };
    launch.start()
}
