//! Which numbers there are, a bit each.

use std::ops::Range;

const BITS: u64 = 64;

/// A set of numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Bitmap {
    words: Vec<u64>,
}

impl Bitmap {
    /// Adds a number; whether it is new.
    pub(super) fn insert(&mut self, number: u64) -> bool {
        let Ok(at) = usize::try_from(number / BITS) else { return false };
        if at >= self.words.len() {
            self.words.resize(at + 1, 0);
        }
        let Some(word) = self.words.get_mut(at) else { return false };
        let bit = 1 << (number % BITS);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    /// How many numbers of a range are missing.
    pub(super) fn missing(&self, range: Range<u64>) -> u64 {
        range.filter(|number| !self.contains(*number)).count() as u64
    }

    /// Whether no number of a range is missing; quick at saying no.
    pub(super) fn has_all(&self, mut range: Range<u64>) -> bool {
        // An object that has not arrived lacks its last event most often.
        range.next_back().is_none_or(|last| self.contains(last))
            && range.all(|number| self.contains(number))
    }

    fn contains(&self, number: u64) -> bool {
        let word = usize::try_from(number / BITS).ok().and_then(|at| self.words.get(at));
        word.is_some_and(|word| word & 1 << (number % BITS) != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_new_once_and_the_missing_ones_are_told() {
        let mut bitmap = Bitmap::default();
        for number in [0, 63, 64, 1_000] {
            assert!(bitmap.insert(number));
            assert!(!bitmap.insert(number));
        }
        assert_eq!((bitmap.missing(62..66), bitmap.missing(5_000..5_003)), (2, 3));
        assert!(bitmap.has_all(63..65) && bitmap.has_all(7..7));
        assert!(!bitmap.has_all(63..66) && !bitmap.has_all(62..65));
    }
}
