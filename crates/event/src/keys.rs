//! Sketches of the keys of free-form objects: enough to say which are certainly not there.

use crate::field::Field;
use crate::names::Key;

/// A set of keys, each with the object it stands in, kept as a bit: what it is said not to hold is
/// not there, what it is said to hold may be.
///
/// It has so many bits that the few keys of an event seldom meet the fourteen that the usual rules
/// name: with 64 bits two events in three did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Keys([u64; WORDS]);

/// A power of two.
const WORDS: usize = 16;

/// Bits of a hash that say which bit of the set.
const BITS: u32 = (WORDS * 64).trailing_zeros();

impl Keys {
    /// No keys.
    pub const NONE: Self = Self([0; WORDS]);

    /// The key `key` of the object `parent`.
    #[must_use]
    pub fn of(parent: Field, key: &str) -> Self {
        let mut keys = Self::NONE;
        keys.add_hashed(parent, &Key::of(key.as_bytes(), &(0..key.len())));
        keys
    }

    /// Adds the key as it is written; any key if it is written with escapes.
    #[inline]
    pub(crate) fn add_written(&mut self, parent: Field, key: &Key<'_>) {
        if key.is_escaped() {
            self.0 = [u64::MAX; WORDS];
        } else {
            self.add_hashed(parent, key);
        }
    }

    #[inline]
    fn add_hashed(&mut self, parent: Field, key: &Key<'_>) {
        let bit = (key.hash(parent) >> (64 - BITS)) as usize;
        if let Some(word) = self.0.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    /// Adds those of another set.
    #[inline]
    pub fn extend(&mut self, others: Self) {
        self.0.iter_mut().zip(others.0).for_each(|(word, other)| *word |= other);
    }

    /// Whether a key may be in both sets; false is certain.
    #[must_use]
    #[inline]
    pub fn may_meet(self, others: Self) -> bool {
        self.0.iter().zip(others.0).fold(0, |met, (word, other)| met | word & other) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reader;
    use proptest::prelude::*;

    fn keys(request: &str) -> Keys {
        Reader::new().read(0, &format!(r#"{{"requestParameters":{request}}}"#)).keys()
    }

    #[test]
    fn keys_that_are_there_are_never_denied() {
        let found = keys(r#"{"a":1,"roleArn":"r","b":{"c":2}}"#);
        for key in ["a", "roleArn", "b"] {
            assert!(found.may_meet(Keys::of(Field::RequestParameters, key)), "{key}");
        }
        assert!(!found.may_meet(Keys::of(Field::RequestParameters, "webIdentityToken")));
        assert_eq!(keys("null"), Keys::NONE);
    }

    #[test]
    fn escaped_key_may_be_any() {
        assert!(keys(r#"{"\u0061":1}"#).may_meet(Keys::of(Field::RequestParameters, "anything")));
    }

    proptest! {
        #[test]
        fn any_key_is_found(key in ".*") {
            let json = serde_json::to_string(&key).unwrap();
            let found = keys(&format!("{{{json}:0}}"));
            prop_assert!(found.may_meet(Keys::of(Field::RequestParameters, &key)));
        }
    }
}
