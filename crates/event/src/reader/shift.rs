//! Reading a record of which a few strings are others now: its members stand where they stood, but
//! for the bytes that came or went before them. That is faster than finding them again.

use super::{Index, KEPT, Place, Reader, Span};
use crate::event::Event;

/// A string of a record that is replaced by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where its first quote stands in the record.
    pub start: usize,
    /// Bytes that it has there, with its quotes.
    pub from: usize,
    /// Bytes that it has now.
    pub to: usize,
}

impl Reader {
    /// As [`read`](Self::read) of `json`, the record of `event` with these values replaced: each a
    /// string before and after, no one of them in another, in the order of the record. With other
    /// edits the event has other members, and nothing worse happens.
    pub fn read_edited<'a>(
        &'a mut self,
        event: &Event<'_>,
        json: &'a str,
        edits: &[Edit],
    ) -> Event<'a> {
        self.index.copy(event.places());
        let quotes = self.quotes.copy(event.quotes());
        // From the last, so that what an edit moves is after all that are still to come.
        for edit in edits.iter().rev() {
            self.index.shift(*edit);
            quotes.iter_mut().for_each(|place| *place = edit.moved(*place));
        }
        Event::new(event.index(), json, self.quotes.places(), &self.index)
    }
}

impl Edit {
    /// Where what stood at `place` stands now: moved, if that is after the first quote.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "records are below 4 GiB")]
    fn moved(self, place: u32) -> u32 {
        let by = (self.to as u32).wrapping_sub(self.from as u32);
        place.wrapping_add(if place > self.start as u32 { by } else { 0 })
    }
}

impl Index {
    fn copy(&mut self, other: &Self) {
        // What names were guessed is no part of what was read.
        let Self { values, quotes, names: _, keys, present, known, ambiguous, members } = other;
        self.values = *values;
        // These are numbers of quotes, of which there are as many as before.
        self.quotes = *quotes;
        self.keys = *keys;
        self.present = *present;
        self.known = *known;
        self.ambiguous = *ambiguous;
        self.members.clear();
        self.members.shrink_to(KEPT);
        self.members.extend_from_slice(members);
    }

    /// Moves all that stands after the first quote of the edited string.
    fn shift(&mut self, edit: Edit) {
        let shift = |span: Span| Span { start: edit.moved(span.start), end: edit.moved(span.end) };
        self.values.iter_mut().for_each(|span| *span = shift(*span));
        for Place { key, value, .. } in &mut self.members {
            *key = shift(*key);
            *value = shift(*value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::tests::{object, spaces};
    use crate::{Field, Kind, Value};
    use proptest::prelude::*;

    fn keys() -> impl Strategy<Value = String> + Clone {
        let objects = ["userIdentity", "requestParameters", "responseElements", "credentials"];
        let known = Field::ALL.into_iter().map(Field::key).chain(objects.repeat(20));
        let known = prop::sample::select(known.collect::<Vec<_>>()).prop_map(str::to_owned);
        prop_oneof![4 => known, 1 => "[a-z.\"\\\\]{0,9}"]
    }

    /// Values that are strings and stand in no other that is chosen, with their places.
    fn strings(value: Value<'_>, record: &str, found: &mut Vec<(usize, usize)>) {
        if value.kind() == Kind::String {
            let start = value.json().as_ptr().addr() - record.as_ptr().addr();
            found.push((start, value.json().len()));
        }
        value.members().for_each(|(_, value)| strings(value, record, found));
        value.elements().for_each(|value| strings(value, record, found));
    }

    fn check(json: &str, chosen: &[bool], text: &str) {
        let mut found = Vec::new();
        strings(Value::new(json), json, &mut found);
        let chosen = chosen.iter().chain(std::iter::repeat(&false));
        let chosen = found.iter().zip(chosen).filter(|(_, is)| **is).map(|(place, _)| *place);
        let (mut edited, mut done, mut edits) = (String::new(), 0, Vec::new());
        for (start, from) in chosen {
            edited.push_str(json.get(done..start).unwrap());
            edited.push_str(text);
            done = start + from;
            edits.push(Edit { start, from, to: text.len() });
        }
        edited.push_str(json.get(done..).unwrap());
        let (mut reader, mut shifted, mut anew) = (Reader::new(), Reader::new(), Reader::new());
        // What was read before leaves no trace.
        let _ = shifted.read(0, r#"{"eventName":"before","x":1}"#);
        let event = reader.read(7, json);
        let shifted = shifted.read_edited(&event, &edited, &edits);
        let anew = anew.read(7, &edited);
        assert_eq!(told(&shifted), told(&anew), "{json} became {edited}");
    }

    /// All that an event tells.
    fn told(event: &Event<'_>) -> String {
        let values = Field::ALL.map(|field| event.value(field));
        let members: Vec<_> = event.members().collect();
        let quotes = Field::ALL.map(|field| event.quotes_of(field));
        let odd = (event.is_ambiguous(), event.keys(), event.fields(), event.index());
        format!("{odd:?} {values:?} {quotes:?} {members:?} {}", event.json())
    }

    #[test]
    fn members_stand_where_strings_of_other_lengths_put_them() {
        let json = r#"{"userAgent":"agent","requestParameters":{"a":["b",1],"roleArn":"r"},
            "responseElements":{"credentials":{"accessKeyId":"k","sessionToken":"long \" one"}},
            "eventName":"","eventName":"twice","other":null}"#;
        for text in [r#""***""#, r#""""#, r#""a string that is longer than the others""#] {
            for chosen in 0_u32..1 << 8 {
                check(json, &(0..8).map(|bit| chosen >> bit & 1 == 1).collect::<Vec<_>>(), text);
            }
        }
    }

    #[test]
    fn edits_that_are_none_do_no_harm() {
        let mut reader = Reader::new();
        let event = reader.read(0, r#"{"eventName":"é","awsRegion":"b"}"#);
        for (start, from, to) in [(0, 9, 1), (14, 0, usize::MAX), (usize::MAX, 1, 1), (2, 3, 9)] {
            let mut edited = Reader::new();
            let edited = edited.read_edited(&event, "é", &[Edit { start, from, to }]);
            let _ = told(&edited);
        }
    }

    proptest! {
        #[test]
        fn an_edited_record_is_read_as_if_anew(
            record in object(keys()),
            spaces in spaces(),
            chosen in prop::collection::vec(any::<bool>(), 0..20),
            text in prop::sample::select(vec![r#""***""#, r#""""#, r#""\"quoted\" and longer""#]),
        ) {
            check(&record.text(&spaces), &chosen, text);
        }
    }
}
