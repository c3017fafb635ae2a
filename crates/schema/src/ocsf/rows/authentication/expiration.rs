//! When credentials expire, as the security token service says it.

use trail_event::{Timestamp, Value};

const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// The moment that `Jul 10, 2023, 12:31:14 PM` says, or `Mar 17, 2023 5:07:59 PM`; both are UTC. Or
/// a time as others are written.
pub(super) fn parse(value: Value<'_>) -> Option<Timestamp> {
    let text = value.text()?;
    usual(text.escaped().as_bytes())
        .or_else(|| Timestamp::of(value))
        .or_else(|| english(text.plain()?))
}

/// What [`english`] reads, one form of it: as it nearly always comes.
fn usual(text: &[u8]) -> Option<Timestamp> {
    let (month, rest) = text.split_first_chunk()?;
    let (day, rest) = number(rest.strip_prefix(b" ")?)?;
    let ([y0, y1, y2, y3], rest) = rest.strip_prefix(b", ")?.split_first_chunk()?;
    let rest = rest.strip_prefix(b",").unwrap_or(rest);
    let (hour, rest) = number(rest.strip_prefix(b" ")?)?;
    let [b':', n0, n1, b':', s0, s1, b' ', half, b'M'] = rest else { return None };
    let hour = match half {
        b'A' if (1..=12).contains(&hour) => hour % 12,
        b'P' if (1..=12).contains(&hour) => hour % 12 + 12,
        _ => return None,
    };
    let month = u8::try_from(MONTHS.iter().position(|name| *name == month)? + 1).ok()?;
    let ([m0, m1], [d0, d1], [h0, h1]) = (two(month)?, two(day)?, two(hour)?);
    let iso = [
        *y0, *y1, *y2, *y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', *n0, *n1, b':', *s0,
        *s1, b'Z',
    ];
    Timestamp::parse(str::from_utf8(&iso).ok()?)
}

/// A number of one or two digits, and what follows it.
fn number(text: &[u8]) -> Option<(u8, &[u8])> {
    match text {
        [ten @ b'0'..=b'9', one @ b'0'..=b'9', rest @ ..] => {
            Some(((ten - b'0') * 10 + (one - b'0'), rest))
        }
        [one @ b'0'..=b'9', rest @ ..] => Some((one - b'0', rest)),
        _ => None,
    }
}

fn english(text: &str) -> Option<Timestamp> {
    let mut words = Words { rest: text };
    let month: &[u8; 3] = words.next()?.as_bytes().try_into().ok()?;
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
    let (Ok(month), Ok(century)) = (u8::try_from(month), u8::try_from(year / 100)) else {
        return None;
    };
    let of_century = u8::try_from(year % 100).unwrap_or_default();
    let [y0, y1] = two(century)?;
    let [y2, y3] = two(of_century)?;
    let ([m0, m1], [d0, d1], [h0, h1]) = (two(month)?, two(day)?, two(hour)?);
    let ([n0, n1], [s0, s1]) = (padded(minute)?, padded(second)?);
    let iso = [
        y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1, b'Z',
    ];
    Timestamp::parse(str::from_utf8(&iso).ok()?)
}

/// What stands between spaces and commas.
struct Words<'t> {
    rest: &'t str,
}

impl<'t> Words<'t> {
    fn next(&mut self) -> Option<&'t str> {
        let mut bytes = self.rest.as_bytes();
        while let Some(after) = after_separator(bytes) {
            bytes = after;
        }
        let start = self.rest.len() - bytes.len();
        while let (None, [_, after @ ..]) = (after_separator(bytes), bytes) {
            bytes = after;
        }
        let end = self.rest.len() - bytes.len();
        let word = self.rest.get(start..end).filter(|word| !word.is_empty());
        self.rest = self.rest.get(end..)?;
        word
    }
}

/// What follows a separator. Newer releases of Java put a narrow space before AM and PM.
fn after_separator(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b' ' | b',', after @ ..] | [0xe2, 0x80, 0xaf, after @ ..] => Some(after),
        _ => None,
    }
}

/// Two digits, if they are enough.
fn two(number: u8) -> Option<[u8; 2]> {
    (number < 100).then_some([b'0' + number / 10, b'0' + number % 10])
}

/// Two digits, of which the first may be missing.
fn padded(digits: &str) -> Option<[u8; 2]> {
    match *digits.as_bytes() {
        [] => Some(*b"00"),
        [one] => Some([b'0', one]),
        [ten, one] => Some([ten, one]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        assert!(usual(b"Mar 17, 2023 5:07:59 PM").is_some());
    }

    proptest! {
        #[test]
        fn the_usual_form_is_read_as_the_others(
            text in "(Jan|Feb|Dec|Foo) [0-9]{1,3},? ?[0-9+]{4},? [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2} [AP]M|.*",
        ) {
            if let Some(time) = usual(text.as_bytes()) {
                prop_assert_eq!(Some(time), english(&text), "{}", text);
            }
        }
    }
}
