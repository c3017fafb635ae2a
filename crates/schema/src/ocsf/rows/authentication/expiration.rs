//! When credentials expire, as the security token service says it.

use trail_event::{Timestamp, Value};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The moment that `Jul 10, 2023, 12:31:14 PM` says, or `Mar 17, 2023 5:07:59 PM`; both are UTC. Or
/// a time as others are written.
pub(super) fn parse(value: Value<'_>) -> Option<Timestamp> {
    Timestamp::of(value).or_else(|| english(value.text()?.plain()?))
}

fn english(text: &str) -> Option<Timestamp> {
    // Newer releases of Java put a narrow space before AM and PM.
    let mut words = text.split([' ', ',', '\u{202f}']).filter(|word| !word.is_empty());
    let month = words.next()?;
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let day: u8 = words.next()?.parse().ok()?;
    let year: u16 = words.next()?.parse().ok()?;
    let mut clock = words.next()?.split(':');
    let (hour, minute, second) = (clock.next()?, clock.next()?, clock.next()?);
    let hour: u8 = hour.parse().ok().filter(|hour| (1..=12).contains(hour))?;
    let hour = match words.next()? {
        "AM" => hour % 12,
        "PM" => hour % 12 + 12,
        _ => return None,
    };
    let mut iso = [0; 20];
    let mut rest = iso.as_mut_slice();
    std::io::Write::write_fmt(
        &mut rest,
        format_args!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:0>2}:{second:0>2}Z"),
    )
    .ok()?;
    Timestamp::parse(str::from_utf8(&iso).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<&str>) {
        let json = format!("\"{text}\"");
        let mut found = Vec::new();
        if let Some(time) = parse(Value::new(&json)) {
            time.append_rfc3339(&mut found);
        }
        assert_eq!(String::from_utf8(found).unwrap(), expect.unwrap_or_default(), "{text}");
    }

    #[test]
    fn expirations_are_understood() {
        check("Jul 10, 2023, 12:31:14 PM", Some("2023-07-10T12:31:14.000Z"));
        check("Mar 17, 2023 5:07:59 PM", Some("2023-03-17T17:07:59.000Z"));
        check("Jan 1, 2024, 12:00:00 AM", Some("2024-01-01T00:00:00.000Z"));
        check("Jan 1, 2024, 1:02:03\u{202f}AM", Some("2024-01-01T01:02:03.000Z"));
        check("2023-03-17T17:07:59Z", Some("2023-03-17T17:07:59.000Z"));
        for odd in
            ["", "Mar", "Mar 17, 2023", "Foo 1, 2024, 1:02:03 AM", "Jan 1, 2024, 13:00:00 PM"]
        {
            check(odd, None);
        }
        check("Jan 99, 2024, 1:02:03 AM", None);
        check("Jan 1, 2024, 1:002:03 AM", None);
    }
}
