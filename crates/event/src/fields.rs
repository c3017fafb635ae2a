//! Sets of fields.

use crate::field::Field;

/// A set of fields, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Fields([u64; WORDS]);

const WORDS: usize = Field::COUNT.div_ceil(BITS);
const BITS: usize = 64;

impl Fields {
    /// None of them.
    pub const NONE: Self = Self([0; WORDS]);

    /// Adds a field.
    #[inline]
    pub fn insert(&mut self, field: Field) {
        if let Some(word) = self.0.get_mut(field.place() / BITS) {
            *word |= 1 << (field.place() % BITS);
        }
    }

    /// How many there are.
    #[must_use]
    #[inline]
    pub fn count(self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Takes a field out.
    #[inline]
    pub fn remove(&mut self, field: Field) {
        if let Some(word) = self.0.get_mut(field.place() / BITS) {
            *word &= !(1 << (field.place() % BITS));
        }
    }

    /// Adds all fields of another set.
    #[inline]
    pub fn extend(&mut self, others: Self) {
        self.0.iter_mut().zip(others.0).for_each(|(word, other)| *word |= other);
    }

    /// Those that are in this set and in another.
    #[must_use]
    #[inline]
    pub fn and(self, others: Self) -> Self {
        let mut both = self;
        both.0.iter_mut().zip(others.0).for_each(|(word, other)| *word &= other);
        both
    }

    /// Those that are in this set and not in another.
    #[must_use]
    #[inline]
    pub fn without(self, others: Self) -> Self {
        self.and(Self(others.0.map(|word| !word)))
    }

    /// The fields, in the order of their table.
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = Field> {
        (0..).zip(self.0).flat_map(|(number, mut word)| {
            std::iter::from_fn(move || {
                let place = BITS * number + word.trailing_zeros() as usize;
                let field = (word != 0).then(|| Field::ALL.get(place)).flatten();
                word &= word.wrapping_sub(1);
                field.copied()
            })
        })
    }

    /// Whether a field is in the set.
    #[must_use]
    #[inline]
    pub fn has(&self, field: Field) -> bool {
        self.0.get(field.place() / BITS).is_some_and(|word| word >> (field.place() % BITS) & 1 == 1)
    }

    /// Whether a field is in both sets.
    #[must_use]
    #[inline]
    pub fn meets(self, others: Self) -> bool {
        self.0.iter().zip(others.0).fold(0, |both, (word, other)| both | word & other) != 0
    }
}

impl<'f> FromIterator<&'f Field> for Fields {
    fn from_iter<I: IntoIterator<Item = &'f Field>>(fields: I) -> Self {
        let mut set = Self::NONE;
        fields.into_iter().for_each(|field| set.insert(*field));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_in_its_set_and_in_no_other() {
        for field in Field::ALL {
            let mut set = Fields::from_iter(&[field]);
            let same = Field::ALL.into_iter().filter(|other| set.has(*other));
            assert!(same.eq([field]));
            let others: Fields = Field::ALL.iter().filter(|other| **other != field).collect();
            assert!(!set.meets(others) && !others.has(field) && set.meets(set));
            set.remove(field);
            assert_eq!(set, Fields::NONE);
            set.extend(others);
            assert_eq!(set, others);
            assert!(Fields::from_iter(&[field]).iter().eq([field]));
            let expect = Field::ALL.into_iter().filter(|other| *other != field);
            assert!(others.iter().eq(expect));
            assert_eq!(others.without(others), Fields::NONE);
            assert_eq!(others.and(Fields::from_iter(&Field::ALL)), others);
        }
    }
}
