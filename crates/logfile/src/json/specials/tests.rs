use proptest::prelude::*;

use super::{BLOCK, Specials, mask};

/// A quote, a backslash, a control character or a byte beyond ASCII.
fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..0x20 | 0x80..)
}

#[test]
fn every_byte_is_told_from_the_others() {
    for byte in 0..=u8::MAX {
        let expected = if is_special(byte) { u64::MAX } else { 0 };
        assert_eq!(mask(&[byte; BLOCK]), expected, "{byte:#04x}");
    }
}

#[test]
fn every_byte_of_a_block_has_its_own_bit() {
    for length in [64, 128, 150] {
        for place in 0..length {
            let mut bytes = vec![b'a'; length];
            bytes[place] = b'"';
            assert_eq!(Specials::new(&bytes, 0).next(0), place, "of {length}");
        }
    }
}

proptest! {
    #[test]
    fn the_next_special_byte_is_the_one_a_plain_search_finds(
        bytes in prop::collection::vec(prop_oneof![8 => b' '..b'~', 1 => any::<u8>()], 0..300),
        mut from in 0_usize..300,
    ) {
        let mut specials = Specials::new(&bytes, from);
        while from < bytes.len() {
            let plain = bytes[from..].iter().position(|byte| is_special(*byte));
            let found = specials.next(from);
            match plain {
                Some(plain) => prop_assert_eq!(found, from + plain),
                None => prop_assert!(found >= bytes.len()),
            }
            from = found + 1;
        }
    }

    #[test]
    fn places_may_be_asked_for_in_any_order(
        bytes in prop::collection::vec(prop_oneof![40 => Just(b'a'), 1 => any::<u8>()], 600),
        places in prop::collection::vec(0_usize..600, 1..20),
    ) {
        let mut specials = Specials::new(&bytes, 0);
        for from in places {
            let plain = bytes[from..].iter().position(|byte| is_special(*byte));
            let found = specials.next(from);
            match plain {
                Some(plain) => prop_assert_eq!(found, from + plain),
                None => prop_assert!(found >= bytes.len()),
            }
        }
    }
}
