//! Where each field of one event went, as a table for people.

use std::collections::HashMap;
use trail_event::{Event, Field, Kind, Reader, Value};
use trail_schema::{Redaction, Trace};

/// Characters of a value that are shown.
const SHOWN: usize = 36;
/// Columns are as wide as what is in them, up to this.
const WIDEST: usize = 60;

/// The table: a line for each field, its value, and where it went. Of values it shows what `hidden`
/// leaves.
pub(super) fn table(event: &Event<'_>, traces: &[Trace], hidden: &[Redaction]) -> String {
    let values = values(&without(event, hidden));
    let row = |trace: &Trace| {
        let value = values.get(&trace.from).map_or_else(|| "(hidden)".to_owned(), |v| shown(v));
        [trace.from.clone(), value]
    };
    let rows: Vec<[String; 2]> = traces.iter().map(row).collect();
    let [first, second] = [0, 1].map(|column| width(&rows, column));
    let mut table = title(event);
    for ([from, value], trace) in rows.iter().zip(traces) {
        let to = if trace.to.is_empty() { "nowhere".to_owned() } else { trace.to.join(", ") };
        table.push_str(&format!("{from:first$}  {value:second$}  -> {to}\n"));
    }
    table
}

/// The record without what is hidden.
fn without(event: &Event<'_>, hidden: &[Redaction]) -> String {
    let mut json = event.json().to_owned();
    let (mut reader, mut redacted) = (Reader::new(), String::new());
    for redaction in hidden {
        if redaction.apply(&reader.read(event.index(), &json), &mut redacted) {
            std::mem::swap(&mut json, &mut redacted);
        }
    }
    json
}

/// Which event it is.
fn title(event: &Event<'_>) -> String {
    let named = [Field::EventTime, Field::EventSource, Field::EventName, Field::EventId];
    let mut title = format!("record {}", event.index() + 1);
    for text in named.into_iter().filter_map(|field| event.text(field)) {
        title.push_str("  ");
        title.push_str(&printable(&text.unescaped()));
    }
    title + "\n\n"
}

fn width(rows: &[[String; 2]], column: usize) -> usize {
    let cells = rows.iter().filter_map(|row| row.get(column));
    cells.map(|cell| cell.chars().count()).max().unwrap_or(0).min(WIDEST)
}

/// What stands at each path, spelt as traces spell it.
fn values(json: &str) -> HashMap<String, String> {
    let mut values = HashMap::new();
    for (key, value) in Value::new(json).members() {
        gather(quoted(&key.unescaped()), value, &mut values);
    }
    values
}

fn gather(path: String, value: Value<'_>, values: &mut HashMap<String, String>) {
    match value.kind() {
        _ if value.is_empty() => note(path, value, values),
        Kind::Object => {
            for (key, value) in value.members() {
                gather(format!("{path}.{}", quoted(&key.unescaped())), value, values);
            }
        }
        Kind::Array => {
            for value in value.elements() {
                gather(format!("{path}[]"), value, values);
            }
        }
        Kind::Null | Kind::Boolean | Kind::Number | Kind::String => note(path, value, values),
    }
}

/// Of many values at one path, the first few.
fn note(path: String, value: Value<'_>, values: &mut HashMap<String, String>) {
    let held = values.entry(path).or_default();
    if held.len() > 2 * SHOWN {
        return;
    }
    if !held.is_empty() {
        held.push_str(", ");
    }
    held.push_str(value.json());
}

fn quoted(key: &str) -> String {
    if key.is_empty() || key.contains(['.', '"', '[', ' ']) {
        format!("\"{}\"", key.replace('"', "\\\""))
    } else {
        key.to_owned()
    }
}

fn shown(value: &str) -> String {
    let mut shown = printable(&value.chars().take(SHOWN).collect::<String>());
    if value.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// Text of a record may hold what moves a terminal's cursor.
fn printable(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}
