//! Moments, as CloudTrail writes them.

use crate::value::{Kind, Value};

/// A moment, to the millisecond, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    milliseconds: i64,
}

const DAY: i64 = 86_400_000;

impl Timestamp {
    /// The moment that a string of a record says: `2023-07-10T11:44:26Z` nearly always; also with
    /// a fraction or an offset, in the basic form `20131102T010628Z`, and with a space for the `T`
    /// and no zone, which is taken as UTC.
    #[must_use]
    pub fn of(value: Value<'_>) -> Option<Self> {
        match value.kind() {
            Kind::String => Self::parse(value.text()?.escaped()),
            Kind::Null | Kind::Boolean | Kind::Number | Kind::Array | Kind::Object => None,
        }
    }

    /// The moment that `text` says, in one of the forms that [`of`](Self::of) knows.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::usual(text).or_else(|| Self::unusual(text))
    }

    /// `2023-07-10T11:44:26Z`, at fixed places.
    #[inline]
    fn usual(text: &str) -> Option<Self> {
        let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
        let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', rest @ ..] = *bytes else {
            return None;
        };
        let [h0, h1, b':', n0, n1, b':', s0, s1, b'Z'] = rest else { return None };
        let digits = [y0, y1, y2, y3, m0, m1, d0, d1, h0, h1, n0, n1, s0, s1];
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let two = |tens: u8, ones: u8| i64::from(tens - b'0') * 10 + i64::from(ones - b'0');
        let (year, month, day) = (two(y0, y1) * 100 + two(y2, y3), two(m0, m1), two(d0, d1));
        let (hour, minute, second) = (two(h0, h1), two(n0, n1), two(s0, s1));
        let valid = (1..=12).contains(&month)
            && (1..=days_of(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        let of_day = ((hour * 60 + minute) * 60 + second) * 1000;
        valid.then(|| Self { milliseconds: days(year, month, day) * DAY + of_day })
    }

    fn unusual(text: &str) -> Option<Self> {
        let mut digits = Digits { rest: text.as_bytes() };
        let year = digits.number(4)?;
        digits.skip(b"-");
        let month = digits.number(2)?;
        digits.skip(b"-");
        let day = digits.number(2)?;
        if !digits.skip(b"T ") {
            return None;
        }
        let hour = digits.number(2)?;
        digits.skip(b":");
        let minute = digits.number(2)?;
        digits.skip(b":");
        let second = digits.number(2)?;
        let fraction = if digits.skip(b".") { digits.fraction()? } else { 0 };
        let offset = digits.offset()?;
        let valid = (1..=12).contains(&month)
            && (1..=days_of(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second <= 60
            && digits.rest.is_empty();
        let of_day = ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
        valid.then(|| Self { milliseconds: days(year, month, day) * DAY + of_day - offset })
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn milliseconds(self) -> i64 {
        self.milliseconds
    }

    /// Appends `2023-07-10T11:44:26.000Z`.
    pub fn append_rfc3339(self, to: &mut Vec<u8>) {
        self.append_day(to);
        let of_day = self.milliseconds.rem_euclid(DAY);
        let (seconds, millis) = (of_day / 1000, of_day % 1000);
        to.push(b'T');
        append(seconds / 3600, 2, to);
        to.push(b':');
        append(seconds / 60 % 60, 2, to);
        to.push(b':');
        append(seconds % 60, 2, to);
        to.push(b'.');
        append(millis, 3, to);
        to.push(b'Z');
    }

    /// Appends the day, `2023-07-10`.
    pub fn append_day(self, to: &mut Vec<u8>) {
        let (year, month, day) = date(self.milliseconds.div_euclid(DAY));
        append(year, 4, to);
        to.push(b'-');
        append(month, 2, to);
        to.push(b'-');
        append(day, 2, to);
    }
}

struct Digits<'t> {
    rest: &'t [u8],
}

impl Digits<'_> {
    #[inline]
    fn number(&mut self, width: usize) -> Option<i64> {
        let (digits, rest) = self.rest.split_at_checked(width)?;
        self.rest = rest;
        digits.iter().try_fold(0, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
        })
    }

    #[inline]
    fn skip(&mut self, any: &[u8]) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if any.contains(first) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Digits after the point, as milliseconds; what is finer is cut.
    fn fraction(&mut self) -> Option<i64> {
        let count = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        let three = digits.iter().chain(b"00").take(3);
        let value = three.fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
        (1..=9).contains(&count).then_some(value)
    }

    /// What a zone is ahead of UTC, in milliseconds.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.rest.first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(_) => return self.skip(b"Zz").then_some(0),
            None => return Some(0),
        };
        self.skip(b"+-");
        let hours = self.number(2)?;
        self.skip(b":");
        let minutes = self.number(2)?;
        (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60_000)
    }
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar. Years start in March, so that the leap day is
/// the last (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date of a day since 1970-01-01: the reverse of [`days`].
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let (day, month) = (day_of_year - (153 * shifted + 2) / 5 + 1, (shifted + 2) % 12 + 1);
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Appends so many digits.
fn append(number: i64, width: u32, to: &mut Vec<u8>) {
    for place in (0..width).rev() {
        let digit = number / 10_i64.pow(place) % 10;
        to.push(b'0' + u8::try_from(digit).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: Option<&str>) {
        let mut written = Vec::new();
        let time = Timestamp::parse(text);
        if let Some(time) = time {
            time.append_rfc3339(&mut written);
        }
        assert_eq!(time.map(|_| str::from_utf8(&written).unwrap()), expect, "{text}");
    }

    #[test]
    fn moments_are_understood_in_every_form() {
        check("2023-07-10T11:44:26Z", Some("2023-07-10T11:44:26.000Z"));
        check("20131102T010628Z", Some("2013-11-02T01:06:28.000Z"));
        check("2026-08-11 11:45:00", Some("2026-08-11T11:45:00.000Z"));
        check("2020-02-29T23:59:59.5Z", Some("2020-02-29T23:59:59.500Z"));
        check("2020-02-29T23:59:59.123456789Z", Some("2020-02-29T23:59:59.123Z"));
        check("2023-11-17T11:43:57.000-05:00", Some("2023-11-17T16:43:57.000Z"));
        check("1969-12-31T23:59:59Z", Some("1969-12-31T23:59:59.000Z"));
    }

    #[test]
    fn other_text_is_no_moment() {
        let others = [
            "",
            "2023",
            "2023-07-10",
            "2023-13-10T11:44:26Z",
            "2023-02-29T00:00:00Z",
            "2023-07-10T24:00:00Z",
            "2023-07-10T11:44:26Zulu",
            "Jan 22, 2021 12:46:28 AM",
            "2023-07-10T11:44:26.Z",
            "yyyy-07-10T11:44:26Z",
        ];
        others.into_iter().for_each(|text| check(text, None));
    }

    proptest! {
        #[test]
        fn moments_are_written_as_they_are_read(milliseconds in -62_135_596_800_000_i64..253_402_300_800_000) {
            let time = Timestamp { milliseconds };
            let mut text = Vec::new();
            time.append_rfc3339(&mut text);
            prop_assert_eq!(Timestamp::parse(str::from_utf8(&text).unwrap()), Some(time));
        }

        #[test]
        fn any_text_is_a_moment_or_none(text in ".*") {
            let _ = Timestamp::parse(&text);
        }
    }
}
