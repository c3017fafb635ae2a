//! Whether an event certainly holds nothing that rules hide: most events, and most rules.

use super::rule::Rule;
use trail_event::{Event, Field, Fields, Keys, Kind, Segment, Shape};

/// What has to be there for any rule to hide something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Watch {
    /// Free-form objects of the record that rules lead into.
    objects: Fields,
    /// What they name there, where it is a field.
    fields: Vec<Field>,
    /// The other keys that they name there.
    keys: Keys,
    /// Whether a rule leads elsewhere, so that nothing is certain.
    elsewhere: bool,
}

/// What of an event the rules may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    Nothing,
    /// This field, and nothing else.
    Only(Field),
    Anything,
}

impl Watch {
    pub(super) fn over(rules: &[Rule]) -> Self {
        let mut watch = Self::default();
        for rule in rules {
            match key_of_object(rule.path.segments()) {
                Some((object, key)) => {
                    watch.objects.insert(object);
                    let is_it =
                        |field: &Field| field.parent() == Some(object) && field.key() == key;
                    match Field::ALL.into_iter().find(is_it) {
                        Some(field) if watch.fields.contains(&field) => {}
                        Some(field) => watch.fields.push(field),
                        None => watch.keys.extend(Keys::of(object, key)),
                    }
                }
                None => watch.elsewhere = true,
            }
        }
        watch
    }

    /// Anything, if the record has to be looked at: a rule may lead to something that is no field, an
    /// object is a string or has another of the same key, a key of the record is written with escapes.
    pub(super) fn look_at(&self, event: &Event<'_>) -> Seen {
        let is_no_text = |object: Field| {
            event
                .value(object)
                .is_none_or(|value| matches!(value.kind(), Kind::Object | Kind::Null))
        };
        let is_certain = !self.elsewhere
            && !event.is_ambiguous()
            && !event.keys().may_meet(self.keys)
            && OBJECTS.into_iter().all(|object| !self.objects.has(object) || is_no_text(object));
        let mut fields = self.fields.iter().filter(|field| event.has(**field));
        match (fields.next(), fields.next()) {
            _ if !is_certain => Seen::Anything,
            (None, _) => Seen::Nothing,
            (Some(field), None) => Seen::Only(*field),
            (Some(_), Some(_)) => Seen::Anything,
        }
    }
}

/// Objects of which the reader sketches the keys.
const OBJECTS: [Field; 2] = [Field::RequestParameters, Field::ResponseElements];

/// The object of the record that a path leads into, and the key that it names there.
fn key_of_object(path: &[Segment]) -> Option<(Field, &str)> {
    let [Segment::Key(object), Segment::Key(key), ..] = path else { return None };
    let object = OBJECTS.into_iter().find(|field| field.key() == object)?;
    debug_assert!(object.shape() == Shape::Freeform && object.has_members());
    Some((object, key))
}
