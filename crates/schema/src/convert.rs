//! How values are written.

use crate::append::append;
use crate::escape::json_in_string;
use crate::table::{As, Wrote};
use trail_event::{Kind, Text, Timestamp, Value};

impl As {
    /// Appends the value, if it can be written so.
    #[inline]
    pub(crate) fn write(self, value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
        match self {
            Self::Text => text(value, line),
            Self::Scalar => scalar(value, line),
            Self::Boolean => boolean(value, line),
            Self::JsonText => json_text(value, line),
            Self::Milliseconds => milliseconds(value, line),
            Self::DateTime => date_time(value, line),
            Self::Custom(write, _says) => write(value, line),
        }
    }

    /// In words.
    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Text | Self::Scalar => "",
            Self::Boolean => "as boolean",
            Self::JsonText => "as JSON in a string; text as it is",
            Self::Milliseconds => "as milliseconds since 1970",
            Self::DateTime => "as RFC 3339",
            Self::Custom(_, says) => says,
        }
    }
}

/// Appends a JSON string that says `text`.
#[inline]
pub(crate) fn string(text: Text<'_>, line: &mut Vec<u8>) -> Wrote {
    line.push(b'"');
    append(text.escaped().as_bytes(), line);
    line.push(b'"');
    Wrote::All
}

/// Appends a string; numbers and booleans become strings. What is empty says nothing.
#[inline]
pub(crate) fn text(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    match value.kind() {
        Kind::String if value.json().len() > r#""""#.len() => {
            line.extend_from_slice(value.json().as_bytes());
            Wrote::All
        }
        Kind::Boolean | Kind::Number => string(Text::new(value.json()), line),
        Kind::String | Kind::Null | Kind::Array | Kind::Object => Wrote::Nothing,
    }
}

/// Appends a string, an empty one too; numbers and booleans become strings.
fn scalar(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    value.scalar().map_or(Wrote::Nothing, |text| string(text, line))
}

/// Appends `true` or `false`.
pub(crate) fn boolean(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    let Some(boolean) = value.boolean() else { return Wrote::Nothing };
    line.extend_from_slice(if boolean { b"true" } else { b"false" });
    Wrote::All
}

/// Appends a value as it is, without line breaks.
pub(crate) fn json(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    if value.is_empty() {
        return Wrote::Nothing;
    }
    crate::cloudtrail::append(value.json(), line);
    Wrote::All
}

/// Appends a string that holds the JSON of a value, or the string that the value is.
pub(crate) fn json_text(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    match value.kind() {
        Kind::Null => Wrote::Nothing,
        Kind::String => text(value, line),
        Kind::Boolean | Kind::Number | Kind::Array | Kind::Object => {
            json_in_string(value.json(), line);
            Wrote::All
        }
    }
}

fn milliseconds(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    let Some(time) = Timestamp::of(value) else { return Wrote::Nothing };
    number(time.milliseconds(), line);
    wrote(time)
}

/// Appends a time of RFC 3339.
pub(crate) fn date_time(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    let Some(time) = Timestamp::of(value) else { return Wrote::Nothing };
    moment(value, time, line);
    wrote(time)
}

/// What a moment that is written to the millisecond says of its field.
pub(crate) fn wrote(time: Timestamp) -> Wrote {
    if time.is_cut() { Wrote::Part } else { Wrote::All }
}

/// Appends the time that a value says, to the millisecond. CloudTrail's own form is copied.
pub(crate) fn moment(value: Value<'_>, time: Timestamp, line: &mut Vec<u8>) {
    match value.json().strip_suffix("Z\"").map(str::as_bytes) {
        Some(text @ [b'"', .., b':', tens, _])
            if text.len() == r#""2023-07-10T11:44:26"#.len()
                && text.get(5) == Some(&b'-')
                && text.get(11) == Some(&b'T')
                && *tens < b'6' =>
        {
            line.extend_from_slice(text);
            line.extend_from_slice(b".000Z\"");
        }
        _ => {
            line.push(b'"');
            time.append_rfc3339(line);
            line.push(b'"');
        }
    }
}

/// Appends a number.
pub(crate) fn number(number: i64, line: &mut Vec<u8>) {
    line.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Appends a JSON string that says `text`, which is not escaped yet.
pub(crate) fn plain(text: &str, line: &mut Vec<u8>) {
    line.push(b'"');
    crate::escape::append(text, line);
    line.push(b'"');
}
