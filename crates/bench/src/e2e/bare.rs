//! The bare work: what a daemon does to the bytes of a log file, in one loop on one core, without a
//! queue, a network, tasks and threads. No daemon on this machine is faster than that.

use std::fs::File;
use std::io::Write as _;
use std::ops::ControlFlow;

use anyhow::{Context as _, ensure};
use trail_event::Batch;
use trail_logfile::{Limits, Quotes, Record, inflate_into, split_runs};
use trail_schema::{Encoder, Format, Redaction, Schema, Scratch};

use super::options::Options;
use super::usage::cpu_of_thread;
use crate::trail::TrailFile;

/// As many bytes as the daemon puts into one parcel.
const PARCEL_BYTES: usize = 1 << 20;
/// As much is done at least, so that it can be timed.
const LEAST_BYTES: usize = 64 << 20;

/// Everything a file is turned into and written to, used again for each.
struct Bare {
    encoder: Encoder,
    batch: Batch,
    scratch: Scratch,
    parcel: Vec<u8>,
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
    let schema = Schema::named(schema).context("no such schema")?;
    let mut bare = Bare::new(schema, tempfile::tempfile_in(folder)?);
    let mut json = Vec::new();
    // Once to warm up: a daemon's buffers are warm too.
    bare.take(file, &mut json)?;
    let rounds = LEAST_BYTES.div_ceil(file.size.max(1));
    let started = cpu_of_thread()?;
    for _ in 0..rounds {
        bare.take(file, &mut json)?;
    }
    bare.output.sync_data()?;
    let spent = cpu_of_thread()?.saturating_sub(started);
    Ok((rounds * file.size) as f64 / 1e6 / spent.as_secs_f64())
}

impl Bare {
    fn new(schema: Schema, output: File) -> Self {
        // What a daemon hides unless it is told otherwise.
        let redaction = if schema == Schema::CloudTrail {
            Redaction::default()
        } else {
            Redaction::session_credentials()
        };
        let encoder = Encoder::new(&Format { schema, redaction, ..Format::default() });
        let parcel = Vec::with_capacity(2 * PARCEL_BYTES);
        Self { encoder, batch: Batch::default(), scratch: Scratch::default(), parcel, output }
    }

    fn take(&mut self, file: &TrailFile, json: &mut Vec<u8>) -> anyhow::Result<()> {
        inflate_into(&file.object, file.size, json).context("not one gzip member")?;
        let quotes = if self.encoder.is_verbatim() { Quotes::Skip } else { Quotes::Note };
        let limits = Limits { quotes, ..Limits::default() };
        let mut written = Ok(());
        let summary = split_runs(json, &limits, |run| {
            self.encode(run);
            if self.parcel.len() >= PARCEL_BYTES {
                written = self.write();
            }
            if written.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        written?;
        self.write()?;
        ensure!(summary.records == file.events as u64, "{} records", summary.records);
        Ok(())
    }

    fn encode(&mut self, run: &[Record<'_>]) {
        if self.encoder.is_verbatim() {
            for record in run {
                Encoder::copy(record.json, &mut self.parcel);
                self.parcel.push(b'\n');
            }
            return;
        }
        let mut batch = std::mem::take(&mut self.batch);
        for event in batch.read(run.iter().map(|record| (record.index, record.json, record.quotes)))
        {
            self.encoder.encode(&event, &mut self.scratch, &mut self.parcel);
            self.parcel.push(b'\n');
        }
        self.batch = batch;
    }

    fn write(&mut self) -> std::io::Result<()> {
        let written = self.output.write_all(&self.parcel);
        self.parcel.clear();
        written
    }
}
