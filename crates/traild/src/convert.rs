//! `traild convert`: log files in, lines out; no AWS.

use crate::cli::{ConvertOptions, SchemaName};
use crate::complain;
use crate::exit::Exit;
use anyhow::Context;
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use trail_event::Event;
use trail_ingest::chain;
use trail_logfile::{Limits, Record};
use trail_schema::Schema;

/// Converts every file to standard output. A file that is no log file is told, and the others go on.
pub(crate) fn convert(options: &ConvertOptions) -> anyhow::Result<Exit> {
    let schema = match options.schema {
        SchemaName::Cloudtrail => Schema::CloudTrail,
    };
    let standard_input = [PathBuf::from("-")];
    let files = if options.files.is_empty() { &standard_input[..] } else { &options.files };
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    let mut exit = Exit::Done;
    for file in files {
        match convert_file(file, schema, &mut out) {
            Ok(()) => {}
            Err(Trouble::Input(error)) => {
                complain(&format!("traild: {}: {error}", file.display()));
                exit = Exit::Failed;
            }
            // Whoever reads the lines has seen enough of them: `traild convert … | head`.
            Err(Trouble::Output(error)) if error.kind() == ErrorKind::BrokenPipe => {
                return Ok(exit);
            }
            Err(Trouble::Output(error)) => return Err(error).context("could not write the lines"),
        }
    }
    match out.flush() {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("could not write the lines")
        }
        _ => Ok(exit),
    }
}

enum Trouble {
    Input(String),
    Output(std::io::Error),
}

fn convert_file(path: &Path, schema: Schema, out: &mut impl Write) -> Result<(), Trouble> {
    let input: Box<dyn Read> = if path == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(File::open(path).map_err(|error| Trouble::Input(error.to_string()))?)
    };
    let mut line = Vec::new();
    let mut written = Ok(());
    let each = |record: Record<'_>| {
        line.clear();
        schema.encode(&Event::new(record.index, record.json), &mut line);
        line.push(b'\n');
        written = out.write_all(&line);
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let summary = trail_logfile::stream(input, &Limits::default(), each);
    written.map_err(Trouble::Output)?;
    summary.map(drop).map_err(|error| Trouble::Input(chain(&error)))
}
