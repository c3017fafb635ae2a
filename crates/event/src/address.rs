//! Addresses, as CloudTrail writes them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address that `text` is, as the standard library reads it, but nearly always without it.
pub(crate) fn parse(text: &str) -> Option<IpAddr> {
    let bytes = text.as_bytes();
    if let Some(address) = dotted(bytes) {
        return Some(IpAddr::V4(address));
    }
    // The first part of an address of version 6 has four digits at most. Names of services have no
    // colon there.
    if !bytes.iter().take(5).any(|byte| *byte == b':') {
        return None;
    }
    grouped(bytes).or_else(|| text.parse().ok()).map(IpAddr::V6)
}

/// Four numbers with dots between them.
#[inline]
fn dotted(text: &[u8]) -> Option<Ipv4Addr> {
    let (a, text) = number(text)?;
    let (b, text) = number(text.strip_prefix(b".")?)?;
    let (c, text) = number(text.strip_prefix(b".")?)?;
    let (d, text) = number(text.strip_prefix(b".")?)?;
    text.is_empty().then(|| Ipv4Addr::new(a, b, c, d))
}

/// A number below 256 without zeros before it, and what follows it.
#[inline]
fn number(text: &[u8]) -> Option<(u8, &[u8])> {
    let digit = |place: usize| {
        let digit = text.get(place)?.wrapping_sub(b'0');
        (digit < 10).then_some(u32::from(digit))
    };
    let first = digit(0)?;
    let (number, length) = match (digit(1), digit(2)) {
        _ if first == 0 => (0, 1),
        (None, _) => (first, 1),
        (Some(second), None) => (first * 10 + second, 2),
        (Some(second), Some(third)) => (first * 100 + second * 10 + third, 3),
    };
    Some((u8::try_from(number).ok()?, text.get(length..)?))
}

/// Groups of hexadecimal digits with colons between them, none at one place where there are two
/// colons. None too for other forms, which are rare.
fn grouped(text: &[u8]) -> Option<Ipv6Addr> {
    let (mut bits, mut before_gap, mut count) = (0_u128, None, 0);
    let mut rest = text;
    if let Some(after) = rest.strip_prefix(b"::") {
        (before_gap, rest) = (Some(0), after);
    }
    while !rest.is_empty() {
        let (group, after) = group(rest)?;
        (bits, count) = (bits << 16 | u128::from(group), count + 1);
        rest = match after {
            [] => break,
            [b':', b':', rest @ ..] if before_gap.is_none() && count < GROUPS => {
                before_gap = Some(bits << (16 * (GROUPS - count)));
                bits = 0;
                rest
            }
            [b':', rest @ ..] if !rest.is_empty() && count < GROUPS => rest,
            _ => return None,
        };
    }
    match before_gap {
        None if count == GROUPS => Some(bits.into()),
        Some(before) if count < GROUPS => Some((before | bits).into()),
        _ => None,
    }
}

const GROUPS: u32 = 8;

/// One to four digits, and what follows them.
#[inline]
fn group(text: &[u8]) -> Option<(u32, &[u8])> {
    let (mut number, mut length) = (0, 0);
    for byte in text.iter().take(4) {
        let Some(digit) = char::from(*byte).to_digit(16) else { break };
        (number, length) = (number << 4 | digit, length + 1);
    }
    (length > 0).then_some((number, text.get(length..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str) {
        assert_eq!(parse(text), text.parse().ok(), "{text}");
    }

    #[test]
    fn text_is_the_address_that_the_standard_library_reads() {
        for text in [
            "",
            ".",
            "0.0.0.0",
            "255.255.255.255",
            "256.1.1.1",
            "1.2.3",
            "1.2.3.4.",
            "1.2.3.4.5",
            "01.2.3.4",
            "1.2.3.00",
            "1..2.3",
            "1.2.3.4567",
            "+1.2.3.4",
            " 1.2.3.4",
            "1.2.3.4/8",
            "::",
            "::1",
            "2001:db8::1",
            "abcd:ef01::",
            "::ffff:1.2.3.4",
            "fe80::1%eth0",
            "12345::",
            "1234:5:6:7:8:9:a:b",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7::",
            "1:2:3:4:5:6:7:8::",
            "1::2::3",
            ":::",
            "1:",
            ":1",
            "1:::2",
            "1::2:",
            "::1:2:3:4:5:6:7",
            "::1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7",
            "G::",
            "a::F",
            "ec2.amazonaws.com",
            "AWS Internal",
            r"1.2.3.\u0034",
            "１.2.3.4",
        ] {
            check(text);
        }
    }

    proptest! {
        #[test]
        fn any_text_of_digits_and_dots_is_read_alike(text in "[0-9.]{0,16}|([0-9]{1,3}\\.){3}[0-9]{1,3}") {
            check(&text);
        }

        #[test]
        fn any_text_is_read_alike(text in ".*|[0-9a-fA-F:.]{0,40}|([0-9a-f]{0,5}::?){1,8}[0-9a-f]{0,4}") {
            check(&text);
        }

        #[test]
        fn every_address_is_read(address: IpAddr) {
            prop_assert_eq!(parse(&address.to_string()), Some(address));
        }
    }
}
