//! The allow-list: which buckets, and which keys in them, a message may make the daemon read.

use std::collections::HashMap;
use trail_notification::ObjectRef;

/// Buckets, each with the key prefixes that may be read in it. A queue message is input from
/// outside: what is not on this list is refused without a request being made.
#[derive(Clone, Debug, Default)]
pub struct AllowList {
    prefixes: HashMap<String, Vec<String>>,
}

impl AllowList {
    /// A list from pairs of a bucket and what a key in it must begin with, empty for any key.
    pub fn new<'e>(entries: impl IntoIterator<Item = (&'e str, &'e str)>) -> Self {
        let mut prefixes: HashMap<String, Vec<String>> = HashMap::new();
        for (bucket, prefix) in entries {
            prefixes.entry(bucket.to_owned()).or_default().push(prefix.to_owned());
        }
        Self { prefixes }
    }

    /// Whether the object may be read.
    #[must_use]
    pub fn allows(&self, object: &ObjectRef) -> bool {
        let decoded = object.percent_decoded_key.as_ref();
        self.allows_key(&object.bucket, &object.key)
            && decoded.is_none_or(|key| self.allows_key(&object.bucket, key))
    }

    fn allows_key(&self, bucket: &str, key: &str) -> bool {
        let prefixes = self.prefixes.get(bucket);
        prefixes.is_some_and(|prefixes| prefixes.iter().any(|prefix| key.starts_with(prefix)))
    }
}

#[cfg(test)]
mod tests;
