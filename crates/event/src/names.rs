//! Which field a key is: one look into a table made at compile time.
//!
//! A record has some fifty keys, so each is recognised by a few words of its bytes and no more.

use crate::field::{Field, Shape};
use std::ops::Range;

/// Names as they come: CloudTrail writes the keys of an object in much the same order every time, so
/// the key that followed last time is tried first.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    /// For each [`Before`], what came after it: a field of the same object.
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
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    /// Its first bytes.
    head: u128,
    /// Where `head` has any.
    mask: u128,
    /// Its last bytes, if it has more than a word.
    tail: u128,
    length: usize,
    pub(crate) field: Field,
    pub(crate) shape: Shape,
    parent: u8,
}

/// Slots of the table, four times as many as fields: few share one.
const SLOTS: usize = 512;

/// No field.
const NONE: u8 = u8::MAX;

/// Bytes of a word.
const WORD: usize = 16;

/// Keys have at most two words: the first and the last tell all of their bytes.
const LONGEST: usize = 2 * WORD;

/// Places of fields: each in the slot of its key, or the next that is free.
static TABLE: [u8; SLOTS] = table();

static NAMES: [Name; BYTES] = names();

/// For each length the bits of a word that so many bytes have.
static MASKS: [u128; WORD + 1] = {
    let mut masks = [u128::MAX; WORD + 1];
    let mut length = 0;
    while length < WORD {
        #[expect(clippy::indexing_slicing, reason = "at compile time")]
        {
            masks[length] = (1 << (8 * length)) - 1;
        }
        length += 1;
    }
    masks
};

impl Names {
    pub(crate) const fn new() -> Self {
        Self { after: [NONE; BYTES] }
    }

    /// The field whose key this is, if it is known in `parent`; it comes after `before`.
    #[inline(always)]
    pub(crate) fn field(
        &mut self,
        before: &mut Before,
        parent: Option<Field>,
        key: Key<'_>,
    ) -> Option<&'static Name> {
        #[expect(clippy::indexing_slicing, reason = "a byte among as many as it has values")]
        let (guess, mut name) = {
            let guess = &mut self.after[usize::from(before.0)];
            let name = &NAMES[usize::from(*guess)];
            (guess, name)
        };
        if !key.is(name) {
            name = key.look_up(parent)?;
            *guess = name.field.as_byte();
        }
        *before = Before(name.field.as_byte());
        Some(name)
    }
}

/// A key as it is recognised.
#[derive(Clone, Copy)]
pub(crate) struct Key<'b> {
    /// The record.
    bytes: &'b [u8],
    end: usize,
    length: usize,
    /// The first bytes, and what follows them in the record.
    head: u128,
}

impl<'b> Key<'b> {
    /// The key that stands there in the record.
    #[inline(always)]
    pub(crate) fn of(bytes: &'b [u8], key: &Range<usize>) -> Self {
        let word = bytes.get(key.start..key.start + WORD).and_then(<[u8]>::first_chunk);
        let head = match word {
            Some(word) => u128::from_le_bytes(*word),
            None => padded(bytes, key.start),
        };
        // Where quotes are wrong, a key may end before it starts: no name is as long as it is then.
        Self { bytes, end: key.end, length: key.end.wrapping_sub(key.start), head }
    }

    /// Whether it is the key of `name`, whatever the object.
    #[inline(always)]
    fn is(&self, name: &Name) -> bool {
        self.head & name.mask == name.head
            && self.length == name.length
            && (self.length <= WORD || tail(self.bytes, self.end) == name.tail)
    }

    /// Its first bytes alone.
    #[inline]
    fn masked(&self) -> u128 {
        self.head & MASKS.get(self.length).copied().unwrap_or(u128::MAX)
    }

    #[inline(always)]
    fn look_up(self, parent: Option<Field>) -> Option<&'static Name> {
        let mut slot = slot(hash(parent, self.length, self.masked()));
        loop {
            let place = *TABLE.get(slot)?;
            if place == NONE {
                return None;
            }
            let name = NAMES.get(usize::from(place))?;
            if name.parent == number(parent) && self.is(name) {
                return Some(name);
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// A number that is the same for the same key in the same object.
    #[inline]
    pub(crate) fn hash(&self, parent: Field) -> u64 {
        hash(Some(parent), self.length, self.masked())
    }

    /// Whether it is written with escapes.
    #[inline]
    pub(crate) fn is_escaped(&self) -> bool {
        if self.length > WORD {
            let key = self.end.checked_sub(self.length).and_then(|at| self.bytes.get(at..self.end));
            return key.is_some_and(|key| memchr::memchr(b'\\', key).is_some());
        }
        // Zero bytes of a word (Hacker's Delight, 6-1): those that are a backslash in the key.
        const EACH_BYTE: u128 = u128::MAX / 0xff;
        let zero = self.masked() ^ (EACH_BYTE * b'\\' as u128);
        zero.wrapping_sub(EACH_BYTE) & !zero & (EACH_BYTE << 7) != 0
    }
}

/// The last bytes of a record, and nothing behind them.
#[cold]
fn padded(bytes: &[u8], start: usize) -> u128 {
    let rest = bytes.get(start..).unwrap_or_default();
    rest.iter().rev().fold(0, |word, byte| word << 8 | u128::from(*byte))
}

#[inline]
fn tail(bytes: &[u8], end: usize) -> u128 {
    let before = bytes.get(..end).and_then(<[u8]>::last_chunk);
    before.map_or(0, |word| u128::from_le_bytes(*word))
}

/// A field as a parent; the record itself is 0.
#[inline(always)]
const fn number(parent: Option<Field>) -> u8 {
    match parent {
        Some(parent) => parent.as_byte() + 1,
        None => 0,
    }
}

/// Of the first bytes half are enough to tell most keys apart.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "half of the bytes are meant")]
const fn hash(parent: Option<Field>, length: usize, head: u128) -> u64 {
    let mixed = head as u64 ^ (length as u64) << 56 ^ (number(parent) as u64) << 40;
    mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[inline]
const fn slot(hash: u64) -> usize {
    (hash >> 48) as usize % SLOTS
}

#[expect(clippy::indexing_slicing, reason = "at compile time")]
const fn table() -> [u8; SLOTS] {
    assert!(Field::COUNT < BEGINNINGS as usize, "fields and beginnings fit in a byte");
    let mut table = [NONE; SLOTS];
    let mut place = 0;
    while place < Field::COUNT {
        let name = name(Field::ALL[place]);
        let mut at = slot(hash(name.field.parent(), name.length, name.head));
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
    // Of a length that no key has.
    let nobody = Name { length: usize::MAX, parent: NONE, ..name(Field::EventVersion) };
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
    assert!(key.len() <= LONGEST, "the first and the last word tell all of a key");
    let (mut head, mut mask, mut tail, mut at) = (0, 0, 0, 0);
    while at < WORD && at < key.len() {
        head |= (key[at] as u128) << (8 * at);
        mask |= 0xff << (8 * at);
        if key.len() > WORD {
            tail |= (key[key.len() - WORD + at] as u128) << (8 * at);
        }
        at += 1;
    }
    let parent = number(field.parent());
    Name { head, mask, tail, length: key.len(), field, shape: field.shape(), parent }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(parent: Option<Field>, key: &str) -> Option<Field> {
        let mut names = Names::new();
        let mut field = |bytes: &str, place: Range<usize>| {
            let key = Key::of(bytes.as_bytes(), &place);
            names.field(&mut Before::first_of(parent), parent, key).map(|name| name.field)
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
