//! The bare work: what a daemon does to the bytes of a log file, in one loop on one core, without a
//! queue, a network, tasks and threads. No daemon on this machine is faster than that.

use std::fs::File;
use std::io::Write as _;
use std::ops::ControlFlow;

use anyhow::{Context as _, ensure};
use trail_logfile::{Limits, inflate_into, split_runs};
use trail_schema::Schema;

use super::options::Options;
use super::usage::cpu_of_thread;
use crate::parcel::Parcel;
use crate::trail::TrailFile;

/// As much is done at least, so that it can be timed.
const LEAST_BYTES: usize = 64 << 20;

/// Everything a file is turned into and written to, used again for each.
struct Bare {
    json: Vec<u8>,
    parcel: Parcel,
    output: File,
}

/// Decompressed megabytes a second of CPU time in which `file` is inflated, split, encoded, written to
/// a file in the options' folder, and synced.
///
/// # Errors
/// If the file cannot be read or the output not be written.
pub(super) fn speed(file: &TrailFile, schema: &str, options: &Options) -> anyhow::Result<f64> {
    let folder = options.directory.clone().unwrap_or_else(std::env::temp_dir);
    std::fs::create_dir_all(&folder)?;
    let parcel = Parcel::new(Schema::named(schema).context("no such schema")?);
    let mut bare = Bare { json: Vec::new(), parcel, output: tempfile::tempfile_in(folder)? };
    // Once to warm up: a daemon's buffers are warm too.
    bare.take(file)?;
    let rounds = LEAST_BYTES.div_ceil(file.size.max(1));
    let started = cpu_of_thread()?;
    for _ in 0..rounds {
        bare.take(file)?;
    }
    bare.output.sync_data()?;
    let spent = cpu_of_thread()?.saturating_sub(started);
    Ok((rounds * file.size) as f64 / 1e6 / spent.as_secs_f64())
}

impl Bare {
    fn take(&mut self, file: &TrailFile) -> anyhow::Result<()> {
        let Self { json, parcel, output } = self;
        inflate_into(&file.object, file.size, json).context("not one gzip member")?;
        let limits = Limits { quotes: parcel.quotes(), ..Limits::default() };
        let mut written = Ok(());
        let summary = split_runs(json, &limits, |run| {
            written = parcel.add(run, |lines| output.write_all(lines));
            if written.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        written?;
        parcel.send(|lines| output.write_all(lines))?;
        ensure!(summary.records == file.events as u64, "{} records", summary.records);
        Ok(())
    }
}
