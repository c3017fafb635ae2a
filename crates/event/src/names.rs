//! Which field a key is: one look into a table made at compile time.
//!
//! A record has some fifty keys, so each is recognised by two words of its bytes and no more.

use crate::field::Field;
use std::ops::Range;

/// Names as they come: CloudTrail writes the keys of an object in much the same order every time, so
/// the key that followed last time is tried first.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    /// For each [`Before`], what came after it.
    after: [u8; BYTES],
}

/// What came before a key: a field, or the beginning of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before(u8);

impl Before {
    /// The beginning of the object that `parent` is.
    #[inline]
    pub(crate) fn first_of(parent: Option<Field>) -> Self {
        Self(BEGINNINGS + number(parent))
    }
}

/// Values of a byte: arrays of so many are looked into without a check.
const BYTES: usize = 256;

/// Where beginnings of objects stand, behind the fields.
const BEGINNINGS: u8 = 128;

/// A field as it is recognised.
#[derive(Clone, Copy)]
struct Name {
    /// Its first bytes.
    head: u64,
    /// Its last bytes.
    tail: u64,
    length: usize,
    parent: u8,
    field: Field,
}

/// Slots of the table, four times as many as fields: few share one.
const SLOTS: usize = 512;

/// No field.
const NONE: u8 = u8::MAX;

/// Bytes of a word.
const WORD: usize = 8;

/// Places of fields: each in the slot of its key, or the next that is free.
static TABLE: [u8; SLOTS] = table();

static NAMES: [Name; BYTES] = names();

impl Names {
    pub(crate) const fn new() -> Self {
        Self { after: [NONE; BYTES] }
    }

    /// The field whose key stands there, if it is known in `parent`.
    #[inline(always)]
    pub(crate) fn field(
        &mut self,
        before: &mut Before,
        parent: Option<Field>,
        bytes: &[u8],
        key: Range<usize>,
    ) -> Option<Field> {
        let wanted = Key::of(parent, bytes, key);
        #[expect(clippy::indexing_slicing, reason = "a byte among as many as it has values")]
        let (guess, name) = {
            let guess = &mut self.after[usize::from(before.0)];
            let name = &NAMES[usize::from(*guess)];
            (guess, name)
        };
        let field = if wanted.is(name) {
            name.field
        } else {
            let found = wanted.look_up()?;
            *guess = found.as_byte();
            found
        };
        *before = Before(field.as_byte());
        Some(field)
    }
}

/// A key as it is recognised.
struct Key<'b> {
    bytes: &'b [u8],
    end: usize,
    length: usize,
    parent: u8,
    head: u64,
}

impl<'b> Key<'b> {
    #[inline(always)]
    fn of(parent: Option<Field>, bytes: &'b [u8], key: Range<usize>) -> Self {
        let length = key.len();
        let head = head(bytes, key.start, length);
        Self { bytes, end: key.end, length, parent: number(parent), head }
    }

    #[inline(always)]
    fn is(&self, name: &Name) -> bool {
        self.head == name.head
            && self.length == name.length
            && self.parent == name.parent
            && (self.length <= WORD || self.ends_as(name))
    }

    #[inline]
    fn ends_as(&self, name: &Name) -> bool {
        let middle = || {
            let key =
                self.end.checked_sub(self.length).and_then(|start| self.bytes.get(start..self.end));
            key == Some(name.field.key().as_bytes())
        };
        tail(self.bytes, self.end) == name.tail && (self.length <= 2 * WORD || middle())
    }

    #[inline]
    fn look_up(&self) -> Option<Field> {
        let mut slot = slot(self.parent, self.length, self.head);
        loop {
            let place = *TABLE.get(slot)?;
            if place == NONE {
                return None;
            }
            let name = NAMES.get(usize::from(place))?;
            if self.is(name) {
                return Some(name.field);
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}

/// The first bytes of a key, as many as there are; more bytes of the record follow it.
#[inline]
fn head(bytes: &[u8], start: usize, length: usize) -> u64 {
    let rest = bytes.get(start..).unwrap_or_default();
    let word =
        rest.first_chunk::<WORD>().map_or_else(|| padded(rest), |word| u64::from_le_bytes(*word));
    if length < WORD { word & ((1 << (8 * length)) - 1) } else { word }
}

#[cold]
fn padded(rest: &[u8]) -> u64 {
    rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

#[inline]
fn tail(bytes: &[u8], end: usize) -> u64 {
    let before = bytes.get(..end).and_then(<[u8]>::last_chunk::<WORD>);
    before.map_or(0, |word| u64::from_le_bytes(*word))
}

/// A field as a parent; the record itself is 0.
#[inline(always)]
const fn number(parent: Option<Field>) -> u8 {
    match parent {
        Some(parent) => parent.as_byte() + 1,
        None => 0,
    }
}

#[inline]
const fn slot(parent: u8, length: usize, head: u64) -> usize {
    let mixed = head ^ (length as u64) << 56 ^ (parent as u64) << 40;
    (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as usize % SLOTS
}

#[expect(clippy::indexing_slicing, reason = "at compile time")]
const fn table() -> [u8; SLOTS] {
    assert!(Field::COUNT < BEGINNINGS as usize, "fields and beginnings fit in a byte");
    let mut table = [NONE; SLOTS];
    let mut place = 0;
    while place < Field::COUNT {
        let name = name(Field::ALL[place]);
        let mut at = slot(name.parent, name.length, name.head);
        while table[at] != NONE {
            at = (at + 1) % SLOTS;
        }
        table[at] = name.field.as_byte();
        place += 1;
    }
    table
}

#[expect(clippy::indexing_slicing, reason = "at compile time")]
const fn names() -> [Name; BYTES] {
    let nobody = Name { parent: NONE, ..name(Field::EventVersion) };
    let mut names = [nobody; BYTES];
    let mut place = 0;
    while place < Field::COUNT {
        names[place] = name(Field::ALL[place]);
        place += 1;
    }
    names
}

#[expect(clippy::indexing_slicing, reason = "at compile time")]
const fn name(field: Field) -> Name {
    let key = field.key().as_bytes();
    let (mut head, mut tail, mut at) = (0, 0, 0);
    while at < WORD && at < key.len() {
        head |= (key[at] as u64) << (8 * at);
        if key.len() > WORD {
            tail |= (key[key.len() - WORD + at] as u64) << (8 * at);
        }
        at += 1;
    }
    Name { head, tail, length: key.len(), parent: number(field.parent()), field }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(parent: Option<Field>, key: &str) -> Option<Field> {
        let mut names = Names::new();
        let mut field = |bytes: &str, place: Range<usize>| {
            names.field(&mut Before::first_of(parent), parent, bytes.as_bytes(), place)
        };
        let alone = field(key, 0..key.len());
        let quoted = format!("{{\"{key}\":\"some value\"}}");
        assert_eq!(alone, field(&quoted, 2..key.len() + 2), "{key}");
        assert_eq!(None, field("{\"other\":1}", 2..7), "after {key}");
        assert_eq!(alone, field(key, 0..key.len()), "{key} as guessed");
        alone
    }

    #[test]
    fn every_field_is_known_by_its_key_in_its_parent_alone() {
        for field in Field::ALL {
            assert_eq!(find(field.parent(), field.key()), Some(field));
            assert_eq!(find(Some(Field::EventTime), field.key()), None, "{field}");
        }
    }

    #[test]
    fn other_keys_are_unknown() {
        let others = [
            "",
            "e",
            "eventNam",
            "eventName2",
            "eventname",
            "eventVersioN",
            "eventVersiom",
            "additionalXXentData",
            "sessionCredentialFromCons0le",
            "vpcEndpointAccountID",
        ];
        for key in others {
            assert_eq!(find(None, key), None, "{key}");
        }
    }
}
