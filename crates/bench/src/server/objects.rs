//! The objects of all buckets, in memory.

use bytes::Bytes;
use hyper::header::HeaderValue;
use jiff::Timestamp;
use md5::{Digest as _, Md5};
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::{PoisonError, RwLock};

/// Buckets by their names. Reading an object holds the lock for a look-up, no longer.
#[derive(Debug, Default)]
pub(super) struct Objects(RwLock<HashMap<String, BTreeMap<String, Object>>>);

/// An object. A clone shares its bytes.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) bytes: Bytes,
    /// The MD5 in hex, between quotation marks.
    pub(super) etag: HeaderValue,
    pub(super) modified: Timestamp,
    /// The same as a header says it.
    pub(super) last_modified: HeaderValue,
}

/// Why there is no object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absent {
    Bucket,
    Key,
}

impl Objects {
    /// Stores an object; its MD5 in hex.
    pub(super) fn put(&self, bucket: &str, key: &str, bytes: Bytes) -> String {
        let md5 = hex_md5(&bytes);
        let object = Object::new(bytes, &md5);
        let mut buckets = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(bucket.to_owned()).or_default();
        bucket.insert(key.to_owned(), object);
        md5
    }

    pub(super) fn remove(&self, bucket: &str, key: &str) {
        let mut buckets = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(bucket) {
            bucket.remove(key);
        }
    }

    pub(super) fn get(&self, bucket: &str, key: &str) -> Result<Object, Absent> {
        let buckets = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.get(bucket).ok_or(Absent::Bucket)?;
        bucket.get(key).cloned().ok_or(Absent::Key)
    }

    pub(super) fn has_bucket(&self, bucket: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains_key(bucket)
    }

    /// The first `most` keys of a bucket that start with `prefix` and come after `after`.
    pub(super) fn list(
        &self,
        bucket: &str,
        prefix: &str,
        after: &str,
        most: usize,
    ) -> Option<Vec<(String, Object)>> {
        let buckets = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let from = if after < prefix { Bound::Included(prefix) } else { Bound::Excluded(after) };
        let keys = buckets.get(bucket)?.range::<str, _>((from, Bound::Unbounded));
        let named = keys.take_while(|(key, _)| key.starts_with(prefix)).take(most);
        Some(named.map(|(key, object)| (key.clone(), object.clone())).collect())
    }
}

impl Object {
    fn new(bytes: Bytes, md5: &str) -> Self {
        let modified = Timestamp::now();
        let last_modified = modified.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        Self {
            bytes,
            etag: header(&format!("\"{md5}\"")),
            modified,
            last_modified: header(&last_modified),
        }
    }
}

/// The MD5 in hex.
pub(super) fn hex_md5(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let digest = Md5::digest(bytes);
    digest.iter().fold(String::with_capacity(32), |mut hex, byte| {
        // Writing to a `String` does not fail.
        write!(hex, "{byte:02x}").unwrap_or_default();
        hex
    })
}

fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_listed_in_order_from_where_the_last_list_ended() {
        let objects = Objects::default();
        for key in ["b/2", "a", "b/1", "b/3", "c"] {
            objects.put("trail", key, Bytes::new());
        }
        let keys = |prefix, after, most| {
            let found = objects.list("trail", prefix, after, most).unwrap();
            found.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
        };
        assert_eq!(keys("b/", "", 2), ["b/1", "b/2"]);
        assert_eq!(keys("b/", "b/2", 2), ["b/3"]);
        assert_eq!(keys("", "", 9).len(), 5);
        assert!(objects.list("other", "", "", 1).is_none());
    }

    #[test]
    fn md5_is_the_known_one() {
        assert_eq!(hex_md5(b""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(hex_md5(b"abc"), "900150983cd24fb0d6963f7d28e17f72");
    }
}
