//! `traild convert`: log files or records in, lines out; no AWS.
//!
//! In reading order: this file opens what was named, `content` finds out what it is, `lines` reads
//! records a line each, `converter` turns a record into a line or, with `explain`, into a table.

mod content;
mod converter;
mod explain;
mod lines;
#[cfg(test)]
mod tests;

use crate::cli::ConvertOptions;
use crate::complain;
use crate::config::{self, Config, Sink, SinkKind, StdoutSink};
use crate::enrichment::EnrichmentFiles;
use crate::exit::Exit;
use crate::formats;
use anyhow::Context;
use content::Content;
use converter::{Converter, Task, Trouble};
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trail_logfile::Limits;
use trail_schema::Enrichment;

/// After so many faults in one file the rest of them is only counted.
const MOST_FAULTS: u64 = 20;

/// Converts every file to standard output. What is wrong with one is told, and the others go on.
pub(crate) fn convert(options: &ConvertOptions) -> anyhow::Result<Exit> {
    let (sink, enrichment) = match settings(options) {
        Ok(Some(settings)) => settings,
        Ok(None) => return Ok(Exit::Usage),
        Err(error) => {
            complain(&format!("traild: {error:#}"));
            return Ok(Exit::Usage);
        }
    };
    let standard_input = [PathBuf::from("-")];
    let files = if options.files.is_empty() { &standard_input[..] } else { &options.files };
    let out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    let task = options.explain.map_or(Task::Write, |nth| Task::Explain { nth: nth.get() });
    let format = formats::format(&sink, enrichment.as_ref())?;
    let mut converter = Converter::new(&format, task, out);
    converter.choose(formats::selectors(&sink.select, &sink.exclude)?);
    converter.choose(formats::selectors(&options.select, &options.exclude)?);
    match convert_all(files, &mut converter) {
        // Whoever reads the lines has seen enough of them: `traild convert … | head`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Exit::Done),
        written => written.context("could not write the lines"),
    }
}

/// An error is of the output.
fn convert_all(
    files: &[PathBuf],
    converter: &mut Converter<impl Write>,
) -> Result<Exit, std::io::Error> {
    let mut exit = Exit::Done;
    for file in files {
        let mut faults = Faults { file, told: 0 };
        match convert_file(file, converter, &mut faults) {
            Ok(()) => {}
            Err(Trouble::Enough) => break,
            Err(Trouble::Output(error)) => return Err(error),
        }
        if faults.finish() > 0 {
            exit = Exit::Failed;
        }
    }
    if let Some(reason) = converter.unfinished() {
        complain(&format!("traild: {reason}"));
        exit = Exit::Failed;
    }
    converter.flush()?;
    Ok(exit)
}

fn convert_file(
    path: &Path,
    converter: &mut Converter<impl Write>,
    faults: &mut Faults<'_>,
) -> Result<(), Trouble> {
    let input: Box<dyn Read> = if path == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        match File::open(path) {
            Ok(file) => Box::new(file),
            Err(error) => {
                faults.tell(None, &error.to_string());
                return Ok(());
            }
        }
    };
    convert_input(input, converter, &mut |line, fault| faults.tell(line, fault))
}

/// Converts what `input` holds; `tell` is given what is wrong with it, and with which line.
fn convert_input<'i>(
    input: impl Read + 'i,
    converter: &mut Converter<impl Write>,
    tell: &mut dyn FnMut(Option<u64>, &str),
) -> Result<(), Trouble> {
    match content::find_out(input) {
        Ok(Content::LogFile(object)) => converter.log_file(object, tell),
        Ok(Content::Lines(text)) => lines::convert(text, &Limits::default(), converter, tell),
        Ok(Content::Neither(found)) => {
            tell(None, &found);
            Ok(())
        }
        Err(error) => {
            tell(None, &error.to_string());
            Ok(())
        }
    }
}

/// What is wrong with one file.
struct Faults<'f> {
    file: &'f Path,
    told: u64,
}

impl Faults<'_> {
    fn tell(&mut self, line: Option<u64>, fault: &str) {
        self.told += 1;
        if self.told <= MOST_FAULTS {
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            complain(&format!("traild: {}{line}: {fault}", self.file.display()));
        }
    }

    fn finish(&self) -> u64 {
        if let Some(more) = self.told.checked_sub(MOST_FAULTS).filter(|more| *more > 0) {
            complain(&format!("traild: {}: and {more} faults more", self.file.display()));
        }
        self.told
    }
}

/// A sink's settings, and what is added to its events.
type Settings = (Sink, Option<Arc<dyn Enrichment>>);

/// The settings that a sink would have: those of one in the configuration, or those of the command
/// line. None: what is wrong was told.
fn settings(options: &ConvertOptions) -> anyhow::Result<Option<Settings>> {
    let Some(name) = &options.sink else {
        return Ok(Some((by_options(options)?, None)));
    };
    let Ok(config) = crate::load(options.config.as_ref()) else { return Ok(None) };
    let files = EnrichmentFiles::open(&config.enrichment)?;
    let enrichment = files.map(|files| Arc::new(files) as Arc<dyn Enrichment>);
    let Config { sinks, .. } = config;
    let names: Vec<String> = sinks.iter().map(|sink| sink.name.clone()).collect();
    let sink = sinks.into_iter().find(|sink| sink.name == *name);
    let sink = sink
        .with_context(|| format!("no sink is called {name:?}: there are {}", names.join(", ")))?;
    Ok(Some((sink, enrichment)))
}

/// Settings without a configuration.
fn by_options(options: &ConvertOptions) -> anyhow::Result<Sink> {
    let schema = options.schema.context("name a --schema, or a --sink of the configuration")?;
    let ocsf = [("--detail", options.detail.is_some()), ("--unmapped", options.unmapped.is_some())];
    let ecs = [("--strict", options.strict.is_some()), ("--original", options.original)];
    let foreign = match schema {
        config::Schema::Ocsf18 | config::Schema::Ocsf11 => ecs.to_vec(),
        config::Schema::Ecs => ocsf.to_vec(),
        config::Schema::CloudTrail | config::Schema::Flat => [ocsf, ecs].concat(),
    };
    if let Some((option, _)) = foreign.iter().find(|(_, is_given)| *is_given) {
        anyhow::bail!("{option} does nothing with --schema {schema}: take it out");
    }
    Ok(Sink {
        name: "convert".to_owned(),
        schema,
        select: Vec::new(),
        exclude: Vec::new(),
        redact: config::Redact::default(),
        ocsf: config::Ocsf {
            detail: options.detail.unwrap_or_default(),
            unmapped: options.unmapped.unwrap_or_default(),
        },
        ecs: config::Ecs { strict: options.strict.unwrap_or(true), original: options.original },
        kind: SinkKind::Stdout(StdoutSink {}),
    })
}
