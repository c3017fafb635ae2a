//! Leaves of values that are taken apart, each with its path.

use super::says;
use std::ops::Range;
use trail_event::{Kind, Quoted, Text, Value};

/// A value to take apart.
pub(crate) trait Node<'r>: Copy {
    fn value(self) -> Value<'r>;
    fn members(self) -> impl Iterator<Item = (Text<'r>, Self)>;
    fn elements(self) -> impl Iterator<Item = Self>;
}

impl<'r> Node<'r> for Value<'r> {
    fn value(self) -> Self {
        self
    }

    fn members(self) -> impl Iterator<Item = (Text<'r>, Self)> {
        Value::members(self)
    }

    fn elements(self) -> impl Iterator<Item = Self> {
        Value::elements(self)
    }
}

/// Faster.
impl<'r> Node<'r> for Quoted<'r> {
    fn value(self) -> Value<'r> {
        Quoted::value(self)
    }

    fn members(self) -> impl Iterator<Item = (Text<'r>, Self)> {
        Quoted::members(self)
    }

    fn elements(self) -> impl Iterator<Item = Self> {
        Quoted::elements(self)
    }
}

/// Leaves by their paths. Memory is kept from one event to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Leaves {
    /// The path of the value at hand.
    path: Vec<u8>,
    /// The bytes of paths and values.
    bytes: Vec<u8>,
    leaves: Vec<Leaf>,
    /// Bytes that all paths and values may have.
    most: usize,
}

#[derive(Clone, Debug)]
struct Leaf {
    path: Range<usize>,
    value: Range<usize>,
}

/// Bytes of paths and values for each byte of the record. Paths repeat what stands once in the
/// record: without an end, long keys around many values would fill any memory.
const GROWTH: usize = 4;

/// Bytes kept from one event to the next.
const KEPT: usize = 64 * 1024;

/// The leaves of a value do not fit.
struct TooMuch;

impl Leaves {
    /// Forgets all of them; the next ones are of a record of this size.
    pub(crate) fn clear(&mut self, record: usize) {
        self.bytes.clear();
        self.bytes.shrink_to(KEPT);
        self.leaves.clear();
        self.leaves.shrink_to(KEPT / size_of::<Leaf>());
        self.most = record.saturating_mul(GROWTH);
    }

    /// Adds the leaves of the member `key` of the object at `parent`. If they are too much, it is
    /// one leaf: its JSON.
    pub(crate) fn add<'r>(&mut self, parent: &str, key: &str, node: impl Node<'r>) {
        let (leaves, bytes) = (self.leaves.len(), self.bytes.len());
        self.path.clear();
        self.path.extend_from_slice(parent.as_bytes());
        self.path.extend_from_slice(key.as_bytes());
        let depth = self.path.len();
        if let Err(TooMuch) = self.visit(node) {
            self.path.truncate(depth);
            self.leaves.truncate(leaves);
            self.bytes.truncate(bytes);
            let mut json = Vec::new();
            crate::escape::json_in_string(node.value().json(), &mut json);
            let text = json.get(1..json.len().saturating_sub(1)).unwrap_or_default();
            self.leaf(text);
        }
    }

    fn visit<'r>(&mut self, node: impl Node<'r>) -> Result<(), TooMuch> {
        let value = node.value();
        match value.kind() {
            Kind::Null => return Ok(()),
            Kind::String | Kind::Boolean | Kind::Number => self.leaf(says(value).as_bytes()),
            Kind::Object => {
                for (key, member) in node.members() {
                    self.below(&[".", key.escaped()], member)?;
                }
            }
            Kind::Array => {
                for element in node.elements() {
                    self.below(&["[]"], element)?;
                }
            }
        }
        if self.bytes.len() > self.most { Err(TooMuch) } else { Ok(()) }
    }

    fn below<'r>(&mut self, segment: &[&str], node: impl Node<'r>) -> Result<(), TooMuch> {
        let depth = self.path.len();
        segment.iter().for_each(|part| self.path.extend_from_slice(part.as_bytes()));
        let visited = self.visit(node);
        self.path.truncate(depth);
        visited
    }

    fn leaf(&mut self, value: &[u8]) {
        let before = self.leaves.last().map(|leaf| leaf.path.clone());
        let same = before.filter(|path| self.bytes.get(path.clone()) == Some(&self.path));
        let path = same.unwrap_or_else(|| append(&mut self.bytes, &self.path));
        let value = append(&mut self.bytes, value);
        self.leaves.push(Leaf { path, value });
    }

    /// Appends the leaves as members, those of one path together: `"path":"a,b",`.
    pub(crate) fn append(&mut self, line: &mut Vec<u8>) {
        let Self { bytes, leaves, .. } = self;
        let part = |range: &Range<usize>| bytes.get(range.clone()).unwrap_or_default();
        // Where the value stands says which came first.
        leaves.sort_unstable_by(|a, b| {
            part(&a.path).cmp(part(&b.path)).then(a.value.start.cmp(&b.value.start))
        });
        for group in leaves.chunk_by(|a, b| part(&a.path) == part(&b.path)) {
            let Some((first, others)) = group.split_first() else { continue };
            line.push(b'"');
            line.extend_from_slice(part(&first.path));
            line.extend_from_slice(b"\":\"");
            line.extend_from_slice(part(&first.value));
            for other in others {
                line.push(b',');
                line.extend_from_slice(part(&other.value));
            }
            line.extend_from_slice(b"\",");
        }
    }
}

/// Appends bytes; gives where they stand.
fn append(bytes: &mut Vec<u8>, more: &[u8]) -> Range<usize> {
    let start = bytes.len();
    bytes.extend_from_slice(more);
    start..bytes.len()
}
