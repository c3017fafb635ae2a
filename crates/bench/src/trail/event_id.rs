//! Ids of events that tell the event's number.

/// The odd constants of the finisher of `SplitMix64`.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
const FIRST: u64 = 0xbf58_476d_1ce4_e5b9;
const SECOND: u64 = 0x94d0_49bb_1331_11eb;
/// Tells these ids from others in the records, which are two numbers of such a generator in a row.
const SALT: u64 = 0xa5a5_5a5a_c3c3_3c3c;

/// An id that no other number has, as hard to compress as a random one: the finisher of
/// `SplitMix64` keeps different numbers different.
pub(crate) fn event_id(number: u64) -> String {
    let (high, low) = (mix(number * 2), mix(number * 2 + 1) ^ SALT);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

/// The number of the event with this id, if a trail gave it. Any other id passes for one with
/// a chance of one to 2^64.
#[must_use]
pub fn number_of(id: &[u8]) -> Option<u64> {
    let digits = [id.get(..8)?, id.get(9..13)?, id.get(14..18)?, id.get(19..23)?, id.get(24..)?];
    let dashes = [8, 13, 18, 23].iter().all(|at| id.get(*at) == Some(&b'-'));
    if id.len() != 36 || !dashes {
        return None;
    }
    let mut value = 0_u128;
    for digit in digits.into_iter().flatten() {
        value = value << 4 | u128::from(char::from(*digit).to_digit(16)?);
    }
    let high = u64::try_from(value >> 64).ok()?;
    let low = u64::try_from(value & u128::from(u64::MAX)).ok()?;
    let twice = unmix(high);
    (twice.is_multiple_of(2) && mix(twice + 1) ^ SALT == low).then_some(twice / 2)
}

fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_mul(GOLDEN);
    z = (z ^ (z >> 30)).wrapping_mul(FIRST);
    z = (z ^ (z >> 27)).wrapping_mul(SECOND);
    z ^ (z >> 31)
}

/// What [`mix`] made `z` of: its steps undone, the last one first.
fn unmix(mut z: u64) -> u64 {
    z = (z ^ (z >> 31) ^ (z >> 62)).wrapping_mul(inverse(SECOND));
    z = (z ^ (z >> 27) ^ (z >> 54)).wrapping_mul(inverse(FIRST));
    (z ^ (z >> 30) ^ (z >> 60)).wrapping_mul(inverse(GOLDEN))
}

/// What times `odd` is 1 in 64 bits: Newton's iteration doubles the bits that are right.
const fn inverse(odd: u64) -> u64 {
    let mut inverse = odd;
    let mut bits = 3;
    while bits < 64 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse)));
        bits *= 2;
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_its_number() {
        for number in (0..10_000).chain([u64::from(u32::MAX), 1 << 40]) {
            assert_eq!(number_of(event_id(number).as_bytes()), Some(number));
        }
    }

    #[test]
    fn an_id_that_no_trail_gave_has_no_number() {
        let id = event_id(7);
        let changed = id.replace('-', "0");
        let (_, shorter) = id.split_at(1);
        let longer = format!("{id}0");
        let other = "547e2c68-5b53-44cd-b446-24a12c5473dc";
        for id in [changed.as_str(), longer.as_str(), shorter, other, "", "é"] {
            assert_eq!(number_of(id.as_bytes()), None, "{id}");
        }
    }
}
