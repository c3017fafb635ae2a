//! What can be asked for on the command line.

use std::path::PathBuf;

use clap::Parser;

/// Runs the release binary of traild at full load with faults, and sees that nothing is lost and
/// nothing grows.
#[derive(Clone, Debug, Parser)]
#[command(name = "cargo soak", bin_name = "cargo soak")]
pub struct Options {
    /// How long.
    #[arg(long, value_name = "N", default_value_t = 30.0, value_parser = minutes)]
    pub minutes: f64,
    /// Run this executable instead of building one.
    #[arg(long, value_name = "PATH")]
    pub binary: Option<PathBuf>,
    /// Write to a folder under this one instead of the system's temporary one.
    #[arg(long, value_name = "FOLDER")]
    pub directory: Option<PathBuf>,
    /// No faults, no stops, no kills: load alone.
    #[arg(long)]
    pub calm: bool,
    /// Keep the folder, with the daemon's logs, also when all is as asked.
    #[arg(long)]
    pub keep: bool,
    /// Write all figures to this file as JSON.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Draw memory, speed and lag over time into this file, an SVG.
    #[arg(long, value_name = "FILE")]
    pub chart: Option<PathBuf>,
    /// Write the page that says what was seen to this file; it shows the chart beside it.
    #[arg(long, value_name = "FILE")]
    pub page: Option<PathBuf>,
}

impl Options {
    /// What was called, without where files lie.
    pub(super) fn command(&self) -> String {
        let calm = if self.calm { " --calm" } else { "" };
        format!("cargo soak --minutes {}{calm}", self.minutes)
    }
}

fn minutes(text: &str) -> Result<f64, String> {
    let minutes: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.1..=1440.0).contains(&minutes) { Ok(minutes) } else { Err("from 0.1 to 1440".to_owned()) }
}
