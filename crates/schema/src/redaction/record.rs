//! Rewriting a record.

use super::edits::Edits;
use super::hash_key::HashKey;
use super::rule::Action;
use super::tree::{Node, Ruled};
use std::fmt::Write;
use trail_event::{Edit, Event, Field, Kind, Text, Value};

/// A record that is being rewritten. Nothing is written before the first value is hidden.
pub(super) struct Rewrite<'a> {
    event: &'a Event<'a>,
    key: Option<&'a HashKey>,
    into: &'a mut String,
    edits: &'a mut Edits,
    /// How much of the record is written or left out. None: nothing is hidden yet.
    done: Option<usize>,
}

/// Arrays in arrays are looked into so far; what is deeper is masked.
const ARRAYS: usize = 16;

const MASK: &str = "\"***\"";

impl<'a> Rewrite<'a> {
    pub(super) fn new(
        event: &'a Event<'a>,
        key: Option<&'a HashKey>,
        into: &'a mut String,
        edits: &'a mut Edits,
    ) -> Self {
        edits.clear();
        Self { event, key, into, edits, done: None }
    }

    /// Rewrites it where only this field is ruled, of an object of the record; whether anything is
    /// hidden.
    pub(super) fn field(mut self, field: Field, rules: &Node, ruled: &Ruled) -> bool {
        let object = field.parent().and_then(|object| rules.member(Text::new(object.key())));
        let its = object.and_then(|object| object.member(Text::new(field.key())));
        match (its, self.event.value(field)) {
            // What stands before its key matters, too.
            (Some(Node { action: Some(Action::Drop), .. }), _) => self.record(rules, ruled),
            (Some(rules), Some(value)) => {
                self.value(rules, value, ARRAYS);
                self.finish()
            }
            (None, _) | (_, None) => false,
        }
    }

    /// Rewrites it; whether anything is hidden.
    pub(super) fn record(mut self, rules: &Node, ruled: &Ruled) -> bool {
        let event = self.event;
        for member in event.members_but(|field| !ruled.holds(field)) {
            if member.parent.is_none() {
                self.member(rules.member(member.key), member.key, member.value);
            }
        }
        self.finish()
    }

    /// Writes what is left of the record, if anything is hidden; whether it is.
    fn finish(self) -> bool {
        let Some(done) = self.done else { return false };
        self.into.push_str(self.event.json().get(done..).unwrap_or_default());
        true
    }

    fn member(&mut self, rules: Option<&Node>, key: Text<'a>, value: Value<'a>) {
        match rules {
            Some(rules) if rules.action == Some(Action::Drop) && value.kind() != Kind::Null => {
                self.drop_member(key, value);
            }
            Some(rules) => self.value(rules, value, ARRAYS),
            None => {}
        }
    }

    /// Takes out a member and one comma: the one before it; if all before it are taken out too, the
    /// one after it.
    fn drop_member(&mut self, key: Text<'a>, value: Value<'a>) {
        self.edits.forget();
        let start = self.start(key.escaped()).saturating_sub(1);
        let end = self.end(value.json());
        let json = self.event.json();
        let before = json.get(..start).unwrap_or_default().trim_end();
        if self.done == Some(start) || !before.ends_with(',') {
            let after = json.get(end..).unwrap_or_default();
            let next = after.trim_start().strip_prefix(',').map(str::trim_start);
            self.leave_out(start, next.map_or(end, |next| self.start(next)));
        } else {
            self.leave_out(before.len() - 1, end);
        }
    }

    fn value(&mut self, rules: &Node, value: Value<'a>, arrays: usize) {
        let kind = value.kind();
        match rules.action {
            _ if kind == Kind::Null => {}
            Some(Action::Hash) => self.hash(value),
            Some(Action::Mask | Action::Drop) => self.mask(value),
            None if !rules.leads_on() => {}
            None => self.inside(rules, value, kind, arrays),
        }
    }

    fn inside(&mut self, rules: &Node, value: Value<'a>, kind: Kind, arrays: usize) {
        match kind {
            Kind::Object => {
                value.members().for_each(|(key, value)| self.member(rules.member(key), key, value));
            }
            Kind::Array if arrays == 0 => self.mask(value),
            Kind::Array => value.elements().for_each(|it| self.value(rules, it, arrays - 1)),
            Kind::String if says_nothing(value) => {}
            Kind::String if rules.is_named || may_be_object(value) => self.mask(value),
            Kind::String | Kind::Number | Kind::Boolean | Kind::Null => {}
        }
    }

    fn hash(&mut self, value: Value<'a>) {
        let Some(key) = self.key else { return self.mask(value) };
        let hash = match value.text() {
            Some(text) => key.hash(&text.unescaped()),
            None => key.hash(value.json()),
        };
        self.replace(value, |into| {
            into.push_str("\"hmac-sha256:");
            hash.iter().for_each(|byte| _ = write!(into, "{byte:02x}"));
            into.push('"');
        });
    }

    fn mask(&mut self, value: Value<'a>) {
        self.replace(value, |into| into.push_str(MASK));
    }

    /// Puts the string that `write` appends in place of the value.
    fn replace(&mut self, value: Value<'a>, write: impl FnOnce(&mut String)) {
        let (start, from) = (self.start(value.json()), value.json().len());
        self.leave_out(start, start + from);
        let before = self.into.len();
        write(self.into);
        let to = self.into.len() - before;
        self.edits.note(value.kind(), Edit { start, from, to });
    }

    /// Writes the record up to `start`, and goes on at `end`.
    fn leave_out(&mut self, start: usize, end: usize) {
        let done = match self.done {
            Some(done) => done,
            None => {
                self.into.clear();
                0
            }
        };
        self.into.push_str(self.event.json().get(done..start).unwrap_or_default());
        self.done = Some(end.max(done));
    }

    /// Where a part of the record starts in it.
    fn start(&self, part: &str) -> usize {
        part.as_ptr().addr().saturating_sub(self.event.json().as_ptr().addr())
    }

    fn end(&self, part: &str) -> usize {
        self.start(part) + part.len()
    }
}

/// Whether it is a text without a character: nothing can be in it.
fn says_nothing(value: Value<'_>) -> bool {
    value.json() == "\"\""
}

/// Whether a string may hold an object as text: it has a brace, escaped or not.
fn may_be_object(value: Value<'_>) -> bool {
    value.text().is_some_and(|text| text.chars().any(|c| c == '{'))
}
