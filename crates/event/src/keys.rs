//! Sketches of the keys of free-form objects: enough to say which are certainly not there.

use crate::field::Field;
use crate::names::Key;

/// A set of keys, each with the object it stands in, kept as a few bits: what it is said not to hold
/// is not there, what it is said to hold may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Keys(u64);

impl Keys {
    /// No keys.
    pub const NONE: Self = Self(0);

    /// The key `key` of the object `parent`.
    #[must_use]
    pub fn of(parent: Field, key: &str) -> Self {
        Self::hashed(parent, &Key::of(key.as_bytes(), &(0..key.len())))
    }

    /// The key as it is written; any key if it is written with escapes.
    #[inline]
    pub(crate) fn written(parent: Field, key: &Key<'_>) -> Self {
        if key.is_escaped() { Self(u64::MAX) } else { Self::hashed(parent, key) }
    }

    #[inline]
    fn hashed(parent: Field, key: &Key<'_>) -> Self {
        Self(1 << (key.hash(parent) >> 58))
    }

    /// Adds those of another set.
    #[inline]
    pub fn extend(&mut self, others: Self) {
        self.0 |= others.0;
    }

    /// Whether a key may be in both sets; false is certain.
    #[must_use]
    #[inline]
    pub fn may_meet(self, others: Self) -> bool {
        self.0 & others.0 != 0
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
