//! The key of the hashes.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// The key of the hashes: who has it can try values until a hash fits. It is not shown; its memory
/// is not cleared when it is dropped, as it lives as long as the process.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct HashKey {
    bytes: Vec<u8>,
}

/// A key that is too short to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key for hashes has {} bytes at least, this one has {length}", HashKey::SHORTEST)]
pub struct ShortKey {
    /// Its length, in bytes.
    pub length: usize,
}

impl HashKey {
    /// Bytes a key has at least: 128 bits cannot be tried out.
    pub const SHORTEST: usize = 16;

    /// The key that these bytes are.
    ///
    /// # Errors
    /// [`ShortKey`] below [`HashKey::SHORTEST`].
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, ShortKey> {
        let bytes = bytes.into();
        match bytes.len() {
            length if length < Self::SHORTEST => Err(ShortKey { length }),
            _ => Ok(Self { bytes }),
        }
    }

    /// HMAC-SHA256 of a text.
    pub(super) fn hash(&self, text: &str) -> [u8; 32] {
        #[expect(clippy::expect_used, reason = "HMAC is defined for keys of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.bytes).expect("a key of any length");
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: [u8; 32]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Source: RFC 4231, test case 1.
    #[test]
    fn hashes_are_hmac_sha256() {
        let key = HashKey::new([0x0b; 20]).unwrap();
        let expect = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        assert_eq!(hex(key.hash("Hi There")), expect);
    }

    #[test]
    fn a_short_key_is_refused() {
        assert!(HashKey::new(*b"0123456789abcdef").is_ok());
        let error = HashKey::new(*b"0123456789abcde").unwrap_err();
        assert_eq!(error.to_string(), "a key for hashes has 16 bytes at least, this one has 15");
    }

    #[test]
    fn a_key_is_not_shown() {
        let key = HashKey::new("sixteen bytes ok").unwrap();
        assert_eq!(format!("{key:?}"), "HashKey(..)");
    }
}
