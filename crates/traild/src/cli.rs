//! What can be asked for on the command line.

use crate::config::{Detail, HumanDuration, Schema, Selector, Unmapped};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as NoSuchWord;
use std::num::NonZeroU64;
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
    /// Turn log files or records into lines of a schema, without AWS.
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
#[command(after_help = CONVERT_EXAMPLES)]
pub struct ConvertOptions {
    /// What the events are to look like.
    #[arg(long, value_parser = schemas(), required_unless_present = "sink")]
    pub schema: Option<Schema>,
    /// Write what this sink of the configuration would get: its schema and options, its selectors,
    /// its redaction, and the enrichment.
    #[arg(long, value_name = "NAME", conflicts_with = "schema")]
    pub sink: Option<String>,
    /// The configuration that has the sink. Default: as for run.
    #[arg(long, value_name = "FILE", requires = "sink")]
    pub config: Option<PathBuf>,
    /// Only events that this chooses: the name of a ready set, or an expression. Of several, any.
    #[arg(long, value_name = "SELECTOR")]
    pub select: Vec<Selector>,
    /// No events that this chooses.
    #[arg(long, value_name = "SELECTOR")]
    pub exclude: Vec<Selector>,
    /// Print, instead of lines, where each field of one event goes: the first that is chosen, or the
    /// N-th.
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "1")]
    pub explain: Option<NonZeroU64>,
    /// OCSF: which activities and classes are told apart.
    #[arg(long, value_parser = words::<Detail>(DETAILS), conflicts_with = "sink")]
    pub detail: Option<Detail>,
    /// OCSF: how what has no attribute is written.
    #[arg(long, value_parser = words::<Unmapped>(UNMAPPED), conflicts_with = "sink")]
    pub unmapped: Option<Unmapped>,
    /// ECS: whether fields are as ECS has them where Elastic's AWS integration differs. Default: true.
    #[arg(long, value_name = "BOOL", conflicts_with = "sink")]
    pub strict: Option<bool>,
    /// ECS: put the record into event.original.
    #[arg(long, conflicts_with = "sink")]
    pub original: bool,
    /// Log files of CloudTrail, or records one a line; gzip or plain; standard input if there is
    /// none, or for "-".
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

const CONVERT_EXAMPLES: &str = "\
Examples:
  traild convert --schema ocsf-1.8 file.json.gz
  traild convert --schema ecs --select writes --exclude kms-decrypt *.json.gz
  traild convert --schema flat --select 'eventName starts_with Delete, Put' --explain < records.ndjson
  traild convert --sink lake --config traild.toml file.json.gz

Ready sets: management, writes, errors, console-and-identity; to exclude: kms-decrypt, service-reads.
Session credentials are masked in every schema but cloudtrail.";

type Words = &'static [(&'static str, &'static str)];

const DETAILS: Words = &[
    ("security-lake", "those that Amazon Security Lake tells apart"),
    ("extended", "more of them"),
];

const UNMAPPED: Words =
    &[("flat", "an object of strings, by path"), ("nested", "objects within objects")];

const SCHEMAS: Words = &[
    ("cloudtrail", "The record as CloudTrail wrote it, on one line"),
    ("ocsf-1.8", "Open Cybersecurity Schema Framework 1.8.0"),
    ("ocsf-1.1", "The same in 1.1.0, as Amazon Security Lake has it"),
    ("ecs", "Elastic Common Schema, as Elastic's AWS integration"),
    ("flat", "A row of columns, for tables"),
];

fn schemas() -> impl TypedValueParser<Value = Schema> {
    words(SCHEMAS)
}

/// Reads one of a few words as the configuration does.
fn words<T>(words: Words) -> impl TypedValueParser<Value = T>
where
    T: for<'de> Deserialize<'de> + Clone + Send + Sync + 'static,
{
    let possible = words.iter().map(|(word, help)| PossibleValue::new(*word).help(*help));
    PossibleValuesParser::new(possible)
        .try_map(|word| -> Result<T, NoSuchWord> { T::deserialize(word.into_deserializer()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_is_offered_is_taken() {
        fn check<T>(words: Words)
        where
            T: for<'de> Deserialize<'de>,
        {
            for (word, _) in words {
                let word: serde::de::value::StrDeserializer<'_, NoSuchWord> =
                    word.into_deserializer();
                assert!(T::deserialize(word).is_ok());
            }
        }
        check::<Detail>(DETAILS);
        check::<Unmapped>(UNMAPPED);
        check::<Schema>(SCHEMAS);
        let schemas = trail_schema::Schema::ALL.map(trail_schema::Schema::name);
        assert!(SCHEMAS.iter().map(|(name, _)| *name).eq(schemas));
    }

    #[test]
    fn help_names_every_ready_set() {
        for set in trail_event::Set::ALL {
            assert!(CONVERT_EXAMPLES.contains(set.name), "{}", set.name);
        }
    }
}
