//! The law that a record becomes one line of JSON, and the same one whoever encodes it.

use super::forms::{self, Form};
use super::{json, records};
use anyhow::{Context as _, ensure};
use std::cell::RefCell;
use std::ops::ControlFlow;
use trail_event::{Event, Reader};
use trail_logfile::{Limits, Quotes};
use trail_schema::{Schema, Scratch};

thread_local! {
    /// What met all records before.
    static USED: RefCell<(Reader, Scratch)> = RefCell::default();
}

/// Holds what becomes of `record` against the law.
pub(crate) fn check(forms: &[Form], record: &str) -> anyhow::Result<()> {
    let quotes = quotes(record)?;
    for form in forms {
        let line = form.line(record)?;
        is_an_object_on_one_line(form, &line).with_context(|| format!("{}: {line}", form.name))?;
        let again = USED.with_borrow_mut(|(reader, scratch)| {
            encoded(form, &reader.read(7, record), scratch)
                == encoded(form, &reader.read_quoted(3, record, &quotes), scratch)
                && encoded(form, &reader.read(0, record), scratch) == line.as_bytes()
        });
        ensure!(again, "{}: other bytes the second time than {line}", form.name);
    }
    Ok(())
}

/// Holds `record` against what `cloudtrail` makes of it: the same bytes, but for line breaks.
pub(crate) fn check_verbatim(record: &str) -> anyhow::Result<()> {
    let line = forms::plain(Schema::CloudTrail).line(record)?;
    // In a string they would be escaped.
    ensure!(line == record.replace(['\n', '\r'], ""), "not the record, but {line}");
    Ok(())
}

fn is_an_object_on_one_line(form: &Form, line: &str) -> anyhow::Result<()> {
    ensure!(!line.contains(['\n', '\r']), "a line break");
    let mut value = json::parse(line)?;
    let object = value.as_object_mut().context("no object")?;
    if form.is_nested() {
        // It is as in the record.
        object.remove("unmapped");
    }
    if form.encoder.schema() != Schema::CloudTrail {
        let repeated = json::repeated(&value).join(", ");
        ensure!(repeated.is_empty(), "several members of one object have the key {repeated}");
    }
    Ok(())
}

fn encoded(form: &Form, event: &Event<'_>, scratch: &mut Scratch) -> Vec<u8> {
    let mut line = Vec::new();
    form.encoder.encode(event, scratch, &mut line);
    line
}

/// Where its strings begin and end, as who splits a file notes it.
fn quotes(record: &str) -> anyhow::Result<Vec<u32>> {
    let mut quotes = Vec::new();
    let limits = Limits { quotes: Quotes::Note, ..Limits::default() };
    let summary = trail_logfile::split(format!("[{record}]").as_bytes(), &limits, |found| {
        quotes = found.quotes.to_vec();
        ControlFlow::Continue(())
    })?;
    ensure!(summary.records == 1, "{} records", summary.records);
    Ok(quotes)
}

#[test]
fn every_record_becomes_one_line_and_always_the_same() -> anyhow::Result<()> {
    let forms = forms::some();
    records::check_all(|record| check(&forms, &record.json))
}

#[test]
fn every_record_stays_as_it_is_in_cloudtrail() -> anyhow::Result<()> {
    records::check_all(|record| check_verbatim(&record.json))
}
