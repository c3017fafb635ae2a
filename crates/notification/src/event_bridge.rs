//! An EventBridge event, as a rule delivers it.

use percent_encoding::percent_decode_str;

use crate::escape::excerpt;
use crate::location::Location;
use crate::notification::Finding;
use crate::object::ObjectRef;
use crate::unrecognized::Unrecognized;
use crate::wire::{Object, Raw, Text};

/// The parts of an event's frame that matter; `detail` is not looked into before they are known.
pub(crate) struct Event<'a> {
    pub(crate) detail_type: Text<'a>,
    pub(crate) source: Text<'a>,
    pub(crate) region: Option<Text<'a>>,
    pub(crate) detail: Option<&'a Raw>,
}

/// The event names one object, so errors speak of entry 0.
const INDEX: usize = 0;

impl Event<'_> {
    /// What the event comes to.
    pub(crate) fn finding(self) -> Result<Finding, Unrecognized> {
        if *self.source != *"aws.s3" {
            return Err(Unrecognized::OtherSource { source_name: excerpt(&self.source) });
        }
        if *self.detail_type != *"Object Created" {
            return Ok(Finding::not_created(&self.detail_type));
        }
        self.created().map(Finding::Created)
    }

    fn created(self) -> Result<ObjectRef, Unrecognized> {
        let detail = self.detail.ok_or(Unrecognized::NoObject { index: INDEX })?;
        let Object(location) = serde_json::from_str::<Object<Location<'_>>>(detail.get())
            .map_err(|_| Unrecognized::MalformedEntry { index: INDEX })?;
        let as_it_is = |key: &str| Some(key.to_owned());
        let object = location.object(INDEX, self.region.as_deref(), as_it_is)?;
        Ok(ObjectRef { percent_decoded_key: percent_decoded(&object.key), ..object })
    }
}

/// The key with percent signs read, where that gives another one. A plus stays a plus.
fn percent_decoded(key: &str) -> Option<String> {
    let decoded = percent_decode_str(key).decode_utf8().ok()?;
    (decoded != key).then(|| decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_spelling_of_a_key_exists_only_where_it_differs() {
        let check = |key: &str, expected: Option<&str>| {
            assert_eq!(percent_decoded(key).as_deref(), expected, "{key}");
        };
        check("AWSLogs/1/a.json.gz", None);
        check("red+flower.jpg", None);
        check("red%20flower.jpg", Some("red flower.jpg"));
        check("a%2Bb+c", Some("a+b+c"));
        check("%FF", None);
        check("100%", None);
    }
}
