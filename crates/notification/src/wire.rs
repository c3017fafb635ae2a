//! JSON tools for reading what others wrote: text and objects that borrow, arrays that are walked
//! without being collected.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::unrecognized::Unrecognized;

/// A part of a body that is known to be JSON, and not looked into yet.
pub(crate) type Raw = RawValue;

/// A string, borrowed unless it holds escapes. (`Option<Cow<str>>` alone would never borrow.)
#[derive(Deserialize)]
pub(crate) struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'a> From<Text<'a>> for Cow<'a, str> {
    fn from(text: Text<'a>) -> Self {
        text.0
    }
}

/// The string that `raw` is, if it is one.
pub(crate) fn text(raw: &Raw) -> Option<Text<'_>> {
    serde_json::from_str(raw.get()).ok()
}

/// A `T` written as an object. A derived struct would take an array of its fields as well.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(de::value::MapAccessDeserializer::new(map)).map(Object)
    }
}

/// Calls `visit` with each element of the array `raw` and its index, and returns their number. The
/// first refusal ends the walk. `field` names the array in the error when it is none.
pub(crate) fn each<'a>(
    raw: &'a Raw,
    field: &'static str,
    visit: impl FnMut(usize, &'a Raw) -> Result<(), Unrecognized>,
) -> Result<usize, Unrecognized> {
    let mut walk = Walk { visit, refusal: None };
    let walked = serde_json::Deserializer::from_str(raw.get()).deserialize_seq(&mut walk);
    match walk.refusal {
        Some(refusal) => Err(refusal),
        None => walked.map_err(|_| Unrecognized::NotAList { field }),
    }
}

struct Walk<F> {
    visit: F,
    refusal: Option<Unrecognized>,
}

impl<'de, F> Visitor<'de> for &mut Walk<F>
where
    F: FnMut(usize, &'de Raw) -> Result<(), Unrecognized>,
{
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<usize, A::Error> {
        let mut count = 0;
        while let Some(element) = elements.next_element()? {
            if let Err(refusal) = (self.visit)(count, element) {
                self.refusal = Some(refusal);
                return Err(de::Error::custom("refused"));
            }
            count += 1;
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        name: Option<Text<'a>>,
    }

    #[test]
    fn text_is_borrowed_unless_it_holds_escapes() {
        let check = |json: &str, borrowed: bool| {
            let Object(Named { name }) = serde_json::from_str(json).unwrap();
            let name: Cow<'_, str> = name.unwrap().into();
            assert_eq!(matches!(name, Cow::Borrowed(_)), borrowed, "{json}");
        };
        check(r#"{"name":"plain"}"#, true);
        check(r#"{"name":"esc\u0061ped"}"#, false);
    }

    #[test]
    fn walk_ends_at_the_first_refusal() {
        let raw: &Raw = serde_json::from_str("[1,2,3]").unwrap();
        let mut seen = 0;
        let walked = each(raw, "numbers", |index, _| {
            seen += 1;
            if index == 1 { Err(Unrecognized::TooDeep) } else { Ok(()) }
        });
        assert_eq!((walked, seen), (Err(Unrecognized::TooDeep), 2));
        assert_eq!(each(raw, "numbers", |_, _| Ok(())), Ok(3));
    }
}
