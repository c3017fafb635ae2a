//! Rules, by the keys of their paths.

use super::rule::Action;
use trail_event::{Field, Segment, Text};

/// What the rules say of a value, and of what stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Node {
    /// How the value itself is hidden.
    pub(super) action: Option<Action>,
    /// What is said of the members that rules name.
    named: Vec<(String, Self)>,
    /// What is said of every other member: of those that rules name too it is in their nodes.
    other: Option<Box<Self>>,
    /// Whether a rule that leads on names this value by its key.
    pub(super) is_named: bool,
}

/// The fields of a record that rules lead into: the others need not be looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Ruled {
    /// For each field, by its place.
    fields: Vec<bool>,
}

/// What is left of a rule's path, and its action.
pub(super) type Steps<'p> = (&'p [Segment], Action);

impl Node {
    /// The rules, as seen from the record.
    pub(super) fn of(rules: &[Steps<'_>]) -> Self {
        let ending = rules.iter().filter(|(path, _)| path.is_empty());
        let action = ending.map(|(_, action)| *action).min();
        let mut node = Self { action, ..Self::default() };
        for (path, _) in rules {
            match path.first() {
                Some(Segment::Key(key)) if node.get(key).is_none() => {
                    node.named.push((key.clone(), Self::of_key(rules, key)));
                }
                Some(Segment::Any) if node.other.is_none() => {
                    let rules = after(rules, |segment| *segment == Segment::Any);
                    node.other = Some(Box::new(Self::of(&rules)));
                }
                Some(Segment::Key(_) | Segment::Any) | None => {}
            }
        }
        node
    }

    /// What the rules say of the member `key`: those that name it, and those that name any.
    fn of_key(rules: &[Steps<'_>], key: &str) -> Self {
        let is_it = |segment: &Segment| *segment == Segment::Key(key.to_owned());
        let is_named = after(rules, is_it).iter().any(|(path, _)| !path.is_empty());
        let rules = after(rules, |segment| is_it(segment) || *segment == Segment::Any);
        Self { is_named, ..Self::of(&rules) }
    }

    /// What the rules say of the member of this key, escaped or not.
    pub(super) fn member(&self, key: Text<'_>) -> Option<&Self> {
        let named = match key.plain() {
            Some(plain) => self.get(plain),
            None => self.get(&key.unescaped()),
        };
        named.or(self.other.as_deref())
    }

    fn get(&self, key: &str) -> Option<&Self> {
        self.named.iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    /// Whether a rule leads on into the value.
    pub(super) fn leads_on(&self) -> bool {
        !self.named.is_empty() || self.other.is_some()
    }
}

impl Ruled {
    pub(super) fn by(rules: &Node) -> Self {
        let is_ruled = |field: Field| {
            field.parent().is_none() && rules.member(Text::new(field.key())).is_some()
        };
        Self { fields: Field::ALL.map(is_ruled).to_vec() }
    }

    #[inline]
    pub(super) fn holds(&self, field: Field) -> bool {
        self.fields.get(field.place()).copied().unwrap_or_default()
    }
}

/// What is left of the rules whose next step is one of these.
fn after<'p>(rules: &[Steps<'p>], is_one: impl Fn(&Segment) -> bool) -> Vec<Steps<'p>> {
    let step = |(path, action): &Steps<'p>| {
        let (first, rest) = path.split_first()?;
        is_one(first).then_some((rest, *action))
    };
    rules.iter().filter_map(step).collect()
}
