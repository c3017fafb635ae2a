//! A condition on an event.

use crate::event::Event;
use crate::path::Path;
use crate::text::Text;
use crate::value::{Kind, Value};
use std::ops::ControlFlow;

/// A field, how it is compared, and with what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Condition {
    pub(super) path: Path,
    pub(super) operator: Operator,
    pub(super) values: Vec<String>,
}

/// How a field is compared, in CloudTrail's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Operator {
    Equals,
    NotEquals,
    StartsWith,
    NotStartsWith,
    EndsWith,
    NotEndsWith,
}

/// Arrays in arrays are looked into so far.
const ARRAYS: usize = 16;

impl Condition {
    /// Whether it holds.
    #[inline]
    pub(super) fn holds(&self, event: &Event<'_>) -> bool {
        let see = &mut |value| match self.matches(value, ARRAYS) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        self.path.each(event, see).is_break() != self.operator.is_negative()
    }

    /// Whether any of the values matches, the negation left aside.
    fn matches(&self, value: Value<'_>, arrays: usize) -> bool {
        match value.kind() {
            Kind::Null | Kind::Object => false,
            Kind::Array => {
                arrays > 0 && value.elements().any(|element| self.matches(element, arrays - 1))
            }
            Kind::String => value.text().is_some_and(|text| match text.plain() {
                Some(plain) => self.says(plain),
                None => self.says_escaped(text),
            }),
            Kind::Number | Kind::Boolean => self.says(value.json()),
        }
    }

    fn says(&self, text: &str) -> bool {
        let mut wanted = self.values.iter();
        match self.operator {
            Operator::Equals | Operator::NotEquals => wanted.any(|wanted| text == wanted),
            Operator::StartsWith | Operator::NotStartsWith => {
                wanted.any(|wanted| wanted.is_empty() || text.starts_with(wanted.as_str()))
            }
            Operator::EndsWith | Operator::NotEndsWith => {
                wanted.any(|wanted| text.ends_with(wanted.as_str()))
            }
        }
    }

    #[cold]
    fn says_escaped(&self, text: Text<'_>) -> bool {
        self.says(&text.unescaped())
    }
}

impl Operator {
    pub(super) const ALL: [Self; 6] = [
        Self::Equals,
        Self::NotEquals,
        Self::StartsWith,
        Self::NotStartsWith,
        Self::EndsWith,
        Self::NotEndsWith,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Equals => "equals",
            Self::NotEquals => "not_equals",
            Self::StartsWith => "starts_with",
            Self::NotStartsWith => "not_starts_with",
            Self::EndsWith => "ends_with",
            Self::NotEndsWith => "not_ends_with",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.name() == name)
    }

    const fn is_negative(self) -> bool {
        matches!(self, Self::NotEquals | Self::NotStartsWith | Self::NotEndsWith)
    }
}
