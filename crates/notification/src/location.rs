//! Where an object lies, as S3 and EventBridge write it: `bucket` and `object`, side by side.

use serde::Deserialize;

use crate::object::ObjectRef;
use crate::unrecognized::Unrecognized;
use crate::wire::{Object, Raw, Text};

/// The `s3` of an S3 event, the `detail` of an EventBridge event. They differ in the spelling of
/// two fields, and in how the key is encoded.
#[derive(Deserialize)]
pub(crate) struct Location<'a> {
    #[serde(borrow)]
    bucket: Option<Object<Bucket<'a>>>,
    #[serde(borrow)]
    object: Option<Object<Stored<'a>>>,
}

#[derive(Deserialize)]
struct Bucket<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Stored<'a> {
    #[serde(borrow)]
    key: Option<Text<'a>>,
    #[serde(borrow, rename = "versionId", alias = "version-id")]
    version_id: Option<Text<'a>>,
    #[serde(borrow, rename = "eTag", alias = "etag")]
    etag: Option<Text<'a>>,
    #[serde(borrow)]
    size: Option<&'a Raw>,
}

impl Location<'_> {
    /// The object that entry `index` names, in `region`, its key as `decode` reads it.
    pub(crate) fn object(
        self,
        index: usize,
        region: Option<&str>,
        decode: fn(&str) -> Option<String>,
    ) -> Result<ObjectRef, Unrecognized> {
        let unnamed = || Unrecognized::NoObject { index };
        let bucket = self.bucket.and_then(|Object(bucket)| bucket.name).ok_or_else(unnamed)?;
        let Object(stored) = self.object.ok_or_else(unnamed)?;
        let encoded_key = stored.key.ok_or_else(unnamed)?;
        let key = decode(&encoded_key).ok_or(Unrecognized::KeyNotUtf8 { index })?;
        let size = stored.size.and_then(|raw| raw.get().parse().ok());
        let object = ObjectRef::found(index, &bucket, key)?
            .with_version(index, stored.version_id.as_deref())?
            .with_hints(stored.etag.as_deref(), region, size);
        Ok(object)
    }
}
