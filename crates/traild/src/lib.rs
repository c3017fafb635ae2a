//! The daemon: arguments and configuration come in, everything is wired and run, and what comes out
//! is an exit code. Nothing here decides about data: that is `trail-ingest`'s.
//!
//! In reading order: [`cli`] is what can be asked for, [`config`] what can be set, `start` wires
//! what was set, `formats` are the lines each sink gets, `run` runs it until a signal, `admin` tells how it is, `inspect` and `check` look
//! without running, `convert` does without AWS altogether. [`enrichment`] is what files tell beyond
//! an event; one module of it maps them into memory, the only unsafe code here.
#![deny(unsafe_code)]

mod admin;
mod allocator;
mod check;
pub mod cli;
pub mod config;
mod convert;
pub mod enrichment;
mod exit;
mod formats;
mod healthcheck;
mod inspect;
mod logging;
mod run;
mod signals;
mod start;

use clap::Parser;
use exit::Exit;
use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Does what the arguments, the program's name first, ask for.
pub fn main(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments = match cli::Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(answer) => {
            let usage = answer.use_stderr();
            // Nothing can be done about a terminal that does not take the text.
            drop(answer.print());
            return if usage { Exit::Usage.into() } else { Exit::Done.into() };
        }
    };
    let exit = match arguments.command.unwrap_or_default() {
        cli::Command::Run(options) => with_config(options.config.as_ref(), |config| {
            logging::start(&config.log)?;
            let until_idle = options.until_idle.map(config::HumanDuration::duration);
            // Every object under way may block a thread while it waits for memory that a sink gives
            // back, which needs a thread too: there must be more threads than objects.
            let threads = config.limits.objects_at_once.get() + 64;
            block_on(threads, run::run(config, until_idle))
        }),
        cli::Command::Check(options) => {
            with_config(options.config.as_ref(), |config| block_on(64, check::check(&config)))
        }
        cli::Command::Convert(options) => convert::convert(&options),
        cli::Command::ConfigSchema => print_schema(),
        cli::Command::Healthcheck(options) => with_config(options.config.as_ref(), |config| {
            Ok(healthcheck::healthcheck(config.admin.listen))
        }),
    };
    exit.unwrap_or_else(|error| {
        complain(&format!("traild: {error:#}"));
        Exit::Failed
    })
    .into()
}

fn with_config(
    named: Option<&PathBuf>,
    use_it: impl FnOnce(config::Config) -> anyhow::Result<Exit>,
) -> anyhow::Result<Exit> {
    match load(named) {
        Ok(config) => use_it(config),
        Err(Told) => Ok(Exit::Usage),
    }
}

/// What is wrong with the configuration was told.
pub(crate) struct Told;

/// Loads the configuration that is named, or found.
pub(crate) fn load(named: Option<&PathBuf>) -> Result<config::Config, Told> {
    let environment: Vec<_> = config::environment().collect();
    let path = config_path(named, &environment);
    config::Config::load(path.as_deref(), environment.into_iter()).map_err(|faults| {
        if path.is_none() {
            complain(
                "traild: no configuration file: neither traild.toml here nor \
                 /etc/traild/traild.toml is there, and --config and TRAILD_CONFIG name none",
            );
        }
        complain(&faults.to_string());
        Told
    })
}

/// The file named on the command line, else in `TRAILD_CONFIG`, else one at the usual places; with
/// none of them the environment alone can be enough.
fn config_path(named: Option<&PathBuf>, environment: &[(String, String)]) -> Option<PathBuf> {
    let in_environment = || {
        let (_, path) = environment.iter().find(|(name, _)| name == "TRAILD_CONFIG")?;
        Some(PathBuf::from(path))
    };
    let usual = || {
        let places = ["traild.toml", "/etc/traild/traild.toml"];
        places.iter().map(PathBuf::from).find(|path| path.is_file())
    };
    named.cloned().or_else(in_environment).or_else(usual)
}

fn block_on<T>(
    blocking_threads: usize,
    future: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.enable_all().max_blocking_threads(blocking_threads).build()?;
    let result = runtime.block_on(future);
    // A blocking read that still waits for bytes is of no use to anybody any more.
    runtime.shutdown_timeout(Duration::from_millis(500));
    result
}

fn print_schema() -> anyhow::Result<Exit> {
    std::io::stdout().lock().write_all(config::config_schema().as_bytes())?;
    Ok(Exit::Done)
}

/// Tells the operator, before or without logging.
pub(crate) fn complain(text: &str) {
    // Nothing can be done about a standard error that is closed.
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}
