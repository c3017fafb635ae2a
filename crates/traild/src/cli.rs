//! What can be asked for on the command line.

use crate::config::HumanDuration;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Forwards the events of a CloudTrail bucket to the stores you have, losing none.
#[derive(Debug, Parser)]
#[command(name = "traild", version, after_help = EXIT_CODES)]
pub struct Arguments {
    /// What to do; to run, if nothing is named.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXIT_CODES: &str = "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 stopped \
                          with messages given back to the queue.\nLogs go to standard error.";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Listen to the queue and forward events until stopped by SIGTERM or Ctrl-C.
    Run(RunOptions),
    /// Try the queue, the buckets and the sinks, and say what is missing.
    Check(ConfigOptions),
    /// Turn log files into lines of a schema, without AWS.
    Convert(ConvertOptions),
    /// Print the JSON Schema of the configuration.
    ConfigSchema,
    /// Ask the daemon that runs with this configuration whether it is alive.
    Healthcheck(ConfigOptions),
}

impl Default for Command {
    fn default() -> Self {
        Self::Run(RunOptions { config: None, until_idle: None })
    }
}

/// How to run.
#[derive(Debug, Args)]
pub struct RunOptions {
    /// The configuration. Default: $TRAILD_CONFIG, else traild.toml here, else in /etc/traild.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Exit with 0 once the queue has been empty this long, such as "10s".
    #[arg(long, value_name = "DURATION")]
    pub until_idle: Option<HumanDuration>,
}

/// Which configuration.
#[derive(Debug, Args)]
pub struct ConfigOptions {
    /// The configuration. Default: $TRAILD_CONFIG, else traild.toml here, else in /etc/traild.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What to convert.
#[derive(Debug, Args)]
pub struct ConvertOptions {
    /// What the events are to look like.
    #[arg(long, value_enum)]
    pub schema: SchemaName,
    /// Log files, gzip or plain; standard input if there is none, or for "-".
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// The schemas by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    /// The record as CloudTrail wrote it, on one line.
    Cloudtrail,
}
