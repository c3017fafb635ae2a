//! What people read at the end.

use super::arrival::Arrival;
use super::ingestion::Ingested;
use super::world::Upload;
use crate::harness::DeadLetter;
use std::fmt::{self, Display, Formatter};

/// More of a message than this does not help to see what it is.
const START_OF_MESSAGE: usize = 160;

/// All that there is to say.
#[derive(Debug)]
pub(super) struct Summary {
    pub(super) upload: Upload,
    pub(super) ingested: Ingested,
    pub(super) arrival: Arrival,
    pub(super) dead_letter: DeadLetter,
    /// The directory of the daemon, as one would write it.
    pub(super) place: String,
}

impl Display for Summary {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.figures(f)?;
        self.commands(f)?;
        self.damaged_file(f)
    }
}

impl Summary {
    fn figures(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (files, lines) = (&self.upload.files, &self.ingested.lines);
        let digests = self.upload.digests();
        let logs = files.len() - digests;
        let Arrival { arrived, before_damage, .. } = self.arrival;
        let compressed: usize = files.iter().map(|file| file.gz.len()).sum();
        let written: usize = lines.iter().map(|line| line.len() + 1).sum();
        let place = &self.place;

        writeln!(f, "\nEvery event arrived, and each one once.\n")?;
        writeln!(
            f,
            "  files   {logs} log files, {digests} digests (they hold no events), 1 damaged"
        )?;
        writeln!(
            f,
            "  events  {arrived}, and {before_damage} of the damaged file, up to the damage"
        )?;
        writeln!(f, "  bytes   {} in the bucket, {} written", size(compressed), size(written))?;
        writeln!(f, "  speed   {}", self.speed())?;
        writeln!(f, "  output  {place}/events")?;
        writeln!(f, "  log     {place}/traild.log")
    }

    fn speed(&self) -> String {
        let seconds = self.ingested.took.as_secs_f64().max(0.001);
        let (events, files) = (self.ingested.lines.len() as f64, self.upload.files.len() as f64);
        format!(
            "{:.0} events a second ({:.0} files): LocalStack is the limit, not traild",
            events / seconds,
            files / seconds
        )
    }

    fn commands(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let events = format!("{}/events/*.ndjson", self.place);
        writeln!(f, "\nHave a look:\n")?;
        writeln!(f, "  ls -l {}/events", self.place)?;
        writeln!(f, "  cat {events} | head -1 | python3 -m json.tool")?;
        writeln!(
            f,
            "  grep -oh '\"eventName\":\"[^\"]*\"' {events} | sort | uniq -c | sort -rn | head"
        )
    }

    fn damaged_file(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let letter = &self.dead_letter;
        let message: String = letter.body.chars().take(START_OF_MESSAGE).collect();
        let more = if message.len() < letter.body.len() { "..." } else { "" };
        writeln!(f, "\nThe damaged file was set aside. Its message in the dead-letter queue:\n")?;
        for name in ["reason", "detail", "object"] {
            writeln!(f, "  {name:6}  {}", letter.attribute(&format!("traild.{name}")))?;
        }
        writeln!(f, "  body    {message}{more}")
    }
}

fn size(bytes: usize) -> String {
    indicatif::DecimalBytes(bytes as u64).to_string()
}
