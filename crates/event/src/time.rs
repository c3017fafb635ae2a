//! Moments, as CloudTrail writes them.

use crate::value::{Kind, Value};

/// A moment, to the millisecond, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    milliseconds: i64,
    is_cut: bool,
}

const DAY: i64 = 86_400_000;

impl Timestamp {
    /// The moment that a string of a record says: `2023-07-10T11:44:26Z` nearly always; also with
    /// a fraction or an offset, in the basic form `20131102T010628Z`, and with a space for the `T`
    /// and no zone, which is taken as UTC.
    #[must_use]
    #[inline]
    pub fn of(value: Value<'_>) -> Option<Self> {
        match value.kind() {
            Kind::String => Self::parse(value.text()?.escaped()),
            Kind::Null | Kind::Boolean | Kind::Number | Kind::Array | Kind::Object => None,
        }
    }

    /// The moment that `text` says, in one of the forms that [`of`](Self::of) knows.
    #[must_use]
    #[inline]
    pub fn parse(text: &str) -> Option<Self> {
        Self::usual(text).or_else(|| Self::unusual(text))
    }

    /// `2023-07-10T11:44:26Z`, at fixed places: eight bytes at a time.
    #[inline]
    fn usual(text: &str) -> Option<Self> {
        let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
        let (first, rest) = bytes.split_first_chunk()?;
        let [century, _, of_century, _, _, month, _, _] = pairs(*first, *b"0000-00-")?;
        let [day, _, _, hour, _, _, minute, _] = pairs(*rest.first_chunk()?, *b"00T00:00")?;
        let [_, _, _, _, _, second, _, _] = pairs(*rest.last_chunk()?, *b"0:00:00Z")?;
        let year = u32::from(century) * 100 + u32::from(of_century);
        let day = Day { year, month: month.into(), day: day.into() };
        let is_valid = day.is_valid() && hour < 24 && minute < 60 && second < 60;
        let of_day = of_day(hour.into(), minute.into(), second.into());
        is_valid.then(|| Self { milliseconds: day.milliseconds() + of_day, is_cut: false })
    }

    #[cold]
    fn unusual(text: &str) -> Option<Self> {
        let mut digits = Digits { rest: text.as_bytes() };
        let year = digits.number(4)?;
        digits.skip(b"-");
        let month = digits.number(2)?;
        digits.skip(b"-");
        let day = Day { year, month, day: digits.number(2)? };
        if !digits.skip(b"T ") {
            return None;
        }
        let hour = digits.number(2)?;
        digits.skip(b":");
        let minute = digits.number(2)?;
        digits.skip(b":");
        let second = digits.number(2)?;
        let (fraction, is_finer) = if digits.skip(b".") { digits.fraction()? } else { (0, false) };
        let is_cut = is_finer || second == 60;
        let offset = digits.offset()?;
        let is_whole = digits.rest.is_empty();
        let is_valid = day.is_valid() && hour < 24 && minute < 60 && second <= 60 && is_whole;
        let of_day = of_day(hour, minute, second) + i64::from(fraction) - offset;
        is_valid.then(|| Self { milliseconds: day.milliseconds() + of_day, is_cut })
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn milliseconds(self) -> i64 {
        self.milliseconds
    }

    /// True where the text says what milliseconds since 1970 do not: digits that are finer, or a
    /// leap second.
    #[must_use]
    pub fn is_cut(self) -> bool {
        self.is_cut
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

/// For each byte what it and the next say as two digits, if `text` has digits where `form` has a 0
/// and is `form` elsewhere.
#[inline(always)]
fn pairs(text: [u8; 8], form: [u8; 8]) -> Option<[u8; 8]> {
    let digits = u64::from_le_bytes(text) ^ u64::from_le_bytes(form);
    // What is added to more than 9 where a digit is, and to more than 0 elsewhere, goes over 15.
    let room = form.map(|byte| if byte == b'0' { 15 - 9 } else { 15 });
    let sum = digits.wrapping_add(u64::from_le_bytes(room));
    let is_of_form = (digits | sum) & 0xf0f0_f0f0_f0f0_f0f0 == 0;
    is_of_form.then(|| (digits * 10 + (digits >> 8)).to_le_bytes())
}

#[inline]
fn of_day(hour: u32, minute: u32, second: u32) -> i64 {
    i64::from((hour * 60 + minute) * 60 + second) * 1000
}

struct Digits<'t> {
    rest: &'t [u8],
}

impl Digits<'_> {
    #[inline]
    fn number(&mut self, width: usize) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(width)?;
        self.rest = rest;
        digits.iter().try_fold(0, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
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

    /// Digits after the point, as milliseconds, and whether anything finer is cut.
    fn fraction(&mut self) -> Option<(u32, bool)> {
        let count = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        let three = digits.iter().chain(b"00").take(3);
        let value = three.fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
        let is_cut = digits.iter().skip(3).any(|digit| *digit != b'0');
        (1..=9).contains(&count).then_some((value, is_cut))
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
        let minutes_in_all = i64::from(hours * 60 + minutes);
        (hours < 24 && minutes < 60).then_some(sign * minutes_in_all * 60_000)
    }
}

/// A day of the Gregorian calendar, in a year of four digits.
#[derive(Clone, Copy)]
struct Day {
    year: u32,
    month: u32,
    day: u32,
}

impl Day {
    #[inline]
    fn is_valid(self) -> bool {
        (1..=12).contains(&self.month)
            && self.day >= 1
            && (self.day <= 28 || self.day <= self.last())
    }

    /// The last day of the month.
    fn last(self) -> u32 {
        let year = self.year;
        match self.month {
            2 if year.is_multiple_of(4)
                && (!year.is_multiple_of(100) || year.is_multiple_of(400)) =>
            {
                29
            }
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// From 1970-01-01 to its beginning. Years start in March, so that the leap day is the last
    /// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"), and one era of 400 years
    /// earlier, so that none is negative.
    #[inline]
    fn milliseconds(self) -> i64 {
        let Self { year, month, day } = self;
        let (year, month) =
            if month <= 2 { (year + 399, month + 9) } else { (year + 400, month - 3) };
        let century = year / 100;
        let of_year = (153 * month + 2) / 5 + day;
        let days = year * 365 + year / 4 - century + century / 4 + of_year;
        (i64::from(days) - (146_097 + 719_469)) * DAY
    }
}

/// The date of a day since 1970-01-01: the reverse of [`Day`].
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
    fn what_milliseconds_do_not_say_is_told() {
        for (text, is_cut) in [
            ("2023-07-10T11:44:26Z", false),
            ("2023-07-10T11:44:26.5Z", false),
            ("2023-07-10T11:44:26.123000000Z", false),
            ("2023-07-10T11:44:26.1230001Z", true),
            ("2016-12-31T23:59:60Z", true),
            ("2016-12-31T23:59:60.5Z", true),
        ] {
            assert_eq!(Timestamp::parse(text).unwrap().is_cut(), is_cut, "{text}");
        }
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
            let time = Timestamp { milliseconds, is_cut: false };
            let mut text = Vec::new();
            time.append_rfc3339(&mut text);
            prop_assert_eq!(Timestamp::parse(str::from_utf8(&text).unwrap()), Some(time));
        }

        #[test]
        fn the_usual_form_is_read_as_the_others(
            year in 0..10_000, month in 0..14, day in 0..33, hour in 0..26, minute in 0..62, second in 0..60,
            place in 0..40_usize, other in any::<char>(),
        ) {
            let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
            let unlike = |(at, c): (usize, char)| if at == place { other } else { c };
            let unlike: String = text.chars().enumerate().map(unlike).collect();
            for text in [text, unlike] {
                if let Some(time) = Timestamp::usual(&text) {
                    prop_assert_eq!(Some(time), Timestamp::unusual(&text), "{}", text);
                } else if Timestamp::unusual(&text).is_some() {
                    let is_usual = text.len() == 20
                        && text.bytes().zip(*b"0000-00-00T00:00:00Z").all(|(byte, form)| {
                            if form == b'0' { byte.is_ascii_digit() } else { byte == form }
                        });
                    prop_assert!(!is_usual || text.contains(":60Z"), "{}", text);
                }
            }
        }

        #[test]
        fn any_text_is_a_moment_or_none(text in ".*") {
            let _ = Timestamp::parse(&text);
        }
    }
}
